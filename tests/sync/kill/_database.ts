import {
  type StreamName,
  STREAMS,
  type SyncRun,
} from "../../../lib/domain/mod.ts";
import type { LeaseValue } from "../../../lib/store/lease.ts";
import {
  openStore,
  type RawManifest,
  type Store,
} from "../../../lib/store/mod.ts";
import {
  replayTenant,
  type SyncDeps,
  type SyncReport,
  syncTenant,
  verifyTenant,
} from "../../../lib/sync/mod.ts";
import { findFlaws } from "../../_checker.ts";
import { TestClock } from "../../_clock.ts";
import {
  allRows,
  differences,
  type Dump,
  dump,
  tenantRows,
} from "../../_dump.ts";
import { openKeys } from "../../_sync.ts";
import { ACME, type Scenario } from "./_scenario.ts";

/** Figures that dashboards show. */
const VIEWS = ["lead_metrics", "pipeline_stage_counts", "kpis"];

/** Rows of the records themselves. */
const ROWS: Record<StreamName, string> = {
  cycles: "sales_cycles",
  leads: "leads",
  opportunities: "opportunities",
  notes: "ct_notes",
  activities: "ct_scheduled_activities",
};

/** A copy of a scenario's database, opened by this process when the other one is gone. */
export class Database implements AsyncDisposable {
  private constructor(
    private readonly scenario: Scenario,
    readonly store: Store,
    readonly kv: Deno.Kv,
  ) {}

  static async open(path: string, scenario: Scenario): Promise<Database> {
    const kv = await Deno.openKv(path);
    return new Database(scenario, await openStore({ kv }), kv);
  }

  /** One sync of the tenant, of the scenario's kind, at a time of one's choosing (epoch milliseconds). */
  sync(
    now: number,
    { full = this.scenario.full }: { full?: boolean } = {},
  ): Promise<SyncReport> {
    const { simulator } = this.scenario;
    const deps: SyncDeps = {
      store: this.store,
      clock: new TestClock(now),
      fetch: (url, init) => simulator.fetch(url, init),
      openKeys,
      baseUrl: "http://127.0.0.1:1",
      maxRps: 0,
    };
    return syncTenant(deps, ACME, { full });
  }

  /** The tenant's rows, comparable. */
  dump(): Promise<Dump> {
    return dump(this.kv, ACME);
  }

  /** How the rows differ from others. What the interrupted run has kept of raw stays: its manifest names it. */
  async differences(expected: Dump): Promise<string[]> {
    const named = await this.#namedChunks();
    return differences(await this.dump(), expected).filter((difference) =>
      !named.has(difference.replace(/^- /, ""))
    );
  }

  /** Keys of raw chunks, as a dump writes them, that manifests name. */
  async #namedChunks(): Promise<Set<string>> {
    const prefix = ["t", ACME, "ct_raw_snapshots"];
    const manifests = this.kv.list<RawManifest>({ prefix });
    const keys = new Set<string>();
    for await (const { value: { streams } } of manifests) {
      for (
        const { sha256, parts } of Object.values(streams).flatMap((one) =>
          one.chunks
        )
      ) {
        for (let n = 0; n < parts; n++) {
          keys.add(`ct_raw_chunks / ${sha256} / ${n}`);
        }
      }
    }
    return keys;
  }

  /**
   * What is wrong with the tenant's rows. Parts of a large note are written before the note that names them: where
   * the sync was `interrupted` in between, they wait for the next one.
   */
  async flaws({ interrupted }: { interrupted: boolean }): Promise<string[]> {
    return (await findFlaws(this.kv, ACME)).filter((flaw) =>
      !(interrupted && /^ct_note_bodies: .* belongs to no record$/.test(flaw))
    );
  }

  /** Streams of which a record has changed since `before` (see `own`) while no manifest of a later run names them. */
  async withoutRaw(before: readonly string[], now: number): Promise<string[]> {
    const known = new Set(before);
    const changed = (await this.own()).filter((row) => !known.has(row));
    const named = new Set(await this.#streamsInRawSince(now));
    return STREAMS.filter((stream) =>
      !named.has(stream) &&
      changed.some((row) => row.startsWith(`t / ${ACME} / ${ROWS[stream]} / `))
    );
  }

  async #streamsInRawSince(now: number): Promise<string[]> {
    const start = ["t", ACME, "ct_raw_snapshots", new Date(now).toISOString()];
    const end = ["t", ACME, "ct_raw_snapshots\0"];
    const manifests = await Array.fromAsync(
      this.kv.list<RawManifest>({ start, end }),
    );
    return manifests.flatMap(({ value }) => Object.keys(value.streams));
  }

  /** What the operators' own checks find: a deep one of every row, and a replay that only compares. */
  async findings(now: number): Promise<unknown[]> {
    const deps = { store: this.store, clock: new TestClock(now) };
    const replay = await replayTenant(deps, ACME, { check: true });
    const deep = await verifyTenant(deps, ACME);
    return [
      ...(replay.status === "same" ? [] : [replay]),
      ...(deep?.found === 0 ? [] : [deep]),
    ];
  }

  /** Rows of the figures. */
  async views(): Promise<Dump> {
    return viewsIn(await this.dump());
  }

  /** Who holds the tenant's lease; null when it is free. */
  async owner(): Promise<string | null> {
    const { value } = await this.kv.get<LeaseValue>(["t", ACME, "sync_lease"]);
    return value?.owner ?? null;
  }

  /** The tenant's latest run; null when there was none. */
  async latestRun(): Promise<SyncRun | null> {
    const prefix = ["t", ACME, "sync_runs"];
    const rows = this.kv.list<SyncRun>({ prefix }, { reverse: true, limit: 1 });
    for await (const { value } of rows) return value;
    return null;
  }

  /** Every row that is not the tenant's, with its version: none of them may change. */
  async others(): Promise<string[]> {
    return (await allRows(this.kv)).filter(({ key }) => key[1] !== ACME)
      .map(withVersion);
  }

  /** Every row of the tenant, with its version. */
  async own(): Promise<string[]> {
    return (await tenantRows(this.kv, ACME)).map(withVersion);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.store.close();
    return Promise.resolve();
  }
}

function withVersion({ key, versionstamp }: Deno.KvEntry<unknown>): string {
  return `${key.join(" / ")} @ ${versionstamp}`;
}

export function viewsIn(rows: Dump): Dump {
  return Object.fromEntries(
    Object.entries(rows).filter(([key]) =>
      VIEWS.includes(key.split(" / ")[0]!)
    ),
  );
}
