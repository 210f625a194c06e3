import type { ShownPage } from "./_page.ts";

/** Collects what was compared and where a page says something else. */
export class Sheet {
  /** Figures that were compared. */
  compared = 0;
  readonly differences: string[] = [];
  #where = "";

  /** What follows is of this brand, day and page. */
  at(where: string): void {
    this.#where = where;
  }

  same(what: string, shown: unknown, expected: unknown): void {
    this.compared++;
    if (JSON.stringify(shown) === JSON.stringify(expected)) return;
    this.differences.push(
      `${this.#where}: ${what}: shows ${JSON.stringify(shown)}, is ${
        JSON.stringify(expected)
      }`,
    );
  }

  /** The paragraphs of a card with a figure. */
  card(page: ShownPage, label: string, expected: (string | null)[]): void {
    this.#list(
      label,
      page.card(label),
      expected.filter((text) => text !== null),
    );
  }

  /** The first paragraph below a heading. */
  says(page: ShownPage, label: string | RegExp, expected: string): void {
    this.same(`${label} says`, page.card(label)?.[0] ?? null, expected);
  }

  /** A table cell by cell, each cell a figure. */
  table(
    page: ShownPage,
    { caption, under, heads }: {
      caption: string;
      under?: string;
      heads: string[];
    },
    expected: string[][],
  ): void {
    const shown = page.table(caption, under);
    if (expected.length === 0) {
      this.same(`${caption} is there`, shown !== null, false);
      return;
    }
    this.same(`${caption}, headings`, shown?.heads ?? null, heads);
    this.same(`${caption}, rows`, shown?.rows.length ?? null, expected.length);
    expected.forEach((row, at) =>
      row.forEach((cell, column) =>
        this.same(
          `${caption}, ${row[0]}, ${heads[column]}`,
          shown?.rows[at]?.[column] ?? null,
          cell,
        )
      )
    );
  }

  #list(what: string, shown: string[] | null, expected: string[]): void {
    this.same(`${what}, lines`, shown?.length ?? null, expected.length);
    expected.forEach((line, at) =>
      this.same(`${what}, line ${at + 1}`, shown?.[at] ?? null, line)
    );
  }
}
