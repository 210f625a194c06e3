import type { Clock } from "../domain/mod.ts";
import {
  getUserByEmail,
  normalizeEmail,
  replacePasswordHash,
  type Store,
  type User,
} from "../store/mod.ts";
import { shortUserAgent } from "./device_name.ts";
import {
  isDeviceOf,
  type PresentedDevice,
  readDevice,
  rememberDevice,
} from "./devices.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import { startSession } from "./sessions.ts";
import { countAttempt, type Counter, SIGN_IN_LIMITS } from "./throttle.ts";

export interface Credentials {
  email: string;
  password: string;
}

/** What is known of the browser that asks. */
export interface Visitor {
  /** Its network address, or null where there is none. */
  address: string | null;
  /** The token in its device cookie. */
  deviceToken: string | null;
  /** Its User-Agent header. */
  userAgent: string | null;
}

export interface SignInOptions {
  clock: Clock;
  passwords?: Passwords;
  visitor?: Visitor;
}

/** Both tokens are for cookies: the store keeps their hashes alone. */
export interface SignInResult {
  user: User;
  /** Of the new session. */
  token: string;
  /** Of the browser, which from now on is one that the user has signed in with. */
  deviceToken: string;
}

const UNKNOWN: Visitor = { address: null, deviceToken: null, userAgent: null };

/**
 * Checks the credentials and starts a session, for users whose password is all that signs them in.
 *
 * @returns null when {@linkcode checkCredentials} does, and for a user with a second factor, whom
 *     {@linkcode beginSignIn} leads on.
 * @throws {ThrottledError} after too many attempts, or when too many sign in at once.
 */
export async function signIn(
  store: Store,
  credentials: Credentials,
  options: SignInOptions,
): Promise<SignInResult | null> {
  const user = await checkCredentials(store, credentials, options);
  if (!user || user.secondFactorAt) return null;
  return await admit(store, user, options);
}

/**
 * Whose credentials these are.
 *
 * An address nobody has, a wrong password, an account without a password and a disabled one are the
 * same to the caller: null, after the same reads and writes and the time of one hash.
 *
 * @throws {ThrottledError} after too many attempts, or when too many sign in at once.
 */
export async function checkCredentials(
  store: Store,
  { email, password }: Credentials,
  { clock, passwords = processPasswords, visitor = UNKNOWN }: SignInOptions,
): Promise<User | null> {
  const [user, device] = await Promise.all([
    getUserByEmail(store, email),
    readDevice(store, visitor.deviceToken, clock),
  ]);
  const hash = user?.passwordHash ?? null;
  const counters = countersFor(email, user, device, visitor);
  const attempt = await countAttempt(store, counters, clock);
  let matches: boolean;
  try {
    matches = await passwords.verify(password, hash);
  } catch (error) {
    await attempt.cancelled();
    throw error;
  }
  if (!user || !hash || !matches || user.status !== "active") return null;
  await attempt.succeeded();
  if (passwords.needsRehash(hash)) {
    const to = await passwords.hash(password);
    await replacePasswordHash(store, user.id, { from: hash, to });
  }
  return user;
}

/** Starts a session for a user who has just proved who they are, and remembers the browser. */
export async function admit(
  store: Store,
  user: User,
  { clock, visitor = UNKNOWN }: Pick<SignInOptions, "clock" | "visitor">,
): Promise<SignInResult> {
  const userAgent = shortUserAgent(visitor.userAgent);
  const token = await startSession(store, user, clock, { userAgent });
  const deviceToken = await rememberDevice(
    store,
    user,
    visitor.deviceToken,
    clock,
  );
  return { user, token, deviceToken };
}

function countersFor(
  email: string,
  user: User | null,
  device: PresentedDevice | null,
  { address }: Visitor,
): Counter[] {
  const { account, device: own, address: network } = SIGN_IN_LIMITS;
  if (isDeviceOf(device, user)) {
    return [{
      kind: "sign_in.device",
      subject: device.tokenHash,
      limit: own,
      onSuccess: "clear",
    }];
  }
  // The address comes first: whoever is stopped there cannot use up the attempts of an account.
  const byAddress: Counter[] = address === null ? [] : [{
    kind: "sign_in.address",
    subject: address,
    limit: network,
    onSuccess: "return",
  }];
  return [...byAddress, {
    kind: "sign_in.account",
    subject: normalizeEmail(email),
    limit: account,
    onSuccess: "clear",
  }];
}
