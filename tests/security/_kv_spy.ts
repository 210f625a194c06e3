import type { KvOperation } from "../../lib/store/mod.ts";

/** Whose keys a request may touch. */
export interface Reach {
  /** Null: nobody is signed in, and no tenant's data is to be had. */
  tenantId: string | null;
  /** Members of this tenant, who may be shown to each other, and the agency's people, who invite them. */
  userIds: ReadonlySet<string>;
  /** Whether the request may sign somebody in: an address that is typed there is looked up. */
  signsIn: boolean;
}

type Allowed = (key: Deno.KvKey, reach: Reach) => boolean;

const always: Allowed = () => true;
const ofTenant: Allowed = ([, id], { tenantId }) => id === tenantId;
const ofUser: Allowed = ([, id], { userIds }) => userIds.has(String(id));

/**
 * Every key beyond a tenant's prefix that a request of its people may touch, by its first part. What is not
 * named here, a new table included, fails.
 */
const GLOBAL: Record<string, Allowed> = {
  /** Named by a hash of what the browser has; the row says whose it is. */
  sessions: always,
  challenges: always,
  /** Looked up by a hash, or listed and filtered by scope: invitations have no index by tenant. */
  links: always,
  /** Only counters. */
  throttle: always,
  /** A slug's id: that another brand's slug is taken is told to nobody. */
  tenants_by_slug: always,
  settings: always,
  /** Whether the database answers, and by which layout. */
  store_id: always,
  schema_version: always,
  users_by_email: always,
  /** Entries are appended; only the agency reads them. */
  audit: always,
  /** What is asked for is found by its id, and refused unless it is the user's own. */
  passkeys: always,
  /** Found by the hash of the token that the request has. */
  api_tokens: always,
  api_tokens_by_tenant: ofTenant,
  tenants: ofTenant,
  memberships_by_tenant: ofTenant,
  sync_due: ofTenant,
  users: (key, reach) =>
    key[1] === "unknown" || reach.signsIn || ofUser(key, reach),
  /** Whether somebody, whoever it is, has a role here. */
  memberships: (key, reach) => key[2] === reach.tenantId || ofUser(key, reach),
  sessions_by_user: ofUser,
  second_factors: ofUser,
  passkeys_by_user: ofUser,
};

/** The keys that a request has touched though they are neither its tenant's nor on the list. */
export function strayKeys(
  operations: readonly KvOperation[],
  reach: Reach,
): string[] {
  const isAllowed = (key: Deno.KvKey) => {
    const [table] = key;
    // Whether another brand has a calendar of this address is looked up by the address's hash.
    if (table === "t" && key[2] === "calendar_feeds" && key.length === 4) {
      return true;
    }
    if (table === "t") return key[1] === reach.tenantId;
    return GLOBAL[String(table)]?.(key, reach) ?? false;
  };
  return operations.flatMap(({ kind, keys }) =>
    keys.filter((key) => !isAllowed(key)).map((key) =>
      `${kind} ${JSON.stringify(key)}`
    )
  );
}
