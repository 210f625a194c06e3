/** Reads a CSV file as RFC 4180 has it, row by row and cell by cell; a byte order mark at its beginning is left out. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  cells.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  while (cells.lastIndex < text.length) {
    const cell = cells.exec(text);
    if (!cell) throw new TypeError("The file is not CSV");
    const [, quoted, plain = "", end] = cell;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
