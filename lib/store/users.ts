import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import type { Commit } from "./_kv.ts";
import { newUserCommit } from "./_new_user.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes } from "./keys.ts";
import {
  assertValidUser,
  isEmail,
  type NewUser,
  normalizeEmail,
  type User,
  type UserPatch,
} from "./user.ts";
import { kvOf, type Store } from "./_store.ts";

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

function emailTaken(verb: string, email: string): ConflictError {
  return new ConflictError(
    `Cannot ${verb} user '${email}': another user has this e-mail address`,
  );
}
