import {
  emptySyncState,
  type SyncState,
  type VisitMark,
} from "../domain/mod.ts";
import { type Key, keys, tenantKeys } from "./keys.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";

/** What a tenant is opened with. */
export interface TenantRows {
  tenantId: string;
  /** Whose visits are among them. */
  userId: string;
  tenant: Tenant | null;
  status: TenantStatus | null;
  state: SyncState;
  /** The versionstamp of the state. */
  stamp: string;
  visit: VisitMark | null;
}

/** The rows that {@linkcode tenantRowsOf} takes, in its order. */
export function tenantRowKeys(tenantId: string, userId: string): Key[] {
  const k = tenantKeys(tenantId);
  return [keys.tenant(tenantId), k.state(), k.syncState(), k.visit(userId)];
}

/** What stands in a tenant's rows. */
export function tenantRowsOf(
  tenantId: string,
  userId: string,
  [tenant, status, state, visit]: readonly Deno.KvEntryMaybe<unknown>[],
): TenantRows {
  return {
    tenantId,
    userId,
    tenant: (tenant?.value ?? null) as Tenant | null,
    status: (status?.value ?? null) as TenantStatus | null,
    state: (state?.value ?? emptySyncState()) as SyncState,
    stamp: state?.versionstamp ?? "",
    visit: (visit?.value ?? null) as VisitMark | null,
  };
}

/** Takes out what {@linkcode RowsAhead} holds; private to lib/store. */
export let rowsOf: (ahead: RowsAhead) => TenantRows;

/**
 * A tenant's rows that were read together with the session. Nobody but `openTenantBeside()` can look into them, and
 * that is called once the membership has said so.
 */
export class RowsAhead {
  readonly #rows: TenantRows;

  static {
    rowsOf = (ahead) => ahead.#rows;
  }

  constructor(rows: TenantRows) {
    this.#rows = rows;
  }
}
