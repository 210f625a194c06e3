import type { Clock } from "../domain/mod.ts";
import {
  clearAttempts,
  returnAttempt,
  type Store,
  takeAttempt,
  type ThrottleLimit,
} from "../store/mod.ts";
import { ThrottledError } from "./errors.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nobody waits longer than this for the next attempt. */
export const MAX_WAIT_MS = 15 * MINUTE;
const GROWING = { firstWaitMs: 30 * SECOND, maxWaitMs: MAX_WAIT_MS };

/**
 * Attempts to sign in. A browser that the person has used before has a counter of its own and none of the
 * others, so that strangers who guess cannot keep the person out.
 */
export const SIGN_IN_LIMITS = {
  /** For one account, whether anyone has it or not, by all browsers that it does not know. */
  account: { attempts: 10, windowMs: 24 * HOUR, ...GROWING },
  /** By one browser that the account knows. */
  device: { attempts: 10, windowMs: HOUR, ...GROWING },
  /** From one network address, for all accounts. */
  address: { attempts: 30, windowMs: HOUR, ...GROWING },
} satisfies Record<string, ThrottleLimit>;

/** Checks of the current password by somebody who is signed in. */
export const PASSWORD_CHECK_LIMIT: ThrottleLimit = {
  attempts: 5,
  windowMs: HOUR,
  ...GROWING,
};

/** One counter that an attempt is counted by. */
export interface Counter {
  kind: string;
  subject: string;
  limit: ThrottleLimit;
  /** What a success does: forget all attempts of the subject, or give back this one. */
  onSuccess: "clear" | "return";
}

/** An attempt that may be made. Exactly one of the two is called, or neither where it failed. */
export interface CountedAttempt {
  /** It was made, and was right. */
  succeeded(): Promise<void>;
  /** It was not made after all. */
  cancelled(): Promise<void>;
}

/**
 * Counts an attempt by each of the counters, in this order.
 *
 * @throws {ThrottledError} when one of them refuses it; those after it do not count it.
 */
export async function countAttempt(
  store: Store,
  counters: readonly Counter[],
  clock: Clock,
): Promise<CountedAttempt> {
  const taken: { counter: Counter; until: number }[] = [];
  for (const counter of counters) {
    const { kind, subject, limit } = counter;
    const attempt = await takeAttempt(store, kind, subject, limit, clock);
    if (!attempt.allowed) {
      throw new ThrottledError(
        "Cannot check the password: there were too many attempts",
        attempt.retryAfterSeconds,
      );
    }
    taken.push({ counter, until: attempt.until });
  }
  const giveBack = ({ counter, until }: typeof taken[number]) => {
    const { kind, subject, limit } = counter;
    return returnAttempt(store, kind, subject, limit, { until });
  };
  return {
    async succeeded() {
      for (const one of taken) {
        const { kind, subject, onSuccess } = one.counter;
        if (onSuccess === "clear") await clearAttempts(store, kind, subject);
        else await giveBack(one);
      }
    },
    async cancelled() {
      for (const one of taken) await giveBack(one);
    },
  };
}
