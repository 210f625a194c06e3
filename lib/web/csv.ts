/** What a spreadsheet would take for a formula, also after blanks that it skips. */
const FORMULA = /^[\s\0]*[=+\-@]|^[\t\r\n]/;

/** A number that the portal wrote itself, as decimal text: it stands in a file as a number, a negative one too. */
export interface CsvNumber {
  decimal: string;
}

/** A cell of a CSV file; null is an empty one. */
export type CsvCell = string | CsvNumber | null;

/**
 * A line of a CSV file (RFC 4180). Every cell is quoted; one that a spreadsheet would compute gets an
 * apostrophe before it, by which it is shown as the text that it is (OWASP, CSV injection).
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(cellOf).join(",") + "\r\n";
}

function cellOf(text: CsvCell): string {
  if (text === null) return "";
  if (typeof text === "object") return text.decimal;
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
