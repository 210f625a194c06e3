import { createPageFetch } from "./_page_fetch.ts";
import { pages } from "./_pages.ts";
import { activityWindow } from "./activity_window.ts";
import { ENDPOINTS } from "./endpoints.ts";
import type { ClientOptions } from "./options.ts";
import { readRecords } from "./read_records.ts";
import type { ApiResponse, ListParams, PageSource } from "./types.ts";
import type {
  CTActivityResponse,
  CTLeadResponse,
  CTNoteResponse,
  CTOpportunityResponse,
  CTSalesCycleResponse,
} from "./wire.ts";

/**
 * Reads one brand's account. Requests go one after another; what can pass is tried again (see `retryDelay`).
 * Upstream failures are values. The `getX` methods hold the whole list in memory; a sync reads by `pages`.
 */
export interface ClientTetherClient extends PageSource {
  getLeads(): Promise<ApiResponse<CTLeadResponse[]>>;
  getOpportunities(): Promise<ApiResponse<CTOpportunityResponse[]>>;
  getSalesCycles(): Promise<ApiResponse<CTSalesCycleResponse[]>>;
  /** Notes of the account or of one contact; for a contact, its history notes where there is no list of notes. */
  getNotes(
    filter?: Pick<ListParams, "contactId" | "since">,
  ): Promise<ApiResponse<CTNoteResponse[]>>;
  /** Without dates: from yesterday to 180 days ahead. */
  getScheduledActivities(
    filter?: Pick<ListParams, "startDate" | "endDate">,
  ): Promise<ApiResponse<CTActivityResponse[]>>;
}

/**
 * A client for one brand's account.
 *
 * @throws UsageError when a key cannot stand in a header, or the address is neither https nor this machine.
 */
export function createClient(options: ClientOptions): ClientTetherClient {
  const fetchPage = createPageFetch(options);
  const limit = options.pageSize ?? 100;
  const client: ClientTetherClient = {
    pages: (endpoint, params = {}) =>
      pages(
        (offset) => fetchPage(endpoint, params, { offset, limit }),
        { limit, paged: ENDPOINTS[endpoint].paging === "offset" },
      ),
    getLeads: () => readRecords(client, "leads", {}),
    getOpportunities: () => readRecords(client, "opportunities", {}),
    getSalesCycles: () => readRecords(client, "cycles", {}),
    getNotes: async (filter = {}) => {
      const notes = await readRecords(client, "notes", filter);
      const missing = !notes.ok && notes.error.kind === "not_found";
      return missing && filter.contactId !== undefined
        ? await readRecords(client, "contactNotes", filter)
        : notes;
    },
    getScheduledActivities: (filter = {}) => {
      const usual = activityWindow(options.clock.now(), options.timezone);
      return readRecords(client, "activities", {
        startDate: filter.startDate ?? usual.startDate,
        endDate: filter.endDate ?? usual.endDate,
      });
    },
  };
  return client;
}
