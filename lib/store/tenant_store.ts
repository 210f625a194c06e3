import {
  emptySyncState,
  NotFoundError,
  type StreamName,
  type SyncState,
  type VisitMark,
} from "../domain/mod.ts";
import { listingKeys, listingsOf } from "./_listings.ts";
import { kvOf, listsOf, type Store } from "./_store.ts";
import {
  type RowsAhead,
  rowsOf,
  tenantRowKeys,
  tenantRowsOf,
} from "./_tenant_rows.ts";
import { tenantKeys } from "./keys.ts";
import { RawReader } from "./raw_reader.ts";
import { StoredReader } from "./stored_reader.ts";
import type { Opened } from "./tenant/opened.ts";
import { type ContactReader, contactReader } from "./tenant/contacts.ts";
import { type HistoryReader, historyReader } from "./tenant/history.ts";
import { type KeptReader, keptReader } from "./tenant/kept.ts";
import { type LeadReader, leadReader } from "./tenant/leads.ts";
import { type NoteReader, noteReader } from "./tenant/notes.ts";
import {
  type OpportunityReader,
  opportunityReader,
} from "./tenant/opportunities.ts";
import { type PersonReader, personReader } from "./tenant/person.ts";
import { type RecentReader, recentReader } from "./tenant/recent.ts";
import { type ReportReader, reportReader } from "./tenant/reports.ts";
import { type RunReader, runReader } from "./tenant/runs.ts";
import { type ScheduleReader, scheduleReader } from "./tenant/schedule.ts";
import { type ViewReader, viewReader } from "./tenant/views.ts";
import type { Tenant, TenantListing, TenantStatus } from "./tenant.ts";

/**
 * Why the records of an earlier day are not known: raw of that day is no longer kept, or a run that ended on its way
 * has left its mark on it.
 */
export type Untold = "beyond" | "unsettled";

/** What a tenant's store is opened with, and whether its records are known. */
export interface TenantHead {
  readonly id: string;
  readonly tenant: Tenant;
  readonly status: TenantStatus;
  /** What the tenant's runs have kept of ClientTether's answers. */
  readonly raw: RawReader;
  /** The tenant's records as they are stored, all of them. */
  readonly stored: StoredReader;
  /** The sync state as it was when the tenant was opened: no read. */
  readonly opened: SyncState;
  /** As it is now. One read. */
  syncState(): Promise<SyncState>;
  /** Why the records of these streams are not known; null where they are, as in the present always. */
  untold(...streams: StreamName[]): Promise<Untold | null>;
}

/**
 * One tenant's data for reading. Every key it touches is under the tenant's prefix;
 * there is no way to hand it a key.
 */
export interface TenantStore
  extends
    TenantHead,
    KeptReader,
    ViewReader,
    RecentReader,
    HistoryReader,
    LeadReader,
    OpportunityReader,
    ContactReader,
    NoteReader,
    PersonReader,
    ScheduleReader,
    ReportReader,
    RunReader {}

/**
 * Opens one tenant's data.
 *
 * @throws {NotFoundError} when there is no such tenant.
 */
export async function openTenant(
  store: Store,
  tenantId: string,
): Promise<TenantStore> {
  return (await openTenantBeside(store, tenantId, [])).data;
}

/**
 * Opens one tenant's data, and says in the same read what the tenants of the other ids are, which a menu
 * shows, and where the visits of a user stand.
 *
 * @param others Only what the reader may open too.
 * @param about `userId`: whose visits; `ahead`: the tenant's rows for this user, where `readRequestRows()` has just
 *     read them.
 * @throws {NotFoundError} when there is no such tenant.
 */
export async function openTenantBeside(
  store: Store,
  tenantId: string,
  others: readonly string[],
  { userId = "", ahead = null }: {
    userId?: string | undefined;
    ahead?: RowsAhead | null | undefined;
  } = {},
): Promise<{
  data: TenantStore;
  visit: VisitMark | null;
  others: Array<Pick<TenantListing, "tenant" | "status">>;
}> {
  const port = kvOf(store);
  const known = ahead && rowsOf(ahead);
  const isAhead = known?.tenantId === tenantId && known.userId === userId;
  const own = isAhead ? [] : tenantRowKeys(tenantId, userId);
  const wanted = [...own, ...listingKeys(others)];
  const found = wanted.length > 0 ? await port.getMany<unknown>(wanted) : [];
  const { tenant, status, state, stamp, visit } = isAhead
    ? known
    : tenantRowsOf(tenantId, userId, found);
  if (!tenant || !status) {
    throw new NotFoundError(`Cannot open tenant '${tenantId}': no such tenant`);
  }
  const k = tenantKeys(tenantId);
  const at: Opened = { port, k, tenantId, state, stamp, lists: listsOf(store) };
  return {
    data: readersOf(at, tenant, status),
    visit,
    others: listingsOf(others, found.slice(own.length)),
  };
}

/** Every room of an opened tenant under one roof. */
function readersOf(
  at: Opened,
  tenant: Tenant,
  status: TenantStatus,
): TenantStore {
  return {
    ...headOf(at, tenant, status),
    ...keptReader(at),
    ...viewReader(at),
    ...recentReader(at),
    ...historyReader(at),
    ...leadReader(at),
    ...opportunityReader(at),
    ...contactReader(at),
    ...noteReader(at),
    ...personReader(at),
    ...scheduleReader(at),
    ...reportReader(at),
    ...runReader(at),
  };
}

function headOf(
  { port, k, state }: Opened,
  tenant: Tenant,
  status: TenantStatus,
): TenantHead {
  return {
    id: tenant.id,
    tenant,
    status,
    raw: RawReader.under(port, k),
    stored: StoredReader.under(port, k),
    opened: state,
    syncState: async () => {
      const { value } = await port.get<SyncState>(k.syncState());
      return value ?? emptySyncState();
    },
    untold: () => Promise.resolve(null),
  };
}
