import type { Clock } from "../domain/mod.ts";
import { keys } from "./keys.ts";
import { updateCounter } from "./_counter.ts";
import { subjectHash } from "./_turns.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["throttle", kind, sha256(subject)]`. */
interface Throttle {
  /** Made since the count began, less those that were given back. */
  attempts: number;
  /** The latest one, epoch milliseconds. */
  lastAt: number;
  /** None is let through before, epoch milliseconds. */
  until: number;
}

/** How many attempts come through at once, and what happens to the next ones. */
export interface ThrottleLimit {
  /** So many are let through without a wait. */
  attempts: number;
  /** After so long without an attempt the count begins anew. */
  windowMs: number;
  /** The wait after the last free attempt; it doubles with each further one. `windowMs` unless given. */
  firstWaitMs?: number;
  /** The longest wait; `windowMs` unless given. */
  maxWaitMs?: number;
}

/** How many requests come through in a window of time. */
export interface RateLimit {
  requests: number;
  windowMs: number;
}

/** `["throttle", kind, sha256(subject)]` of a rate. */
interface RateWindow {
  /** Epoch milliseconds. */
  startedAt: number;
  count: number;
}

/** Whether an attempt may be made; `until`: when the next one may, epoch milliseconds. */
export type Attempt =
  | { allowed: true; until: number }
  | { allowed: false; retryAfterSeconds: number };

/** More at once than can be counted are too many. */
const CROWDED = refusedFor(1000);

/**
 * Counts an attempt before it is made, so that attempts at the same moment, from any number of
 * instances, share one counter. One that is refused is not counted: it makes no wait longer.
 *
 * @param kind What is limited: "sign_in.account".
 * @param subject Whom it concerns, for example an e-mail address; only its hash is stored.
 */
export function takeAttempt(
  store: Store,
  kind: string,
  subject: string,
  limit: ThrottleLimit,
  clock: Clock,
): Promise<Attempt> {
  return updateCounter<Throttle, Attempt>(store, kind, subject, (stored) => {
    const now = clock.now();
    const before = countedAt(stored, limit, now);
    if (now < before.until) return { answer: refusedFor(before.until - now) };
    const attempts = before.attempts + 1;
    const until = now + waitAfter(attempts, limit);
    return {
      answer: { allowed: true, until },
      value: { attempts, lastAt: now, until },
      expireIn: limit.windowMs,
    };
  }, CROWDED);
}

/**
 * Counts a request by a rate, shared by all instances. One that is refused is not counted. A window begins
 * with its first request and ends by itself, however many are made in it.
 *
 * @param kind What is limited: "api_token".
 * @param subject Whom it concerns; only its hash is stored.
 */
export function takeRequest(
  store: Store,
  kind: string,
  subject: string,
  { requests, windowMs }: RateLimit,
  clock: Clock,
): Promise<Attempt> {
  return updateCounter<RateWindow, Attempt>(store, kind, subject, (stored) => {
    const now = clock.now();
    // One that begins ahead of this instance's clock counts too, but no window that a wrong clock began.
    const isOpen = stored && Math.abs(now - stored.startedAt) < windowMs;
    const { startedAt, count } = isOpen ? stored : { startedAt: now, count: 0 };
    const until = startedAt + windowMs;
    if (count >= requests) return { answer: refusedFor(until - now) };
    return {
      answer: { allowed: true, until },
      value: { startedAt, count: count + 1 },
      expireIn: windowMs,
    };
  }, CROWDED);
}

/**
 * Gives back an attempt that turned out to be none, or that succeeded: it counts no more, and the
 * wait that it began is over.
 */
export function returnAttempt(
  store: Store,
  kind: string,
  subject: string,
  limit: ThrottleLimit,
  { until }: { until: number },
): Promise<void> {
  return updateCounter<Throttle, void>(store, kind, subject, (now) => {
    if (!now) return { answer: undefined };
    const attempts = Math.max(0, now.attempts - 1);
    const isOwnWait = now.until === until || attempts < limit.attempts;
    return {
      answer: undefined,
      value: { ...now, attempts, until: isOwnWait ? 0 : now.until },
      expireIn: limit.windowMs,
    };
  }, undefined);
}

/** Forgets the attempts, after one that succeeded. */
export async function clearAttempts(
  store: Store,
  kind: string,
  subject: string,
): Promise<void> {
  await kvOf(store).commit({
    deletes: [keys.throttle(kind, subjectHash(subject))],
  });
}

function refusedFor(ms: number): Attempt & { allowed: false } {
  const retryAfterSeconds = Math.max(1, Math.ceil(ms / 1000));
  return { allowed: false, retryAfterSeconds };
}

function countedAt(
  stored: Throttle | null,
  { windowMs }: ThrottleLimit,
  now: number,
): Throttle {
  // A row outlives its `expireIn` by a minute or more.
  const counts = stored && now - stored.lastAt < windowMs;
  return counts ? stored : { attempts: 0, lastAt: now, until: 0 };
}

/** Milliseconds that nobody may try after this many attempts. */
function waitAfter(
  attempts: number,
  { attempts: free, windowMs, firstWaitMs, maxWaitMs }: ThrottleLimit,
): number {
  if (attempts < free) return 0;
  const first = firstWaitMs ?? windowMs;
  return Math.min(first * 2 ** (attempts - free), maxWaitMs ?? windowMs);
}
