import { createHash } from "node:crypto";
import {
  NotFoundError,
  type StreamName,
  type SyncState,
  type TenantSettings,
} from "../../domain/mod.ts";
import type { DayViews, Sized, TenantStore, Untold } from "../../store/mod.ts";
import {
  type DayStream,
  type DayStreams,
  dayStreams,
  type RecordsOfDay,
} from "../day_records.ts";

/** An earlier day as its last sync left it. */
export interface DayStanding {
  /** YYYY-MM-DD. */
  day: string;
  /** When that sync had ended, epoch milliseconds. */
  moment: number;
  views: { [V in keyof DayViews]: DayViews[V] | null };
  settings: TenantSettings;
  /** The state that it left. */
  sync: SyncState;
}

/** Of an account that serves no activities nothing is known. */
const NONE: DayStream<"activities"> = {
  version: "none",
  async *records() {},
  async *some() {},
};

type Versioned = Pick<DayStream<StreamName>, "version">;

/** About what a record takes in memory. */
const BYTES_A_ROW = 1024;

/** The records of a tenant as raw tells them of an earlier day; the rooms of a past store read it. */
export class PastRecords {
  readonly #at: RecordsOfDay;
  readonly #found: Partial<DayStreams<StreamName>> = {};

  /** @param live the tenant as the guard has opened it */
  constructor(readonly live: TenantStore, readonly past: DayStanding) {
    this.#at = {
      day: past.day,
      until: this.moment,
      settings: past.settings,
      keptFrom: past.sync.cursor.rawKeptFrom ?? null,
    };
  }

  /** The end of the day's last sync, ISO 8601 UTC. */
  get moment(): string {
    return new Date(this.past.moment).toISOString();
  }

  /** Why raw does not tell these streams; null where it does. */
  async untold(...names: StreamName[]): Promise<Untold | null> {
    await this.#find(names);
    for (const name of names) {
      const stream = this.#found[name];
      if (typeof stream === "string") return stream;
    }
    return null;
  }

  /** @throws {NotFoundError} where raw does not tell them: who asks for records asks `untold()` before */
  async told<S extends StreamName>(
    ...names: S[]
  ): Promise<{ [N in S]: DayStream<N> }> {
    const why = await this.untold(...names);
    if (why === null) return this.#found as { [N in S]: DayStream<N> };
    throw new NotFoundError(
      `Cannot read ${names.join(", ")} of ${this.past.day}: raw is ${why}`,
    );
  }

  /** Looks streams up that were not looked up before. */
  async #find(names: readonly StreamName[]): Promise<void> {
    const { activities } = this.past.sync.streams;
    if (activities?.status === "not_connected") this.#found.activities = NONE;
    const unknown = names.filter((name) => !(name in this.#found));
    if (unknown.length === 0) return;
    Object.assign(
      this.#found,
      await dayStreams(this.live, unknown, this.#at),
    );
  }

  /** Rows that were made of these streams, see {@linkcode kept}. */
  async rows<T>(
    list: string,
    of: readonly Versioned[],
    make: () => Promise<T[]>,
  ): Promise<readonly T[]> {
    const { rows } = await this.kept(list, of, async () => {
      const rows = await make();
      return { rows, bytes: rows.length * BYTES_A_ROW };
    });
    return rows;
  }

  /** A past day never changes: what was made of its raw is used again as long as raw is the same. */
  kept<T extends Sized>(
    list: string,
    of: readonly Versioned[],
    make: () => Promise<T>,
  ): Promise<T> {
    const hash = createHash("sha256");
    for (const { version } of of) hash.update(version);
    return this.live.kept(`past ${list} ${hash.digest("base64")}`, make);
  }
}

/** Records by their ids. */
export async function byId<T extends { id: string }>(
  records: AsyncIterable<T>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for await (const record of records) found.set(record.id, record);
  return found;
}
