import { type Clock, ConflictError } from "../domain/mod.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["sessions", sha256(token)]`. Whether it is still good is for lib/auth to say. */
export interface Session {
  userId: string;
  /** The user's `sessionEpoch` when the session began. */
  epoch: number;
  /** The workspace that was chosen. */
  tenantId: string | null;
  /** All three are ISO 8601 UTC. */
  createdAt: string;
  seenAt: string;
  expiresAt: string;
}

/** Deletes fit one atomic operation many times over with this many sessions. */
const DELETE_BATCH = 250;

/**
 * Stores a session with its row by user; both go by themselves some time after `expiresAt`.
 *
 * @throws {ConflictError} when the hash is in use, which 256 random bits rule out.
 */
export async function createSession(
  store: Store,
  tokenHash: string,
  session: Session,
  clock: Clock,
): Promise<void> {
  const expireIn = lifetime(session, clock);
  const key = keys.session(tokenHash);
  const { ok } = await kvOf(store).commit({
    checks: [{ key, versionstamp: null }],
    sets: [
      { key, value: session, expireIn },
      {
        key: keys.sessionByUser(session.userId, tokenHash),
        value: session.createdAt,
        expireIn,
      },
    ],
  });
  if (!ok) {
    throw new ConflictError("Cannot start a session: its token is in use");
  }
}

/** The session, or null. It may be past its time: the database removes it late. */
export async function getSession(
  store: Store,
  tokenHash: string,
): Promise<Session | null> {
  return (await kvOf(store).get<Session>(keys.session(tokenHash))).value;
}

/**
 * Changes a session; one that is gone is not brought back.
 *
 * @throws {NotFoundError} when it has ended.
 * @throws {ConflictError} when others changed it all the time.
 */
export function updateSession(
  store: Store,
  tokenHash: string,
  patch: Partial<Pick<Session, "tenantId" | "seenAt">>,
  clock: Clock,
): Promise<Session> {
  const key = keys.session(tokenHash);
  return updateRecord<Session>(
    kvOf(store),
    key,
    "a session",
    (current) => {
      const value = { ...current, ...patch };
      return { value, expireIn: lifetime(value, clock) };
    },
  );
}

/** Ends a session; nothing happens when it has ended already. */
export async function deleteSession(
  store: Store,
  tokenHash: string,
): Promise<void> {
  const session = await getSession(store, tokenHash);
  if (!session) return;
  await kvOf(store).commit({
    deletes: [
      keys.session(tokenHash),
      keys.sessionByUser(session.userId, tokenHash),
    ],
  });
}

/** Removes the rows of every session of the user; returns how many there were. */
export async function deleteSessionsOfUser(
  store: Store,
  userId: string,
): Promise<number> {
  const kv = kvOf(store);
  const hashes: string[] = [];
  const rows = kv.list({ prefix: prefixes.sessionsByUser(userId) });
  for await (const { key } of rows) hashes.push(String(key.at(-1)));
  for (let at = 0; at < hashes.length; at += DELETE_BATCH) {
    await kv.commit({
      deletes: hashes.slice(at, at + DELETE_BATCH).flatMap((hash) => [
        keys.session(hash),
        keys.sessionByUser(userId, hash),
      ]),
    });
  }
  return hashes.length;
}

/** Milliseconds that the row is kept; at least one, since KV takes no less. */
function lifetime({ expiresAt }: Session, clock: Clock): number {
  return Math.max(1, Date.parse(expiresAt) - clock.now());
}
