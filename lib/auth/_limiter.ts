import { ThrottledError } from "./errors.ts";

export interface LimiterOptions {
  /** How many tasks may run at once. */
  concurrent: number;
  /** How many more may wait for their turn. */
  queue: number;
}

/** Runs tasks, a few at a time and in order of arrival. */
export interface Limiter {
  /**
   * Runs the task when its turn has come.
   *
   * @throws {ThrottledError} at once, when the queue is full.
   */
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** Seconds that a caller is told to wait when the queue is full: it empties in about that time. */
const RETRY_AFTER_SECONDS = 10;

/** Bounds both the work in progress and the work that waits, so that memory stays bounded too. */
export function createLimiter({ concurrent, queue }: LimiterOptions): Limiter {
  const waiting: Array<() => void> = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < concurrent) {
      running++;
      return;
    }
    if (waiting.length >= queue) {
      throw new ThrottledError(
        `Cannot check one more password: ${running} are being checked and ${waiting.length} wait`,
        RETRY_AFTER_SECONDS,
      );
    }
    // The one that finishes hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function done(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  return {
    async run(task) {
      await turn();
      try {
        return await task();
      } finally {
        done();
      }
    },
  };
}
