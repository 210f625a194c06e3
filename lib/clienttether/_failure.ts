import type { ApiError, ApiErrorKind } from "./types.ts";

/** One failed try. `phrase` follows the word "ClientTether" in a sentence for people. */
export interface Failure {
  kind: ApiErrorKind;
  phrase: string;
  httpStatus: number | null;
  code: string | null;
  retryAfterMs: number | null;
}

/** A failure with its usual blanks. */
export function failure(
  kind: ApiErrorKind,
  phrase: string,
  known: Partial<Omit<Failure, "kind" | "phrase">> = {},
): Failure {
  return {
    kind,
    phrase,
    httpStatus: null,
    code: null,
    retryAfterMs: null,
    ...known,
  };
}

const TIMES = ["once", "twice", "three times", "four times"];

/** What a page fetch answers after its tries: the last of them, in a sentence that counts them all. */
export function toApiError(last: Failure, tries = [last]): ApiError {
  const { phrase, ...facts } = last;
  return { ...facts, message: `ClientTether ${sentenceEnd(tries, phrase)}` };
}

function sentenceEnd(tries: Failure[], phrase: string): string {
  // The last try failed for good or was the only one: the tries before it explain nothing.
  const repeated = tries.length > 1 &&
    tries.every((t) => t.kind === "transient" || t.kind === "rate_limited");
  if (!repeated) return phrase;
  const times = TIMES[tries.length - 1] ?? `${tries.length} times`;
  return tries.every((t) => t.phrase === phrase)
    ? `${phrase} ${times}`
    : `failed ${times}; the last time it ${phrase}`;
}
