import { type SessionHint, SessionHints } from "./_session_hints.ts";
import { kvOf, type Store } from "./_store.ts";
import { RowsAhead, tenantRowKeys, tenantRowsOf } from "./_tenant_rows.ts";
import { keys } from "./keys.ts";
import { listMemberships } from "./memberships.ts";
import type { Membership } from "./roles.ts";
import type { Session } from "./sessions.ts";
import { DEFAULT_PORTAL_SETTINGS, type Settings } from "./settings.ts";
import { isSlug } from "./tenants.ts";
import { findUser } from "./users.ts";
import type { User } from "./user.ts";

export type { RowsAhead };

/** What a request needs to know of who makes it, and where. */
export interface RequestRows {
  /** May be past its time: the database removes it late. */
  session: Session;
  /** Null where there is none any more. */
  user: User | null;
  memberships: Membership[];
  /** The tenant that has the slug, whoever may open it; null where none has it, or none was asked for. */
  tenantId: string | null;
  /** What that tenant is opened with, where it was read in the same moment: for `openTenantBeside()`. */
  ahead: RowsAhead | null;
  settings: Settings;
}

const hints = new WeakMap<Store, SessionHints>();

function hintsOf(store: Store): SessionHints {
  let known = hints.get(store);
  if (!known) hints.set(store, known = new SessionHints());
  return known;
}

/**
 * The session of a token's hash, its user and what that user may do, and beside them the id behind the slug that the
 * request names and the portal's settings. All strongly consistent, and read in this moment: where the process has
 * let the session in before, at once, else one after the other. Null where there is no such session.
 */
export async function readRequestRows(
  store: Store,
  tokenHash: string,
  slug: string | null,
): Promise<RequestRows | null> {
  const named = slug !== null && isSlug(slug) ? slug : null;
  const found = await readAtOnce(store, tokenHash, named) ??
    await readInTurn(store, tokenHash, named);
  if (found.session) return found;
  forgetEntrance(store, tokenHash);
  return null;
}

/**
 * Remembers that a session was let into a workspace, so that the rows of its next request there are read at once.
 * It opens nothing: they are held against each other, and against what the user may do, as if it had never been there.
 */
export function rememberEntrance(
  store: Store,
  tokenHash: string,
  entrance: SessionHint,
): void {
  hintsOf(store).set(tokenHash, entrance);
}

/** Forgets where a session went: it has no business there any more. */
export function forgetEntrance(store: Store, tokenHash: string): void {
  hintsOf(store).delete(tokenHash);
}

type Found = RequestRows | { session: null };

/** Null where the session has not been here before, or what was remembered of it holds no more. */
async function readAtOnce(
  store: Store,
  tokenHash: string,
  slug: string | null,
): Promise<Found | null> {
  const hint = hintsOf(store).get(tokenHash);
  if (hint?.slug !== slug || slug === null) return null;
  const { userId, tenantId } = hint;
  const [[session, settings, user, ...rows], memberships] = await Promise.all([
    kvOf(store).getMany<unknown>([
      keys.session(tokenHash),
      keys.settings(),
      keys.user(userId),
      ...tenantRowKeys(tenantId, userId),
    ]),
    listMemberships(store, userId),
  ]);
  const value = session?.value as Session | null;
  if (!value) return { session: null };
  const tenant = tenantRowsOf(tenantId, userId, rows);
  // The tenant's own row says whose the slug is now.
  if (value.userId !== userId || tenant.tenant?.slug !== slug) return null;
  return {
    session: value,
    user: (user?.value ?? null) as User | null,
    memberships,
    tenantId,
    ahead: new RowsAhead(tenant),
    settings: settingsOf(settings),
  };
}

async function readInTurn(
  store: Store,
  tokenHash: string,
  slug: string | null,
): Promise<Found> {
  const [session, settings, tenantId] = await kvOf(store).getMany<unknown>([
    keys.session(tokenHash),
    keys.settings(),
    ...slug === null ? [] : [keys.tenantBySlug(slug)],
  ]);
  const value = session?.value as Session | null;
  if (!value) return { session: null };
  const [user, memberships] = await Promise.all([
    findUser(store, value.userId),
    listMemberships(store, value.userId),
  ]);
  return {
    session: value,
    user,
    memberships,
    tenantId: (tenantId?.value ?? null) as string | null,
    ahead: null,
    settings: settingsOf(settings),
  };
}

function settingsOf(entry: Deno.KvEntryMaybe<unknown> | undefined): Settings {
  return (entry?.value ?? DEFAULT_PORTAL_SETTINGS) as Settings;
}
