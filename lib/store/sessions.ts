import { type Clock, ConflictError, NotFoundError } from "../domain/mod.ts";
import { partsOf } from "./_parts.ts";
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
  /** The browser in a few words ("Firefox on Windows"), noted when the session began. */
  userAgent?: string | null;
}

/** A session with the key that it is stored under. */
export interface StoredSession {
  tokenHash: string;
  session: Session;
}

/** Characters of a token's hash that name a session to people: 64 bits, from which no token follows. */
const ID_LENGTH = 16;

/** The name of a session in lists and forms. */
export function sessionId(tokenHash: string): string {
  return tokenHash.slice(0, ID_LENGTH);
}

/** Deletes fit one atomic operation many times over with this many sessions. */
const DELETE_BATCH = 250;
/** How often a renewal begins again because the session was changed meanwhile. */
const RENEWALS = 5;

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

/**
 * Gives a session another token, in one atomic operation: the old one is dead from then on.
 *
 * @throws {NotFoundError} when the session has ended: it is not brought back.
 * @throws {ConflictError} when others changed it all the time.
 */
export async function replaceSession(
  store: Store,
  from: string,
  to: string,
  patch: Partial<Pick<Session, "epoch">>,
  clock: Clock,
): Promise<Session> {
  const kv = kvOf(store);
  const key = keys.session(from);
  for (let tries = 0; tries < RENEWALS; tries++) {
    const { value, versionstamp } = await kv.get<Session>(key);
    if (!value) throw new NotFoundError("Cannot renew a session: it has ended");
    const session = { ...value, ...patch };
    const expireIn = lifetime(session, clock);
    const renewed = keys.session(to);
    const byUser = keys.sessionByUser(session.userId, to);
    const { ok } = await kv.commit({
      checks: [
        { key, versionstamp },
        { key: renewed, versionstamp: null },
      ],
      sets: [
        { key: renewed, value: session, expireIn },
        { key: byUser, value: session.createdAt, expireIn },
      ],
      deletes: [key, keys.sessionByUser(session.userId, from)],
    });
    if (ok) return session;
  }
  throw new ConflictError("Cannot renew a session: it is being changed");
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
  if (session) await deleteRows(store, session.userId, [tokenHash]);
}

/** Every session of the user whose row is there; whether it is still good is for lib/auth to say. */
export async function listSessionsOfUser(
  store: Store,
  userId: string,
): Promise<StoredSession[]> {
  const hashes = await hashesOf(store, userId);
  const rows = await kvOf(store).getMany<Session>(hashes.map(keys.session));
  return rows.flatMap(({ value }, at) =>
    value ? [{ tokenHash: hashes[at]!, session: value }] : []
  );
}

/**
 * Ends one session of the user, named by its {@linkcode sessionId}.
 *
 * @throws {NotFoundError} when the user has none of this name.
 */
export async function deleteSessionOfUser(
  store: Store,
  userId: string,
  id: string,
): Promise<void> {
  const hashes = await hashesOf(store, userId);
  const hash = hashes.find((hash) => sessionId(hash) === id);
  if (!hash) throw new NotFoundError("Cannot end a session: there is none");
  await deleteRows(store, userId, [hash]);
}

/** Removes the rows of every session of the user, but for one; returns how many there were. */
export async function deleteSessionsOfUser(
  store: Store,
  userId: string,
  { except }: { except?: string } = {},
): Promise<number> {
  const hashes = (await hashesOf(store, userId))
    .filter((hash) => hash !== except);
  for (const some of partsOf(hashes, DELETE_BATCH)) {
    await deleteRows(store, userId, some);
  }
  return hashes.length;
}

async function hashesOf(store: Store, userId: string): Promise<string[]> {
  const hashes: string[] = [];
  const rows = kvOf(store).list({ prefix: prefixes.sessionsByUser(userId) });
  for await (const { key } of rows) hashes.push(String(key.at(-1)));
  return hashes;
}

async function deleteRows(
  store: Store,
  userId: string,
  hashes: string[],
): Promise<void> {
  await kvOf(store).commit({
    deletes: hashes.flatMap((hash) => [
      keys.session(hash),
      keys.sessionByUser(userId, hash),
    ]),
  });
}

/** Milliseconds that the row is kept; at least one, since KV takes no less. */
function lifetime({ expiresAt }: Session, clock: Clock): number {
  return Math.max(1, Date.parse(expiresAt) - clock.now());
}
