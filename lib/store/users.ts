import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
  UsageError,
} from "../domain/mod.ts";
import type { Commit } from "./_kv.ts";
import { newUserCommit } from "./_new_user.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes } from "./keys.ts";
import type { MembershipInput } from "./memberships.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["users", id]`. Never leaves the server as it is: it holds the password's hash. */
export interface User {
  id: string;
  /** Small letters, see {@linkcode normalizeEmail}; unique. */
  email: string;
  name: string;
  /** Made by lib/auth; null: cannot sign in with a password. */
  passwordHash: string | null;
  status: "active" | "disabled";
  /**
   * A session is good only while it holds this number, so that one write ends them all,
   * those included that are being started at the same moment.
   */
  sessionEpoch: number;
  /** The hash of the one reset link that is good: a newer link and a new password end it. */
  resetLink?: string | null;
  /** Since when a password alone does not sign in, ISO 8601 UTC; see {@linkcode SecondFactor}. */
  secondFactorAt?: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface NewUser {
  id?: string;
  email: string;
  name: string;
  passwordHash: string | null;
  /** Given at once, in the same atomic operation. */
  membership?: MembershipInput;
}

/** What may be changed of a user. */
export type UserPatch = Partial<
  Pick<User, "email" | "name" | "passwordHash" | "status">
>;

const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
/** RFC 5321: a path has 256 octets, two of them brackets. */
const MAX_EMAIL_BYTES = 254;

/** The form in which addresses are compared: trimmed, NFC, small letters. */
export function normalizeEmail(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

/** Whether the text, once normalized, has the form of an e-mail address. */
export function isEmail(text: string): boolean {
  return EMAIL.test(text) && text.isWellFormed() &&
    new TextEncoder().encode(text).length <= MAX_EMAIL_BYTES;
}

/**
 * @throws {UsageError} for a malformed address, a blank name or a role that does not fit its scope.
 * @throws {ConflictError} when the address is taken.
 */
export async function createUser(
  store: Store,
  input: NewUser,
  clock: Clock,
): Promise<User> {
  const { user, ...commit } = newUserCommit(input, isoNow(clock));
  const { ok } = await kvOf(store).commit(commit);
  if (!ok) throw emailTaken("create", user.email);
  return user;
}

/** @throws {NotFoundError} */
export async function getUser(store: Store, id: string): Promise<User> {
  const user = await findUser(store, id);
  if (!user) throw new NotFoundError(`Cannot find user '${id}'`);
  return user;
}

/** The user, or null. */
export async function findUser(
  store: Store,
  id: string,
): Promise<User | null> {
  return (await kvOf(store).get<User>(keys.user(id))).value;
}

/** The user with this address in any spelling of its letters, or null. */
export async function getUserByEmail(
  store: Store,
  email: string,
): Promise<User | null> {
  const normal = normalizeEmail(email);
  if (!isEmail(normal)) return null;
  const kv = kvOf(store);
  const { value: id } = await kv.get<string>(keys.userByEmail(normal));
  // The second read is made in vain too: a sign-in must take as long for an address nobody has.
  const { value: user } = await kv.get<User>(keys.user(id ?? "unknown"));
  return id === null ? null : user;
}

/** Every user, by address. */
export async function listUsers(store: Store): Promise<User[]> {
  const users: User[] = [];
  const rows = kvOf(store).list<User>({ prefix: prefixes.users() });
  for await (const { value } of rows) users.push(value);
  return users.sort((a, b) => a.email < b.email ? -1 : 1);
}

/**
 * Changes a user. A new password and a disabled account end every session of the user.
 *
 * @throws {NotFoundError} for an unknown id.
 * @throws {UsageError} when the user would no longer be valid.
 * @throws {ConflictError} when the address is taken, or others changed the user all the time.
 */
export function updateUser(
  store: Store,
  id: string,
  patch: UserPatch,
  clock: Clock,
): Promise<User> {
  const kv = kvOf(store);
  return updateRecord<User>(
    kv,
    keys.user(id),
    `user '${id}'`,
    async (current) => {
      const value: User = { ...current, ...patch, updatedAt: isoNow(clock) };
      value.email = normalizeEmail(value.email);
      assertValidUser(value);
      if (
        value.passwordHash !== current.passwordHash ||
        value.status === "disabled"
      ) {
        value.sessionEpoch++;
        value.resetLink = null;
      }
      if (value.email === current.email) return { value };
      // It was sent to the address that was.
      value.resetLink = null;
      const byEmail = keys.userByEmail(value.email);
      const taken = await kv.get(byEmail);
      if (taken.versionstamp !== null) throw emailTaken("change", value.email);
      const moved: Commit = {
        checks: [{ key: byEmail, versionstamp: null }],
        sets: [{ key: byEmail, value: id }],
        deletes: [keys.userByEmail(current.email)],
      };
      return { value, ...moved };
    },
  );
}

/**
 * Stores the same password's hash at a new cost: sessions go on. Nothing happens when the password
 * was changed meanwhile.
 */
export async function replacePasswordHash(
  store: Store,
  userId: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await updateRecord<User>(
    kvOf(store),
    keys.user(userId),
    `user '${userId}'`,
    (current) => ({
      value: current.passwordHash === from
        ? { ...current, passwordHash: to }
        : current,
    }),
  );
}

/**
 * Stores the hash of another password, which ends every session of the user.
 *
 * @param change `from`: the hash of the password that was checked.
 * @throws {ConflictError} when the password was changed meanwhile.
 */
export function changePasswordHash(
  store: Store,
  userId: string,
  { from, to }: { from: string; to: string },
  clock: Clock,
): Promise<User> {
  return updateRecord<User>(
    kvOf(store),
    keys.user(userId),
    `user '${userId}'`,
    (current) => {
      if (current.passwordHash !== from) {
        throw new ConflictError(
          "Cannot change the password: it was changed meanwhile",
        );
      }
      const value = {
        ...current,
        passwordHash: to,
        sessionEpoch: current.sessionEpoch + 1,
        resetLink: null,
        updatedAt: isoNow(clock),
      };
      return { value };
    },
  );
}

/** Ends every session of the user, those being started included. */
export async function endSessionsOfUser(
  store: Store,
  userId: string,
): Promise<User> {
  return await updateRecord<User>(
    kvOf(store),
    keys.user(userId),
    `user '${userId}'`,
    (current) => ({
      value: { ...current, sessionEpoch: current.sessionEpoch + 1 },
    }),
  );
}

/** @throws {UsageError} for a malformed address or a blank name. */
export function assertValidUser(
  { email, name }: Pick<User, "email" | "name">,
): void {
  if (!isEmail(email)) {
    throw new UsageError(
      `Cannot keep user '${email}': this is not an e-mail address`,
    );
  }
  if (name === "") {
    throw new UsageError(`Cannot keep user '${email}': the name is blank`);
  }
}

function emailTaken(verb: string, email: string): ConflictError {
  return new ConflictError(
    `Cannot ${verb} user '${email}': another user has this e-mail address`,
  );
}
