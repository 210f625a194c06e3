import { parseDate } from "./dates.ts";
import type { RawRow } from "./types.ts";
import { pick } from "./_pick.ts";
import { UPDATED_ALIASES } from "./_fields.ts";

/**
 * The newer of two rows of one record, by `last_modified_date`; `b` where the dates say nothing: it came later.
 * Both dates are read in UTC, which is fair as they are written in the same way.
 */
export function newerOf(a: RawRow, b: RawRow): RawRow {
  return modifiedAt(a) > modifiedAt(b) ? a : b;
}

/** ISO 8601, or "" where there is no date: it sorts first. */
function modifiedAt(row: RawRow): string {
  return parseDate(pick(row.value, UPDATED_ALIASES), "UTC").iso ?? "";
}
