/**
 * Fake time over `@sinonjs/fake-timers`: the part of `@std/testing/time` that
 * this repository uses, for places where JSR cannot be reached.
 *
 * @module
 */
import { type Clock, withGlobal } from "@sinonjs/fake-timers";

/** Thrown on an operation that the state of fake time does not allow. */
export class TimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

/** How a {@linkcode FakeTime} moves by itself. */
export interface FakeTimeOptions {
  /** Fake milliseconds per real millisecond. Default 0: time stands still. */
  advanceRate: number;
  /** Real milliseconds between two such moves. Default 10. */
  advanceFrequency?: number;
}

/** Options of {@linkcode FakeTime.delay}. */
export interface DelayOptions {
  /** Ends the delay early by a rejection. */
  signal?: AbortSignal;
}

const realGlobals = {
  Date,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
};
const realAbortTimeout = AbortSignal.timeout;

let current: FakeTime | undefined;

/**
 * Replaces `Date`, the timers and `AbortSignal.timeout` until it is restored.
 *
 * ```ts
 * import { FakeTime } from "@std/testing/time";
 *
 * using time = new FakeTime("2026-03-01T12:00:00Z");
 * await time.tickAsync(3_600_000);
 * ```
 */
export class FakeTime {
  #clock: Clock;
  #start: number;
  #mover: ReturnType<typeof setInterval> | undefined;

  constructor(
    start?: number | string | Date | null,
    options?: FakeTimeOptions,
  ) {
    if (current) {
      throw new TimeError("Cannot construct FakeTime: time is already faked");
    }
    this.#start = new Date(start ?? Date.now()).getTime();
    if (Number.isNaN(this.#start)) {
      throw new TimeError(
        `Cannot construct FakeTime: invalid start '${start}'`,
      );
    }
    this.#clock = withGlobal(globalThis).createClock(this.#start);
    this.#overrideGlobals();
    current = this;
    const { advanceRate = 0, advanceFrequency = 10 } = options ?? {};
    if (advanceRate > 0) {
      this.#mover = realGlobals.setInterval(
        () => this.tick(advanceRate * advanceFrequency),
        advanceFrequency,
      );
    }
  }

  /** Restores real time, whoever faked it. */
  static restore(): void {
    if (!current) {
      throw new TimeError("Cannot restore time: it is not faked");
    }
    current.restore();
  }

  /** Restores real time until `callback` has returned and resolved. */
  static async restoreFor<Args extends unknown[], Result>(
    callback: (...args: Args) => Promise<Result> | Result,
    ...args: Args
  ): Promise<Result> {
    if (!current) {
      throw new TimeError("Cannot restore time: it is not faked");
    }
    restoreGlobals();
    try {
      return await callback(...args);
    } finally {
      current.#overrideGlobals();
    }
  }

  /** Milliseconds since the epoch, in fake time. */
  get now(): number {
    return this.#clock.now;
  }

  /** Moves fake time forwards, running the timers that fall due. */
  set now(value: number) {
    if (value < this.now) {
      throw new RangeError("Cannot set current time in the past");
    }
    this.#clock.tick(value - this.now);
  }

  /** The fake time at construction, in milliseconds since the epoch. */
  get start(): number {
    return this.#start;
  }

  /** Resolves after `ms` milliseconds of real time. */
  async delay(ms: number, { signal }: DelayOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = realGlobals.setTimeout(resolve, ms);
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      realGlobals.clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Runs all pending microtasks. */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /** Adds `ms` to fake time, running the timers that fall due. */
  tick(ms = 0): void {
    this.now += ms;
  }

  /**
   * Runs pending microtasks, then ticks. What the timers' callbacks await is
   * not run between two timers, nor after the last: tick again for that.
   */
  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.tick(ms);
  }

  /** Moves to the next timer and runs it; false if none was waiting. */
  next(): boolean {
    const waiting = this.#clock.countTimers() > 0;
    if (waiting) this.#clock.next();
    return waiting;
  }

  /** Runs pending microtasks, then does as {@linkcode FakeTime.next}. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Runs timers, also those that they add, until none is waiting. */
  runAll(): void {
    while (this.next());
  }

  /** The same, with pending microtasks before each timer. */
  async runAllAsync(): Promise<void> {
    while (this.#clock.countTimers() > 0) await this.nextAsync();
  }

  /** Restores real time. */
  restore(): void {
    if (current !== this) {
      throw new TimeError("Cannot restore time: it is already restored");
    }
    current = undefined;
    realGlobals.clearInterval(this.#mover);
    restoreGlobals();
  }

  /** Restores real time. */
  [Symbol.dispose](): void {
    this.restore();
  }

  #overrideGlobals(): void {
    const { Date, setTimeout, clearTimeout, setInterval, clearInterval } =
      this.#clock;
    Object.assign(globalThis, {
      Date,
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
    });
    AbortSignal.timeout = fakeAbortTimeout;
  }
}

function restoreGlobals(): void {
  Object.assign(globalThis, realGlobals);
  AbortSignal.timeout = realAbortTimeout;
}

function fakeAbortTimeout(ms: number): AbortSignal {
  const controller = new AbortController();
  const reason = new DOMException("Signal timed out.", "TimeoutError");
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}
