import { isSlug } from "./tenants.ts";
import { keys } from "./keys.ts";
import type { Session } from "./sessions.ts";
import { DEFAULT_PORTAL_SETTINGS, type Settings } from "./settings.ts";
import { kvOf, type Store } from "./_store.ts";

/** What a request needs to know before it is known whose it is. */
export interface RequestRows {
  /** May be past its time: the database removes it late. */
  session: Session | null;
  /** The tenant that has the slug, whoever may open it; null where none has it, or none was asked for. */
  tenantId: string | null;
  settings: Settings;
}

/**
 * The session of a token's hash, and beside it the id behind the slug that the request names and the
 * portal's settings: one read, strongly consistent. Nothing of the tenant itself is touched.
 */
export async function readRequestRows(
  store: Store,
  tokenHash: string,
  slug: string | null,
): Promise<RequestRows> {
  const named = slug !== null && isSlug(slug) ? slug : null;
  const [session, settings, tenantId] = await kvOf(store).getMany<unknown>([
    keys.session(tokenHash),
    keys.settings(),
    ...named === null ? [] : [keys.tenantBySlug(named)],
  ]);
  return {
    session: session?.value as Session | null,
    tenantId: (tenantId?.value ?? null) as string | null,
    settings: (settings?.value ?? DEFAULT_PORTAL_SETTINGS) as Settings,
  };
}
