import { ConflictError, NotFoundError } from "../domain/mod.ts";
import { keys, prefixes } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["passkeys", id]`: the public half of a key pair whose other half an authenticator keeps. */
export interface Passkey {
  /** The credential's id, base64url. */
  id: string;
  userId: string;
  /** As its owner calls it. */
  name: string;
  /** COSE. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** How often it was used, as it says; 0 for good where it does not count. */
  counter: number;
  /** How a browser may reach it: "internal", "usb". */
  transports: string[];
  /** Both ISO 8601 UTC. */
  createdAt: string;
  lastUsedAt: string | null;
}

/** @throws {ConflictError} when somebody has it already. */
export async function createPasskey(
  store: Store,
  passkey: Passkey,
): Promise<void> {
  const key = keys.passkey(passkey.id);
  const { ok } = await kvOf(store).commit({
    checks: [{ key, versionstamp: null }],
    sets: [
      { key, value: passkey },
      {
        key: keys.passkeyByUser(passkey.userId, passkey.id),
        value: passkey.createdAt,
      },
    ],
  });
  if (!ok) {
    throw new ConflictError("Cannot add the passkey: it is there already");
  }
}

/** The passkey, or null. */
export async function findPasskey(
  store: Store,
  id: string,
): Promise<Passkey | null> {
  return (await kvOf(store).get<Passkey>(keys.passkey(id))).value;
}

/** The passkeys of the user, the oldest first. */
export async function listPasskeys(
  store: Store,
  userId: string,
): Promise<Passkey[]> {
  const ids = await idsOf(store, userId);
  const rows = await kvOf(store).getMany<Passkey>(ids.map(keys.passkey));
  return rows.flatMap(({ value }) => value ? [value] : [])
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/**
 * Notes a use. Its counter has to grow, unless it does not count: of two that say the same number, one
 * is a copy.
 *
 * @returns false when the counter did not grow, or the passkey is gone or in use at this moment.
 */
export async function notePasskeyUse(
  store: Store,
  id: string,
  { counter, at }: { counter: number; at: string },
): Promise<boolean> {
  const kv = kvOf(store);
  const key = keys.passkey(id);
  const { value, versionstamp } = await kv.get<Passkey>(key);
  if (!value) return false;
  const counts = counter > 0 || value.counter > 0;
  if (counts && counter <= value.counter) return false;
  const { ok } = await kv.commit({
    checks: [{ key, versionstamp }],
    sets: [{ key, value: { ...value, counter, lastUsedAt: at } }],
  });
  return ok;
}

/**
 * Removes a passkey of the user.
 *
 * @throws {NotFoundError} when the user has none of this id.
 */
export async function deletePasskey(
  store: Store,
  userId: string,
  id: string,
): Promise<Passkey> {
  const passkey = await findPasskey(store, id);
  if (passkey?.userId !== userId) {
    throw new NotFoundError("Cannot remove the passkey: there is none");
  }
  await kvOf(store).commit({
    deletes: [keys.passkey(id), keys.passkeyByUser(userId, id)],
  });
  return passkey;
}

/** Removes every passkey of the user; returns how many there were. */
export async function deletePasskeysOfUser(
  store: Store,
  userId: string,
): Promise<number> {
  const ids = await idsOf(store, userId);
  await kvOf(store).commit({
    deletes: ids.flatMap((id) => [
      keys.passkey(id),
      keys.passkeyByUser(userId, id),
    ]),
  });
  return ids.length;
}

async function idsOf(store: Store, userId: string): Promise<string[]> {
  const ids: string[] = [];
  const rows = kvOf(store).list({ prefix: prefixes.passkeysByUser(userId) });
  for await (const { key } of rows) ids.push(String(key.at(-1)));
  return ids;
}
