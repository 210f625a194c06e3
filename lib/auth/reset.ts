import type { Clock } from "../domain/mod.ts";
import {
  clearAttempts,
  createResetLink,
  deleteSessionsOfUser,
  findUser,
  getLink,
  getUserByEmail,
  isResetOf,
  normalizeEmail,
  redeemResetLink,
  type Store,
  type ThrottleLimit,
  type User,
} from "../store/mod.ts";
import { linkTimes, RESET_MS } from "./links.ts";
import { passwordProblem } from "./password_policy.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import { countAttempt, type Counter } from "./throttle.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GROWING = { firstWaitMs: MINUTE, maxWaitMs: 15 * MINUTE };

/** Requests for a reset link: each may send mail to somebody, and ends the link before it. */
export const FORGOT_LIMITS = {
  /** For one account, whether anyone has it or not. */
  account: { attempts: 3, windowMs: HOUR, ...GROWING },
  /** From one network address, for all accounts. */
  address: { attempts: 10, windowMs: HOUR, ...GROWING },
} satisfies Record<string, ThrottleLimit>;

/** What a reset came to; of a refusal a sentence for people. */
export type ResetResult =
  | { reset: true; user: User }
  | { reset: false; problem: string };

/**
 * Makes a reset link; the one that the user had ends.
 *
 * @param createdBy The user who makes it for another; null when nobody is signed in.
 * @returns The token for the link: the store keeps its hash alone.
 * @throws {NotFoundError} for an unknown user.
 * @throws {UsageError} for a disabled one.
 */
export async function makeResetLink(
  store: Store,
  userId: string,
  createdBy: string | null,
  clock: Clock,
): Promise<string> {
  const token = newToken();
  await createResetLink(store, hashToken(token), {
    purpose: "reset",
    userId,
    createdBy,
    ...linkTimes(clock, RESET_MS),
  }, clock);
  return token;
}

/**
 * Counts a request for a reset link, the same for an address that nobody has.
 *
 * @param address The network address that it comes from, or null.
 * @throws {ThrottledError} after too many.
 */
export async function countForgot(
  store: Store,
  { email, address }: { email: string; address: string | null },
  clock: Clock,
): Promise<void> {
  const counters: Counter[] = [{
    kind: "forgot.account",
    subject: normalizeEmail(email),
    limit: FORGOT_LIMITS.account,
    onSuccess: "return",
  }];
  if (address !== null) {
    // First: whoever is stopped there cannot use up the requests of an account.
    counters.unshift({
      kind: "forgot.address",
      subject: address,
      limit: FORGOT_LIMITS.address,
      onSuccess: "return",
    });
  }
  await countAttempt(store, counters, clock);
}

/** A reset link for whoever has this address; null when nobody can sign in with it. */
export async function forgotPassword(
  store: Store,
  email: string,
  clock: Clock,
): Promise<{ token: string; user: User } | null> {
  const user = await getUserByEmail(store, email);
  if (user?.status !== "active") return null;
  return { token: await makeResetLink(store, user.id, null, clock), user };
}

/** Whose password the token sets; null when it is used, over, replaced or unknown. */
export async function readReset(
  store: Store,
  token: string,
  clock: Clock,
): Promise<User | null> {
  if (!isToken(token)) return null;
  const tokenHash = hashToken(token);
  const link = await getLink(store, tokenHash, clock);
  if (link?.purpose !== "reset") return null;
  const user = await findUser(store, link.userId);
  return user && isResetOf(user, tokenHash) ? user : null;
}

/**
 * Sets a new password by a reset link. Every session of the user ends and every browser is forgotten;
 * whoever was kept out by strangers' guesses gets in again.
 *
 * @returns null when {@linkcode readReset} has nobody.
 * @throws {ThrottledError} when too many passwords are being checked.
 */
export async function resetPassword(
  store: Store,
  token: string,
  password: string,
  { clock, passwords = processPasswords }: {
    clock: Clock;
    passwords?: Passwords;
  },
): Promise<ResetResult | null> {
  const owner = await readReset(store, token, clock);
  if (!owner) return null;
  const problem = await passwordProblem(password, owner);
  if (problem) return { reset: false, problem };
  const hash = await passwords.hash(password);
  const user = await redeemResetLink(store, hashToken(token), hash, clock);
  if (!user) return null;
  await deleteSessionsOfUser(store, user.id);
  await clearAttempts(store, "sign_in.account", user.email);
  return { reset: true, user };
}
