import type { Clock } from "../domain/mod.ts";
import {
  clearAttempts,
  getUserByEmail,
  normalizeEmail,
  replacePasswordHash,
  type Store,
  takeAttempt,
  type User,
} from "../store/mod.ts";
import { ThrottledError } from "./errors.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import { startSession } from "./sessions.ts";

export interface Credentials {
  email: string;
  password: string;
}

export interface SignInOptions {
  clock: Clock;
  passwords?: Passwords;
}

/** Attempts for one address, whether anyone has it or not; a success forgets them. */
export const SIGN_IN_LIMIT = { attempts: 10, windowMs: 10 * 60_000 };

/**
 * Checks the credentials and starts a session.
 *
 * An address nobody has, a wrong password, an account without a password and a disabled one are the
 * same to the caller: null, after the same reads and the time of one hash.
 *
 * @throws {ThrottledError} after too many attempts for the address, or when too many sign in at once.
 */
export async function signIn(
  store: Store,
  { email, password }: Credentials,
  { clock, passwords = processPasswords }: SignInOptions,
): Promise<{ token: string; user: User } | null> {
  const subject = normalizeEmail(email);
  await countAttempt(store, subject, clock);
  const user = await getUserByEmail(store, email);
  const hash = user?.passwordHash ?? null;
  const matches = await passwords.verify(password, hash);
  if (!user || !hash || !matches || user.status !== "active") return null;
  await clearAttempts(store, "sign_in", subject);
  if (passwords.needsRehash(hash)) {
    const to = await passwords.hash(password);
    await replacePasswordHash(store, user.id, { from: hash, to });
  }
  return { token: await startSession(store, user, clock), user };
}

async function countAttempt(
  store: Store,
  subject: string,
  clock: Clock,
): Promise<void> {
  const attempt = await takeAttempt(
    store,
    "sign_in",
    subject,
    SIGN_IN_LIMIT,
    clock,
  );
  if (attempt.allowed) return;
  throw new ThrottledError(
    "Cannot sign in: too many attempts for this address",
    attempt.retryAfterSeconds,
  );
}
