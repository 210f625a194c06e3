import { type Clock, ConflictError, NotFoundError } from "../domain/mod.ts";
import {
  createSession,
  deleteSession,
  deleteSessionsOfUser,
  endSessionsOfUser,
  listSessionsOfUser,
  type Membership,
  readRequestRows,
  replaceSession,
  type RowsAhead,
  type Session,
  sessionId,
  type Settings,
  type Store,
  updateSession,
  type User,
} from "../store/mod.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A session that is not used ends after this many milliseconds: a working day. */
export const SESSION_IDLE_MS = 8 * HOUR;
/** And every session ends after this many. */
export const SESSION_ABSOLUTE_MS = 24 * HOUR;
/** How old `seenAt` may be before it is written again: one write in five minutes, not one per request. */
const SEEN_EVERY_MS = 5 * MINUTE;

/** Who makes a request: the session, its user, and what the user may do where. */
export interface SignedIn {
  tokenHash: string;
  session: Session;
  user: User;
  memberships: Membership[];
  /** The tenant behind the slug that the request named, whoever may open it, and what was read of it beside. */
  asked:
    | { slug: string; tenantId: string | null; ahead: RowsAhead | null }
    | null;
  /** What holds for the whole portal. */
  settings: Settings;
}

/**
 * Starts a session for a user who has just proved who they are.
 *
 * @param about `userAgent`: the browser in a few words, for the list of sessions.
 * @returns The token for the cookie: the store keeps its hash alone.
 */
export async function startSession(
  store: Store,
  user: User,
  clock: Clock,
  { userAgent = null }: { userAgent?: string | null } = {},
): Promise<string> {
  const token = newToken();
  const now = clock.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  await createSession(store, hashToken(token), {
    userId: user.id,
    epoch: user.sessionEpoch,
    tenantId: null,
    createdAt: iso(now),
    seenAt: iso(now),
    expiresAt: iso(now + SESSION_ABSOLUTE_MS),
    userAgent,
  }, clock);
  return token;
}

/**
 * Who the token stands for, read strongly consistent; null when it stands for nobody any more:
 * signed out, past its idle or absolute limit, ended by a new password, or the user was disabled.
 * Three reads, two of them at the same time; two at the same time where the session has been in this workspace before.
 *
 * @param about `slug`: the workspace that the request names, which is looked up beside the session. `use: false`
 * only looks: the session does not count as used.
 */
export async function readSession(
  store: Store,
  token: string,
  clock: Clock,
  { slug = null, use = true }: { slug?: string | null; use?: boolean } = {},
): Promise<SignedIn | null> {
  if (!isToken(token)) return null;
  const tokenHash = hashToken(token);
  const rows = await readRequestRows(store, tokenHash, slug);
  if (!rows) return null;
  const { session, user, memberships, tenantId, ahead, settings } = rows;
  if (isOver(session, clock)) return null;
  if (!user || user.status !== "active") return null;
  if (user.sessionEpoch !== session.epoch) return null;
  if (use) await noteSeen(store, tokenHash, session, clock);
  const asked = slug === null ? null : { slug, tenantId, ahead };
  return { tokenHash, session, user, memberships, asked, settings };
}

/** Ends the session of a token; nothing happens when there is none. */
export async function endSession(store: Store, token: string): Promise<void> {
  if (isToken(token)) await deleteSession(store, hashToken(token));
}

/** A session as its owner and admins may see it: nothing in it opens anything. */
export interface PublicSession {
  /** Names it in a form. */
  id: string;
  /** Both ISO 8601 UTC; `seenAt` is exact to five minutes. */
  createdAt: string;
  seenAt: string;
  /** Such as "Firefox on Windows"; null where it is not known. */
  userAgent: string | null;
}

/** The sessions of the user that are still good, the one used last first. */
export async function listSessions(
  store: Store,
  user: User,
  clock: Clock,
): Promise<PublicSession[]> {
  const stored = await listSessionsOfUser(store, user.id);
  return stored
    .filter(({ session }) =>
      session.epoch === user.sessionEpoch && !isOver(session, clock)
    )
    .map(({ tokenHash, session }) => ({
      id: sessionId(tokenHash),
      createdAt: session.createdAt,
      seenAt: session.seenAt,
      userAgent: session.userAgent ?? null,
    }))
    .sort((a, b) =>
      b.seenAt.localeCompare(a.seenAt) || b.createdAt.localeCompare(a.createdAt)
    );
}

/**
 * Goes on with a session after a change of the user that ended all of them: it gets a new token, the
 * others are removed.
 *
 * @param changed The user as it is now.
 * @returns `token` is null when this very session was ended meanwhile.
 */
export async function renewSession(
  store: Store,
  signedIn: SignedIn,
  changed: User,
  clock: Clock,
): Promise<{ token: string | null; signedIn: SignedIn }> {
  const token = newToken();
  const tokenHash = hashToken(token);
  let session: Session;
  try {
    const patch = { epoch: changed.sessionEpoch };
    session = await replaceSession(
      store,
      signedIn.tokenHash,
      tokenHash,
      patch,
      clock,
    );
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { token: null, signedIn };
  }
  await deleteSessionsOfUser(store, changed.id, { except: tokenHash });
  return {
    token,
    signedIn: { ...signedIn, tokenHash, session, user: changed },
  };
}

/** Ends every session of the user but this one, those being started included; this one gets a new token. */
export async function endOtherSessions(
  store: Store,
  signedIn: SignedIn,
  clock: Clock,
): Promise<{ token: string | null; signedIn: SignedIn }> {
  const changed = await endSessionsOfUser(store, signedIn.user.id);
  return await renewSession(store, signedIn, changed, clock);
}

/** Remembers the workspace that the user chose. */
export async function chooseWorkspace(
  store: Store,
  { tokenHash }: SignedIn,
  tenantId: string,
  clock: Clock,
): Promise<void> {
  await updateSession(store, tokenHash, { tenantId }, clock);
}

function isOver({ seenAt, expiresAt }: Session, clock: Clock): boolean {
  const now = clock.now();
  return now >= Date.parse(expiresAt) ||
    now >= Date.parse(seenAt) + SESSION_IDLE_MS;
}

async function noteSeen(
  store: Store,
  tokenHash: string,
  { seenAt }: Session,
  clock: Clock,
): Promise<void> {
  const now = clock.now();
  if (now - Date.parse(seenAt) < SEEN_EVERY_MS) return;
  const seen = { seenAt: new Date(now).toISOString() };
  try {
    await updateSession(store, tokenHash, seen, clock);
  } catch (error) {
    // Signed out in another tab at this moment, which the next request finds out; or noted by other requests.
    if (error instanceof NotFoundError || error instanceof ConflictError) {
      return;
    }
    throw error;
  }
}
