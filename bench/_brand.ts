import {
  type Child,
  runChild,
  type Size,
  START,
  temporaryDatabase,
} from "./_children.ts";
import type { RawJob, RawResult } from "./_raw_child.ts";
import type { SimulatorQuestion } from "./_simulator.ts";
import type { SyncCost, SyncJob, SyncResult } from "./_sync_child.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type SimulatorChild = Child<{ url: string }, SimulatorQuestion>;

/** A first sync, and the milliseconds of raw writes of the rows that it left. */
export interface FirstSync extends SyncResult {
  rawMs: Record<RawJob["order"], number>;
}

/** The slug of a brand by its number of leads. */
export function slugOf(leads: number): string {
  return `leads-${leads}`;
}

/** Half as many opportunities and as many notes as leads. */
export function sizeOf(leads: number): Size {
  return { leads, opportunities: leads / 2, notes: leads, activities: 50 };
}

/**
 * One simulated brand, taken through its life: each part is a process of its own, and the API answers from another.
 * Disposing of it removes its database.
 */
export class Brand {
  #database: Awaited<ReturnType<typeof temporaryDatabase>> | null = null;
  #later = 0;

  constructor(
    private readonly simulator: SimulatorChild,
    readonly leads: number,
  ) {}

  /** Into an empty database; a later call begins again. */
  async firstSync(): Promise<FirstSync> {
    await this.#database?.[Symbol.asyncDispose]();
    this.#database = await temporaryDatabase();
    const result = await this.#sync([START]);
    const rawMs = {
      arrival: await this.#rawWrites("arrival"),
      key: await this.#rawWrites("key"),
    };
    return { ...result, rawMs };
  }

  /** Later syncs of the same day, ten minutes apart, to which nothing changed. The first warms its process up. */
  unchanged(times: number): Promise<SyncResult> {
    const first = this.#later;
    this.#later += times;
    return this.#sync(Array.from(
      { length: times },
      (_, n) => START + (first + n + 1) * 10 * MINUTE,
    ));
  }

  /** The first sync of the next day, which reads everything whole; nothing changed. */
  newDay(): Promise<SyncResult> {
    return this.#sync([START + DAY]);
  }

  /** An hour later, when 1% of the leads, opportunities and notes have changed. */
  async changed(): Promise<SyncResult> {
    await this.simulator.ask({ edit: slugOf(this.leads), share: 0.01 });
    return await this.#sync([START + DAY + HOUR]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
  }

  #sync(rounds: number[]): Promise<SyncResult> {
    const job: SyncJob = {
      path: this.#database!.path,
      url: this.simulator.hello.url,
      brands: [slugOf(this.leads)],
      rounds,
      concurrency: 1,
    };
    return runChild("./_sync_child.ts", job);
  }

  async #rawWrites(order: RawJob["order"]): Promise<number> {
    await using empty = await temporaryDatabase();
    const job: RawJob = { from: this.#database!.path, to: empty.path, order };
    return (await runChild<RawResult>("./_raw_child.ts", job)).ms;
  }
}

export function msPerRecord({ ms, fetched }: SyncCost): number {
  return ms / fetched;
}
