import type {
  Simulator,
  SimulatorServer,
} from "../../../lib/clienttether/simulator/mod.ts";
import { LEASE_MS } from "../../../lib/store/lease.ts";
import { syncTenant } from "../../../lib/sync/mod.ts";
import { HOUR } from "../../_clock.ts";
import type { Dump } from "../../_dump.ts";
import {
  createRig,
  type SyncRig,
  TEST_ACCESS_TOKEN,
  TEST_WEB_KEY,
} from "../../_sync.ts";
import { Database } from "./_database.ts";
import type { ChildPlan } from "./_plan.ts";

/** The tenant whose sync is killed. Another one, Birch, stands in the same file. */
export const ACME = "acme";
const BIRCH_KEY = "birch-web-key";
const START = Date.parse("2026-03-11T15:00:00.000Z");

export interface ScenarioOptions {
  /** Whether both brands were synced before and have lived on since. */
  later: boolean;
  /** Whether the sync reads everything whole, as once a day. */
  full: boolean;
  /** When the story begins, epoch milliseconds. */
  start?: number;
}

/** A prepared database with its upstream, and how it stands after one whole sync. */
export class Scenario implements AsyncDisposable {
  #copies = 0;
  /** How the tenant stands after one sync that nothing has interrupted. */
  expected: Dump = {};
  /** The same of a sync that reads everything whole, as one does that finds another interrupted. */
  expectedWhole: Dump = {};
  /** The figures before. */
  viewsBefore: Dump = {};
  /** Every row of the tenant before, with its version. */
  ownBefore: string[] = [];
  /** Every row that is not the tenant's, with its version. */
  others: string[] = [];

  private constructor(
    readonly full: boolean,
    readonly birch: string,
    private readonly dir: string,
    readonly simulator: Simulator,
    readonly server: SimulatorServer,
    /** When the sync that is interrupted runs, epoch milliseconds. */
    readonly now: number,
  ) {}

  static async create(
    { later, full, start = START }: ScenarioOptions,
  ): Promise<Scenario> {
    const dir = await Deno.makeTempDir();
    const rig = await createRig({
      path: `${dir}/prepared`,
      now: new Date(start).toISOString(),
      tenant: { id: ACME },
      brand: { leads: 15 },
      more: { [BIRCH_KEY]: { leads: 5 } },
    });
    const birch = await rig.addTenant("Birch", BIRCH_KEY);
    await syncTenant(rig.deps, birch.id);
    putLargeNotes(rig, 1);
    if (later) {
      await rig.sync();
      liveOn(rig);
    }
    rig.dispose();
    const { simulator, clock } = rig;
    const scenario = new Scenario(
      full,
      birch.id,
      dir,
      simulator,
      simulator.serve(),
      clock.now(),
    );
    await scenario.#findExpected();
    return scenario;
  }

  /** Long enough after the interrupted sync for its lease to have passed. */
  get afterLease(): number {
    return this.now + LEASE_MS;
  }

  async #findExpected(): Promise<void> {
    await using twin = await this.open(await this.copy());
    this.viewsBefore = await twin.views();
    this.ownBefore = await twin.own();
    this.others = await twin.others();
    await twin.sync(this.afterLease);
    this.expected = await twin.dump();
    await using whole = await this.open(await this.copy());
    await whole.sync(this.afterLease, { full: true });
    this.expectedWhole = await whole.dump();
  }

  /** A copy of the prepared database. Answers its path. */
  async copy(): Promise<string> {
    const path = `${this.dir}/copy${++this.#copies}`;
    await Deno.copyFile(`${this.dir}/prepared`, path);
    return path;
  }

  /** Removes a copy and what SQLite keeps beside it. */
  async remove(path: string): Promise<void> {
    for (const part of ["", "-wal", "-shm"]) {
      await Deno.remove(path + part).catch(() => {});
    }
  }

  open(path: string): Promise<Database> {
    return Database.open(path, this);
  }

  /** What a child needs to know to sync the tenant in the file. */
  plan(path: string, plan: Partial<ChildPlan> = {}): ChildPlan {
    return {
      path,
      tenantIds: [ACME],
      api: this.server.url,
      webKeys: { [ACME]: TEST_WEB_KEY, [this.birch]: BIRCH_KEY },
      accessToken: TEST_ACCESS_TOKEN,
      now: this.now,
      full: this.full,
      ...plan,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.shutdown();
    await Deno.remove(this.dir, { recursive: true });
  }
}

/** Letters that hardly pack: a raw chunk of them has more parts than one commit takes. */
function thickText(length: number, seed: number): string {
  const units = new Uint16Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    units[i] = 0x4e00 + (state >>> 8) % 0x5000;
  }
  return new TextDecoder("utf-16le").decode(units);
}

/** Notes with parts of their own, and more notes than one batch of records holds. */
function putLargeNotes(
  { simulator }: Pick<SyncRig, "simulator">,
  seed: number,
) {
  const brand = simulator.brand(TEST_WEB_KEY);
  for (let n = 0; n < 8; n++) {
    const content = thickText(36_000, seed + n);
    brand.putNote({ id: `thick${n}`, contact_id: "7", content });
  }
  for (let n = 0; n < 60; n++) {
    brand.putNote({ id: `long${n}`, content: `${seed} long `.repeat(1_500) });
  }
}

/** What happens upstream between two syncs: something in every list, and records that go. */
function liveOn({ simulator, clock }: SyncRig): void {
  simulator.advance(6);
  clock.advance(6 * HOUR);
  const brand = simulator.brand(TEST_WEB_KEY);
  const cycle = brand.rows("cycles").at(-1)!;
  brand.putCycle({ ...cycle, likelihood_to_close: "33" });
  const [gone, renamed] = brand.rows("leads");
  brand.removeLead(String(gone!.client_id));
  brand.putLead({ ...renamed!, firstName: "Renamed" });
  const [deal, moved] = brand.rows("opportunities");
  brand.putOpportunity({ ...deal!, deal_size: "123456" });
  brand.putOpportunity({ ...moved!, contact_sales_cycle: "FA Sent" });
  putLargeNotes({ simulator }, 100);
  brand.removeNote("thick3");
  brand.putNote({ id: "thick4", content: "short by now" });
}
