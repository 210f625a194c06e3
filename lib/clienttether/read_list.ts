import { hash } from "node:crypto";
import { oneAhead } from "../domain/mod.ts";
import { failure, toApiError } from "./_failure.ts";
import type {
  ApiResponse,
  EndpointName,
  ListParams,
  Page,
  PageSource,
  RawRow,
} from "./types.ts";

/** How a list was read. */
export interface ListResult {
  /** Rows of the pass that counts, duplicates included. */
  fetched: number;
  /** Different ids among them; rows without an id are told apart by their text. */
  distinct: number;
  /** TotalRecord of the last page; null when ClientTether did not say. */
  total: number | null;
  /** Always true: a list that is not complete is an error. */
  complete: true;
  /** Whether what the list lacks may be taken for removed. False where it shrank or moved while it was read. */
  removalsSafe: boolean;
  /** How often the list was read again from its start: 0 or 1. */
  rereads: 0 | 1;
  warnings: string[];
}

/** What takes the rows. While a call is at work the next page is under way, and no further one. */
export interface ListHandlers {
  /**
   * A page's rows. A record may come again on a later page when the list moves: the newest should win (`newerOf`).
   */
  onPage(rows: RawRow[], at: { pass: 1 | 2; page: Page }): unknown;
  /** The list is about to be read again: what pass 1 brought is to be forgotten. */
  onRestart?(): unknown;
}

/**
 * Reads a whole list, page by page. It is complete when its distinct ids reach the last page's TotalRecord, or, where
 * none is given, when it came to its end. One that falls short is read once more from its start; one that falls short
 * again is an error. A list reread whole counts as a complete pass.
 */
export async function readList(
  client: PageSource,
  endpoint: EndpointName,
  params: ListParams,
  handlers: ListHandlers,
): Promise<ApiResponse<ListResult>> {
  const warnings = new Set<string>();
  for (const pass of [1, 2] as const) {
    if (pass === 2) await handlers.onRestart?.();
    const tally = createTally();
    for await (const response of oneAhead(client.pages(endpoint, params))) {
      if (!response.ok) return response;
      const page = response.data;
      tally.add(page);
      page.warnings.forEach((warning) => warnings.add(warning));
      await handlers.onPage(page.rows, { pass, page });
    }
    const { complete, ...result } = tally.result();
    if (complete) {
      const rereads = pass === 1 ? 0 : 1;
      return {
        ok: true,
        data: { ...result, complete, rereads, warnings: [...warnings] },
      };
    }
    if (pass === 2) return fellShort(result.distinct, result.total);
    warnings.add("The list moved while it was read and was read again");
  }
  throw new Error("Cannot be reached: the second pass always answers");
}

function fellShort(distinct: number, total: number | null): ApiResponse<never> {
  const phrase =
    `sent ${distinct} of ${total} records, also when the list was read again`;
  return { ok: false, error: toApiError(failure("transient", phrase)) };
}

/** Counts one pass. Holds one id per record, never the records. */
function createTally() {
  const ids = new Set<string>();
  const nameless = new Set<string>();
  let fetched = 0;
  let steady = true;
  let total: number | null = null;
  let pages = 0;
  return {
    add(page: Page): void {
      if (pages++ > 0 && page.total !== total) steady = false;
      total = page.total;
      fetched += page.rows.length;
      for (const row of page.rows) {
        if (row.id === null) nameless.add(printOf(row));
        else ids.add(row.id);
      }
    },
    result() {
      const distinct = ids.size + nameless.size;
      const whole = total === null || fetched === total;
      return {
        fetched,
        distinct,
        total,
        complete: total === null || distinct >= total,
        removalsSafe: steady && whole && distinct === fetched,
      };
    },
  };
}

function printOf({ raw, rawBytes }: RawRow): string {
  return hash("sha256", rawBytes ?? raw);
}
