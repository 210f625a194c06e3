import { expect } from "@std/expect";
import type {
  BrandConfig,
  Fault,
  SimulatedBrand,
  SimulatorServer,
} from "../../../lib/clienttether/simulator/mod.ts";
import type { StreamName } from "../../../lib/domain/mod.ts";
import type { TenantPatch } from "../../../lib/store/mod.ts";
import {
  type SyncOptions,
  type SyncReport,
  syncTenant,
} from "../../../lib/sync/mod.ts";
import { assertSound } from "../../_checker.ts";
import { HOUR } from "../../_clock.ts";
import { allRows, differences } from "../../_dump.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../../_sync.ts";
import { assertCounts } from "./_expect.ts";
import {
  quarantineOf,
  type QuarantineRow,
  rowsOfStream,
  type Served,
  servedBy,
  type StreamRows,
} from "./_served.ts";
import { expectUpstream, stateOf } from "./_state.ts";
import { watchWaits } from "./_time.ts";

/** The tenant that meets the faults, in both stores. */
export const TENANT = "acme";
const OTHER_KEY = "other-web-key";

/** Two pages of leads and of notes: enough for lists that move while they are read. */
const BRAND = { leads: 130, opportunities: 40, notes: 120, activities: 30 };

/** One page of everything, for tests that need many twins. */
export const SMALL = { leads: 24, opportunities: 12, notes: 20, activities: 8 };

/**
 * Keys that honestly remember a fault: that a run failed and when, and what raw records it was given.
 * Everything else must end as if there had been none.
 */
const REMEMBERED = ["sync_runs", "ct_raw_snapshots", "ct_raw_chunks"];

/** Who signs in meanwhile is no matter of a sync; neither is an operator's change of the tenant. */
const OF_PEOPLE: ReadonlySet<unknown> = new Set([
  "users",
  "users_by_email",
  "memberships",
  "memberships_by_tenant",
  "sessions",
  "sessions_by_user",
  "tenants",
]);

export interface TwinsOptions {
  brand?: Partial<BrandConfig>;
  tenant?: TenantPatch;
  now?: string;
  /** What is upstream before the first sync, in both brands. */
  prepare?: (brand: SimulatedBrand) => void;
  /** What happens upstream between the first sync and the fault, in both brands; unless told, {@linkcode liveOn}. */
  change?: (brand: SimulatedBrand) => void;
  /** Requests go over a real connection. */
  http?: boolean;
  /** Stands between the sync that meets the fault and the simulator. */
  fetch?: RigOptions["fetch"];
}

/** The server that requests go to over HTTP. */
interface Line {
  server: SimulatorServer | null;
}

/** What one sync under a fault did. */
export interface Seen {
  report: SyncReport;
  before: Served;
  after: Served;
  /** Rows of a stream, before and after. */
  rows(stream: StreamName): { before: StreamRows; after: StreamRows };
  quarantine: QuarantineRow[];
  /** Milliseconds that the sync waited, each time. */
  waits: number[];
  /** Requests for a stream. */
  asked(stream: StreamName): number;
}

/**
 * Two stores that read from equal brands at equal times. One meets the faults, the other never does; each has a
 * second tenant that nothing may touch. Both are synced once, then life goes on upstream, the same for both.
 */
export class Twins implements AsyncDisposable {
  #others: unknown;

  private constructor(
    /** The one that meets the faults. */
    readonly faulted: SyncRig,
    /** The one that meets none. */
    readonly spared: SyncRig,
    private readonly line: Line,
  ) {}

  static async create(options: TwinsOptions = {}): Promise<Twins> {
    const line: Line = { server: null };
    const overHttp: RigOptions["fetch"] = () => (url, init) =>
      fetch(new URL(url.pathname + url.search, line.server!.url), init);
    const fetchOf = options.http ? overHttp : options.fetch;
    const faulted = await rigOf(options, fetchOf ? { fetch: fetchOf } : {});
    if (options.http) line.server = faulted.simulator.serve();
    const spared = await rigOf(options);
    const twins = new Twins(faulted, spared, line);
    const other = await faulted.addTenant("Other Brand", OTHER_KEY);
    expect((await syncTenant(faulted.deps, other.id)).status).toBe("success");
    for (const rig of [faulted, spared]) {
      options.prepare?.(brandOf(rig));
      expect((await rig.sync()).status).toBe("success");
      rig.clock.advance(6 * HOUR);
      (options.change ?? (() => liveOn(rig)))(brandOf(rig));
    }
    twins.#others = await twins.#otherRows();
    expect((await spared.sync()).status).toBe("success");
    return twins;
  }

  /** The brand that meets the faults. */
  get brand(): SimulatedBrand {
    return brandOf(this.faulted);
  }

  /** The brand that meets none. */
  get sparedBrand(): SimulatedBrand {
    return brandOf(this.spared);
  }

  /** An hour passes, then one sync under these faults. */
  async under(faults: Fault | Fault[], options?: SyncOptions): Promise<Seen> {
    const { simulator } = this.faulted;
    for (const fault of [faults].flat()) simulator.faults.add(fault);
    try {
      return await this.watch(() => this.faulted.sync(options));
    } finally {
      simulator.faults.clear();
    }
  }

