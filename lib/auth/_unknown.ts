import type { Clock } from "../domain/mod.ts";
import { type Store, takeAttempt, type ThrottleLimit } from "../store/mod.ts";

/** Secrets that there are not, from one network address. */
const UNKNOWN_LIMIT: ThrottleLimit = {
  attempts: 30,
  windowMs: 3_600_000,
  firstWaitMs: 30_000,
  maxWaitMs: 900_000,
};

/**
 * Counts a secret that there is not by the network address that it came from. Good ones from there are answered all
 * the same, so that nobody can shut an office out.
 *
 * @param kind Which kind of secret: each has a counter of its own.
 * @returns Null, or after how many seconds the address may try again.
 */
export async function countUnknown(
  store: Store,
  kind: "api_token.address" | "calendar.address",
  address: string | null,
  clock: Clock,
): Promise<number | null> {
  const attempt = await takeAttempt(
    store,
    kind,
    address ?? "",
    UNKNOWN_LIMIT,
    clock,
  );
  return attempt.allowed ? null : attempt.retryAfterSeconds;
}
