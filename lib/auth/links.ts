import type { Clock } from "../domain/mod.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** An invitation is good for this many milliseconds. */
export const INVITE_MS = 7 * DAY;
/** And a reset link for this many. */
export const RESET_MS = 60 * MINUTE;

/** The longest name of a person, in characters. */
export const MAX_NAME_LENGTH = 100;

/** When a link that is made now begins and ends, ISO 8601 UTC. */
export function linkTimes(
  clock: Clock,
  lifeMs: number,
): { createdAt: string; expiresAt: string } {
  const now = clock.now();
  return {
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + lifeMs).toISOString(),
  };
}

/** Why a person's name is refused, as a sentence for people; null when it is accepted. */
export function nameProblem(name: string): string | null {
  const text = name.trim();
  if (text === "") return "The name is missing";
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
    return "The name holds characters that no name has";
  }
  return [...text].length > MAX_NAME_LENGTH
    ? `The name is too long: use at most ${MAX_NAME_LENGTH} characters`
    : null;
}

/** Characters that mail programs read as more than one address, or as another one. */
const NOT_IN_MAIL = /[<>()[\]\\,;:"]/;

/** Whether mail to this address reaches this address and no other, in every mail program's reading. */
export function isMailable(email: string): boolean {
  return !NOT_IN_MAIL.test(email);
}
