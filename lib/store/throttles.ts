import { createHash } from "node:crypto";
import type { Clock } from "../domain/mod.ts";
import { keys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["throttle", kind, sha256(subject)]`: attempts since the window began. */
interface Throttle {
  attempts: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface ThrottleLimit {
  attempts: number;
  windowMs: number;
}

export type Attempt =
  | { allowed: true }
  | { allowed: false; retryAfterSeconds: number };

/** Beyond this many collisions the attempt counts as one too many: guesses come at once, people do not. */
const TRIES = 5;

/**
 * Counts an attempt before it is made, so that attempts at the same moment, from any number of
 * instances, share one counter. A window that is over starts anew.
 *
 * @param kind What is limited: "sign_in".
 * @param subject Whom it concerns, for example an e-mail address; only its hash is stored.
 */
export async function takeAttempt(
  store: Store,
  kind: string,
  subject: string,
  limit: ThrottleLimit,
  clock: Clock,
): Promise<Attempt> {
  const kv = kvOf(store);
  const key = keys.throttle(kind, subjectHash(subject));
  for (let tries = 0; tries < TRIES; tries++) {
    const now = clock.now();
    const entry = await kv.get<Throttle>(key);
    const running = entry.value && now - entry.value.since < limit.windowMs;
    const current = running ? entry.value : { attempts: 0, since: now };
    const left = current.since + limit.windowMs - now;
    if (current.attempts >= limit.attempts) {
      return { allowed: false, retryAfterSeconds: Math.ceil(left / 1000) };
    }
    const { ok } = await kv.commit({
      checks: [{ key, versionstamp: entry.versionstamp }],
      sets: [{
        key,
        value: { ...current, attempts: current.attempts + 1 },
        expireIn: left,
      }],
    });
    if (ok) return { allowed: true };
  }
  return { allowed: false, retryAfterSeconds: 1 };
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

function subjectHash(subject: string): string {
  return createHash("sha256").update(subject).digest("hex");
}
