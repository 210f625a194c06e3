import type { Clock } from "../domain/mod.ts";
import type { SyncDeps } from "./sync_deps.ts";

const MINUTE_MS = 60_000;

/** How long a sync may run while other due tenants wait for a place. */
export const SLICE_MS = 10 * MINUTE_MS;
/** How long a sync may run at all: its deadline lies below the hour. */
export const RUN_LIMIT_MS = 55 * MINUTE_MS;

/** A sync was ended because of its time; its message is the run's sentence for people. */
export class SliceEndedError extends Error {
  override name = "SliceEndedError";
}

export interface SliceOptions {
  /** Milliseconds that the run has while others wait. */
  sliceMs: number;
  /** Whether somebody waits for the place at this moment. */
  isAwaited: () => boolean;
}

/**
 * The time of one run. It is looked at before each request, by the clock and without a timer: a request that is
 * under way has a deadline of its own, and between two requests a run can be ended without losing anything.
 */
export class Slice {
  readonly #end = new AbortController();
  readonly #startedMs: number;
  #gaveWay = false;

  constructor(
    private readonly clock: Clock,
    private readonly options: SliceOptions,
  ) {
    this.#startedMs = clock.now();
  }

  /** Aborted with a {@linkcode SliceEndedError} when the time is over. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Why the run was ended, or null. */
  get ended(): SliceEndedError | null {
    return this.signal.aborted ? this.signal.reason : null;
  }

  /** Whether it was ended for the sake of others, not by its own deadline. */
  get gaveWay(): boolean {
    return this.#gaveWay;
  }

  /** The same fetch, with a look at the time before each request. */
  guard(fetch: SyncDeps["fetch"]): SyncDeps["fetch"] {
    return (url, init) => {
      this.#look();
      return this.signal.aborted
        ? Promise.reject(this.signal.reason)
        : fetch(url, init);
    };
  }

  #look(): void {
    const { sliceMs, isAwaited } = this.options;
    const elapsed = this.clock.now() - this.#startedMs;
    const minutes = Math.floor(elapsed / MINUTE_MS);
    if (elapsed >= RUN_LIMIT_MS) {
      this.#end.abort(
        new SliceEndedError(
          `The sync was ended after ${minutes} minutes, before it was complete; the next one goes on`,
        ),
      );
    } else if (elapsed >= sliceMs && isAwaited()) {
      this.#gaveWay = true;
      this.#end.abort(
        new SliceEndedError(
          `The sync gave way to others after ${minutes} minutes; it goes on when they have had their turn`,
        ),
      );
    }
  }
}
