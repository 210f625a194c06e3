import { hash } from "node:crypto";
import { failure, toApiError } from "./_failure.ts";
import type { ApiResponse, Page, RawRow } from "./types.ts";

/** A list longer than this never ends, as far as we are concerned. */
const MAX_RECORDS = 5_000_000;

/**
 * The pages of a list, one at a time. The list ends where TotalRecord is reached, at an empty page, or,
 * where no TotalRecord is given, at a page that is not exactly full (a longer one comes from an endpoint that ignores `limit`).
 */
export async function* pages(
  fetchPage: (offset: number) => Promise<ApiResponse<Page>>,
  { limit, paged }: { limit: number; paged: boolean },
): AsyncGenerator<ApiResponse<Page>, void, void> {
  let offset = 0;
  let before: string | null = null;
  for (;;) {
    const response = await fetchPage(offset);
    if (!response.ok) return yield offset > 0 ? midList(response) : response;
    const { rows, total } = response.data;
    const print = rows.length === 0 ? null : fingerprint(rows);
    if (print !== null && print === before) {
      return yield damaged(
        `sent the same page twice in a row (at record ${offset})`,
        response.data,
      );
    }
    before = print;
    offset += rows.length;
    const last = !paged || rows.length === 0 ||
      (total === null ? rows.length !== limit : offset >= total);
    if (!last && offset >= MAX_RECORDS) {
      return yield damaged("sent a list that does not end", response.data);
    }
    yield response;
    if (last) return;
  }
}

function fingerprint(rows: RawRow[]): string {
  const lines = rows.map(({ raw, rawBytes }) => rawBytes?.toBase64() ?? raw);
  return hash("sha256", lines.join("\n"));
}

/** A page that is not there says nothing of an endpoint whose earlier pages were. */
function midList(
  response: ApiResponse<never> & { ok: false },
): ApiResponse<never> {
  const { error } = response;
  return error.kind === "not_found"
    ? { ok: false, error: { ...error, kind: "terminal" } }
    : response;
}

function damaged(phrase: string, { envelope }: Page): ApiResponse<never> {
  const { httpStatus, code } = envelope;
  const error = toApiError(failure("damaged", phrase, { httpStatus, code }));
  return { ok: false, error };
}
