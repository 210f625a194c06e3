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
    { caption, under, heads, bars }: {
      caption: string;
      under?: string;
      heads: string[];
      /** What the bars of the first rows stand for. */
      bars?: number[];
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
    const longest = Math.max(...bars ?? []);
    bars?.forEach((amount, at) =>
      this.near(
        `${caption}, bar of ${expected[at]![0]}`,
        shown?.bars[at]?.[1],
        // A bar of something is never invisible.
        amount > 0 ? Math.max(amount / longest * 100, 1.5) : 0,
      )
    );
  }

  /** Something that is drawn, exact to a tenth. */
  near(what: string, shown: number | undefined, expected: number): void {
    const isNear = shown !== undefined && Math.abs(shown - expected) <= 0.1;
    this.same(what, isNear ? expected : shown ?? null, expected);
  }

  /** The line in a card: as many points, each as high as it should be. */
  line(page: ShownPage, label: string, figures: readonly number[]): void {
    const shown = page.line(label);
    const points = figures.length < 2 ? [] : figures;
    this.same(`line of ${label}`, shown?.length ?? 0, points.length);
    const lowest = Math.min(...points);
    const span = Math.max(...points) - lowest;
    points.forEach((figure, at) =>
      this.near(
        `line of ${label}, point ${at + 1}`,
        100 * (shown?.[at] ?? NaN),
        span === 0 ? 50 : 100 * (figure - lowest) / span,
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
