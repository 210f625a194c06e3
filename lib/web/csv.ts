/** What a spreadsheet would take for a formula, also after blanks that it skips. */
const FORMULA = /^[\s\0]*[=+\-@]|^[\t\r\n]/;

/**
 * A line of a CSV file (RFC 4180). Every cell is quoted; one that a spreadsheet would compute gets an
 * apostrophe before it, by which it is shown as the text that it is (OWASP, CSV injection).
 */
export function csvLine(cells: ReadonlyArray<string | null>): string {
  return cells.map(cellOf).join(",") + "\r\n";
}

function cellOf(text: string | null): string {
  if (text === null) return "";
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
