import type { Clock } from "../lib/domain/mod.ts";

/** A clock that stands still until a test moves it; sleeping moves it at once. */
export class TestClock implements Clock {
  #now: number;

  constructor(now: string | number = "2026-03-11T15:00:00.000Z") {
    this.#now = typeof now === "number" ? now : Date.parse(now);
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.advance(ms);
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  set(iso: string): void {
    this.#now = Date.parse(iso);
  }
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
