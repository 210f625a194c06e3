import type { Clock } from "../domain/mod.ts";
import { changePasswordHash, type Store } from "../store/mod.ts";
import { isPasswordOf } from "./password_check.ts";
import { passwordProblem } from "./password_policy.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import { renewSession, type SignedIn } from "./sessions.ts";

export interface PasswordChange {
  current: string;
  /** The new one. */
  next: string;
}

/** Why nothing was changed: which field is wrong, and a sentence for people. */
export interface PasswordRefusal {
  field: "current" | "next";
  problem: string;
}

/** What a change came to; `token` is the session's new one, null when the session ended meanwhile. */
export type PasswordChangeResult =
  | { changed: false; refusal: PasswordRefusal }
  | { changed: true; token: string | null; signedIn: SignedIn };

/**
 * Changes the password of whoever is signed in, who has to know the current one. Every other session
 * of the user ends, every browser is forgotten, and this session gets a new token.
 *
 * @throws {ThrottledError} after too many wrong ones, or when too many passwords are being checked.
 * @throws {ConflictError} when the password was changed meanwhile.
 */
export async function changePassword(
  store: Store,
  signedIn: SignedIn,
  { current, next }: PasswordChange,
  { clock, passwords = processPasswords }: {
    clock: Clock;
    passwords?: Passwords;
  },
): Promise<PasswordChangeResult> {
  const { user } = signedIn;
  const problem = await passwordProblem(next, user) ??
    (isSame(current, next) ? "The new password is the current one" : null);
  if (problem) return refuse("next", problem);
  const from = user.passwordHash;
  const isRight = await isPasswordOf(store, user, current, {
    clock,
    passwords,
  });
  if (!isRight || !from) {
    return refuse("current", "The current password is not right");
  }
  const to = await passwords.hash(next);
  const changed = await changePasswordHash(
    store,
    user.id,
    { from, to },
    clock,
  );
  const renewed = await renewSession(store, signedIn, changed, clock);
  return { changed: true, ...renewed };
}

function isSame(one: string, other: string): boolean {
  return one.normalize("NFC") === other.normalize("NFC");
}

function refuse(
  field: PasswordRefusal["field"],
  problem: string,
): PasswordChangeResult {
  return { changed: false, refusal: { field, problem } };
}
