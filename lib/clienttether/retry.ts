import type { ApiErrorKind } from "./types.ts";

/** Waits before the second, third and fourth try, in milliseconds. */
export const BACKOFF_MS = [1000, 2000, 4000] as const;
/** A longer Retry-After is left to the next run. */
export const MAX_RETRY_AFTER_MS = 60_000;
/** What a Retry-After is cut to, so that sums with it stay sane. */
const DAY_MS = 86_400_000;

/** What the decision to try again depends on. */
export interface Retryable {
  kind: ApiErrorKind;
  retryAfterMs: number | null;
}

/**
 * How long to wait after the given number of failed tries before the next one, in milliseconds; null: give up.
 * Only what can pass is tried again. A Retry-After replaces the backoff, unless it is longer than a run should wait.
 */
export function retryDelay(failures: number, error: Retryable): number | null {
  if (error.kind !== "transient" && error.kind !== "rate_limited") return null;
  const backoff = BACKOFF_MS[failures - 1];
  if (backoff === undefined) return null;
  if (error.kind === "transient" || error.retryAfterMs === null) return backoff;
  return error.retryAfterMs > MAX_RETRY_AFTER_MS ? null : error.retryAfterMs;
}

const IMF_FIXDATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * A Retry-After header (seconds, or an HTTP date in the form that RFC 9110 prescribes) as milliseconds from `now`.
 * Null, which means the usual backoff, where it is absent, past, zero or garbage; at most a day. `Date.parse` alone
 * would take "in 5" for the year 2001, hence the strict form.
 */
export function parseRetryAfter(
  header: string | null,
  now: number,
): number | null {
  const text = header?.trim() ?? "";
  let ms = NaN;
  if (/^\d+(\.\d+)?$/.test(text)) ms = Math.ceil(Number(text) * 1000);
  else if (IMF_FIXDATE.test(text)) ms = Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, DAY_MS) : null;
}
