import type { Clock } from "../domain/mod.ts";
import { updateCounter } from "./_counter.ts";
import type { Store } from "./_store.ts";

/** `["throttle", kind, sha256(subject)]`: how often something happened since the window began. */
interface Repeats {
  /** Epoch milliseconds. */
  from: number;
  count: number;
}

/** How much of what repeats itself is written down. */
export interface RepeatLimit {
  /** So many times each one is; after that only when the count has doubled. */
  each: number;
  /** After so long the count begins anew. */
  windowMs: number;
}

/** How often it happened in this window, this time included, and whether it is to be written down. */
export interface Repeated {
  count: number;
  within: boolean;
  due: boolean;
}

/**
 * Counts something that somebody else makes happen, so that a log of it stays small however often it does:
 * of n times in a window no more than `each + log2(n / each)` are due.
 *
 * @param kind What happens: "denial.user".
 * @param subject Who makes it happen; only its hash is stored.
 */
export function countRepeat(
  store: Store,
  kind: string,
  subject: string,
  { each, windowMs }: RepeatLimit,
  clock: Clock,
): Promise<Repeated> {
  // So many at once that others certainly write it down.
  const crowded = { count: each + 1, within: false, due: false };
  return updateCounter<Repeats, Repeated>(store, kind, subject, (stored) => {
    const now = clock.now();
    // A row outlives its `expireIn` by a minute or more.
    const goesOn = stored !== null && now - stored.from < windowMs;
    const { from, count: before } = goesOn ? stored : { from: now, count: 0 };
    const count = before + 1;
    const within = count <= each;
    return {
      answer: { count, within, due: within || isDoubling(count / each) },
      value: { from, count },
      expireIn: Math.max(1, from + windowMs - now),
    };
  }, crowded);
}

/** 2, 4, 8, … */
function isDoubling(times: number): boolean {
  return Number.isInteger(Math.log2(times));
}
