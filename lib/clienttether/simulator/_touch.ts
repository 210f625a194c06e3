import { parseRow } from "./_table.ts";
import type { Dialect } from "./_wire.ts";

const MODIFIED = ["last_modified_date", "updated_at"];
const EDITABLE = ["compName", "company", "content", "note", "description"];

/** A record as it is after somebody has changed it a moment ago. */
export function touched(text: string, dialect: Dialect, now: number): string {
  const row = parseRow(text);
  const modified = MODIFIED.find((name) => Object.hasOwn(row, name));
  const edited = EDITABLE.find((name) => Object.hasOwn(row, name));
  if (modified !== undefined) {
    row[modified] = dialect.calendar.format(now, dialect.dateStyle);
  }
  if (edited !== undefined) row[edited] = `${row[edited]} (changed)`.trim();
  return JSON.stringify(row);
}
