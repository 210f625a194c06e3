import type { StreamName } from "../domain/mod.ts";
import type { EndpointName, ListParams } from "./types.ts";

/** How one list is asked for. A wrong guess about ClientTether is one line here. */
export interface Endpoint {
  /** Whose records it serves: their ids and their fields are read by this stream's schema (wire.ts). */
  stream: StreamName;
  /** Below `API_PATH`; `{contactId}` is filled in. */
  path: string;
  /** `offset`: by `limit` and `offset`, counted in records; `none`: one answer holds everything. */
  paging: "offset" | "none";
  /** Our filter -> the name of the query parameter. */
  query: Partial<Record<keyof ListParams, string>>;
}

/** Origin of the live service. */
export const DEFAULT_BASE_URL = "https://api.clienttether.com";
/** Path before every endpoint's own. */
export const API_PATH = "/v2/api/";

/** Every list that is read, in one table. */
// deno-fmt-ignore
export const ENDPOINTS = {
  cycles: { stream: "cycles", path: "read_sales_cycle_list", paging: "offset", query: {} },
  leads: { stream: "leads", path: "read_client_list", paging: "offset", query: {} },
  opportunities: { stream: "opportunities", path: "read_opportunity_list", paging: "offset", query: {} },
  notes: { stream: "notes", path: "notes", paging: "offset", query: { contactId: "contact_id", since: "since" } },
  activities: { stream: "activities", path: "activities", paging: "offset", query: { startDate: "start_date", endDate: "end_date" } },
  contactNotes: { stream: "notes", path: "read_client_history_notes/{contactId}", paging: "offset", query: {} },
} as const satisfies Record<EndpointName, Endpoint>;

/** The address of one page. `offset` and `limit` count records; `endpoint.paging` "none" sends neither. */
export function pageUrl(
  baseUrl: string,
  endpoint: Endpoint,
  params: ListParams,
  page: { offset: number; limit: number },
): URL {
  const contactId = encodeURIComponent(params.contactId ?? "");
  const path = endpoint.path.replace("{contactId}", () => contactId);
  const url = new URL(API_PATH + path, baseUrl);
  for (const [key, name] of Object.entries(endpoint.query)) {
    const value = params[key as keyof ListParams];
    if (value !== undefined) url.searchParams.set(name, value);
  }
  if (endpoint.paging === "offset") {
    url.searchParams.set("limit", String(page.limit));
    url.searchParams.set("offset", String(page.offset));
  }
  return url;
}

/** Whether an id can be a segment of a path: dot segments and lone surrogates cannot. */
export function isPathSegment(id: string): boolean {
  return id !== "" && id !== "." && id !== ".." && id.isWellFormed();
}
