import type { Simulator } from "../lib/clienttether/simulator/mod.ts";
import type { DrillDisk } from "./_drill_disk.ts";
import { DrilledPortal, portalCommand } from "./_drill_portal.ts";
import { print } from "./_io.ts";

export const SLUG = "drill";
export const WEB_KEY = "drill-web-key";
/** New leads, and edited ones, before a step. */
const CHANGES = 20;
const CLIENTS = 4;
const PAGES = ["dashboard", "leads", "pipeline", "hot-list", "notes"];

/** Everything that the steps of the drill share. */
export class Drill {
  #failures = 0;
  /** Ids of the leads that are new since the first sync. */
  readonly added: string[] = [];
  portal!: DrilledPortal;
  session = "";

  constructor(
    readonly disk: DrillDisk,
    readonly env: Record<string, string>,
    readonly simulator: Simulator,
  ) {}

  get database(): string {
    return this.env.DENO_KV_PATH!;
  }

  get backup(): string {
    return `${this.disk.dir}/backup.jsonl.gz`;
  }

  get failures(): number {
    return this.#failures;
  }

  found(ok: boolean, what: string): void {
    if (!ok) this.#failures++;
    print(`  ${ok ? "ok  " : "FAIL"}  ${what}`);
  }

  async command(...args: string[]): Promise<string> {
    const { code, text } = await portalCommand(this.env, ...args);
    if (code !== 0) {
      this.found(false, `portal ${args.join(" ")}: ${text.split("\n").at(-1)}`);
    }
    return text;
  }

  async start(): Promise<void> {
    this.portal = await DrilledPortal.start(this.env, this.session);
  }

  /** The CRM goes on: leads are edited, and some are new. */
  crmGoesOn(): void {
    const brand = this.simulator.brand(WEB_KEY);
    for (const row of brand.rows("leads").slice(0, CHANGES)) {
      const id = String(990_000_000 + this.added.length);
      this.added.push(id);
      brand.putLead({ ...row, client_id: id, id });
      brand.putLead({ ...row, phone: `555 ${id}` });
    }
  }

  async leads(): Promise<number> {
    const { text } = await this.portal.ask(`/api/dashboard/leads?w=${SLUG}`);
    return Number(/"totalLeads":(\d+)/.exec(text)?.[1] ?? NaN);
  }

  /** People who read every page a few times; answers how many answers were not 200. */
  async load(rounds: number): Promise<number> {
    let wrong = 0;
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
      for (let n = 0; n < rounds; n++) {
        for (const page of PAGES) {
          const ok = await this.portal.ask(`/${page}?w=${SLUG}`)
            .then(({ code }) => code === 200, () => false);
          if (!ok) wrong++;
        }
      }
    }));
    return wrong;
  }

  /** How many of these leads have no page. */
  async missing(ids: readonly string[]): Promise<number> {
    let missing = 0;
    for (const id of ids) {
      const { code } = await this.portal.ask(`/leads/${id}?w=${SLUG}`);
      if (code !== 200) missing++;
    }
    return missing;
  }

  /** Nothing is lost and every figure follows from raw. */
  async whole(atLeast: number): Promise<void> {
    const leads = await this.leads();
    this.found(leads >= atLeast, `${leads} leads, ${atLeast} before`);
    this.found(
      await this.missing(this.added) === 0,
      `all ${this.added.length} leads that came since the first sync are there`,
    );
    const deep = await portalCommand(this.env, "doctor", "--deep");
    this.found(deep.code === 0, "doctor --deep finds everything whole");
    const replay = ["replay", "--tenant", SLUG, "--check"];
    const { code } = await portalCommand(this.env, ...replay);
    this.found(
      code === 0,
      "replay --check: records and figures follow from raw",
    );
  }

  async sync(): Promise<boolean> {
    const args = ["sync", "--tenant", SLUG];
    return (await portalCommand(this.env, ...args)).code === 0;
  }
}
