import type { SyncRig } from "../../_sync.ts";

/**
 * Requests run out of time in a moment instead of thirty seconds, until disposed: their deadline is the
 * machine's own timer, which no option of a sync reaches.
 */
export function hastenDeadlines(): Disposable {
  const timer = globalThis.setTimeout;
  globalThis.setTimeout = new Proxy(timer, {
    apply: (target, self, [fire, ms, ...rest]) =>
      Reflect.apply(target, self, [fire, ms === 30_000 ? 30 : ms, ...rest]),
  });
  return {
    [Symbol.dispose]: () => {
      globalThis.setTimeout = timer;
    },
  };
}

/** Every wait of a sync, in milliseconds. */
export function watchWaits(
  { clock }: SyncRig,
): Disposable & { list: number[] } {
  const list: number[] = [];
  const { sleep } = clock;
  clock.sleep = (ms, signal) => {
    list.push(ms);
    return sleep.call(clock, ms, signal);
  };
  return {
    list,
    [Symbol.dispose]: () => {
      clock.sleep = sleep;
    },
  };
}