  /** An hour passes, then `sync`, and what it did. */
  async watch(sync: () => Promise<SyncReport>): Promise<Seen> {
    const { faulted: rig } = this;
    rig.clock.advance(HOUR);
    const now = rig.clock.now();
    const before = await servedBy(rig, now);
    const rowsBefore = await rowsOfStream(rig);
    using waits = watchWaits(rig);
    rig.simulator.requests.reset();
    const report = await sync();
    assertCounts(report);
    const rowsAfter = await rowsOfStream(rig);
    const name = "Test Brand";
    const counts = new Map(
      Object.keys(report.streams).map((stream) => [
        stream,
        rig.simulator.requests.count({
          brand: name,
          stream: stream as StreamName,
        }),
      ]),
    );
    return {
      report,
      before,
      after: await servedBy(rig, now),
      rows: (stream) => ({
        before: rowsBefore(stream),
        after: rowsAfter(stream),
      }),
      quarantine: await quarantineOf(rig),
      waits: waits.list,
      asked: (stream) => counts.get(stream) ?? 0,
    };
  }

  /**
   * The faults are over: after one clean sync each, both stores are equal, key for key and value for value,
   * every index is sound, and nothing outside the tenant was ever touched.
   *
   * @param more first parts of further keys that remember this fault; the test says why
   */
  async heal(...more: string[]): Promise<void> {
    const { faulted, spared } = this;
    faulted.simulator.faults.clear();
    const now = Math.max(faulted.clock.now(), spared.clock.now()) + HOUR;
    for (const rig of [faulted, spared]) {
      rig.clock.set(new Date(now).toISOString());
      expect(await rig.sync({ full: true })).toMatchObject({
        status: "success",
        errorMessage: null,
      });
    }
    const leaveOut = [...REMEMBERED, ...more];
    const lived = await stateOf(faulted, leaveOut);
    const never = await stateOf(spared, leaveOut);
    expect(differences(lived, never)).toEqual([]);
    await this.expectOthersUntouched();
    for (const rig of [faulted, spared]) {
      await assertSound(rig.kv, TENANT);
      await expectUpstream(rig, brandOf(rig));
    }
  }

  /** Nothing outside the tenant was written, not even with the same value. */
  async expectOthersUntouched(): Promise<void> {
    expect(await this.#otherRows()).toEqual(this.#others);
  }

  /** Stops listening: later connections are refused. */
  async hangUp(): Promise<void> {
    await this.line.server?.shutdown();
  }

  /** Listens again, on another port. */
  pickUp(): void {
    this.line.server = this.faulted.simulator.serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
    this.faulted.dispose();
    this.spared.dispose();
  }

  async #otherRows(): Promise<unknown[]> {
    const rows = await allRows(this.faulted.kv);
    return rows.filter(({ key }) =>
      !(key[0] === "t" && key[1] === TENANT) && !OF_PEOPLE.has(key[0])
    );
  }
}

/** Life upstream between two syncs: hours pass, and records of every stream come, change and go. */
export function liveOn({ simulator }: SyncRig): void {
  simulator.advance(6);
  const brand = simulator.brand(TEST_WEB_KEY);
  const [gone, edited] = brand.rows("leads");
  const [lost, moved] = brand.rows("opportunities");
  brand.removeLead(String(gone!.client_id));
  brand.putLead({ ...edited, firstName: "Edited", clients_lead_source: "New" });
  brand.putLead({
    client_id: "new",
    firstName: "Robin",
    created: "2026-03-11",
  });
  brand.removeOpportunity(String(lost!.opportunity_id));
  brand.putOpportunity({ ...moved, contact_sales_cycle: "Deal Structure" });
  brand.putNote({ id: "new", date: "2026-03-11 11:00:00", content: "New" });
  brand.putActivity({
    id: "new",
    type: "Call",
    scheduled_at: "2026-03-20 10:00:00",
  });
  brand.putCycle({
    sales_cycle_id: "new",
    sales_cycle_name: "New stage",
    description: LONG,
  });
}

/** Too much for a manifest even when it is packed: its raw text has a row of its own, that of the others has none. */
const LONG = Array.from({ length: 200 }, (_, n) => Math.sin(n).toString(36))
  .join(" ");

function brandOf({ simulator }: SyncRig): SimulatedBrand {
  return simulator.brand(TEST_WEB_KEY);
}

function rigOf(
  { brand, tenant, now }: TwinsOptions,
  more: Pick<RigOptions, "fetch"> = {},
): Promise<SyncRig> {
  return createRig({
    brand: { ...BRAND, ...brand },
    tenant: { ...tenant, id: TENANT },
    more: { [OTHER_KEY]: { leads: 5 } },
    // Early in the tenant's day: a day that ends under a fault keeps its figures of then.
    now: now ?? "2026-03-11T10:00:00.000Z",
    ...more,
  });
}
