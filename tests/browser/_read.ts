import type { Locator, Page } from "playwright-core";

/** The figure of a card, and whatever else it says. */
interface ReadCard {
  figure: string;
  text: string;
}

/** The section of a page under this heading. */
function section(page: Page, heading: string): Locator {
  return page.locator("section").filter({
    has: page.getByRole("heading", { name: heading, exact: true, level: 2 }),
  });
}

/** The card with this heading. */
export async function readCard(page: Page, label: string): Promise<ReadCard> {
  const lines = (await section(page, label).innerText()).split("\n")
    .map(oneLine).filter((line) => line !== "");
  return { figure: lines[1] ?? "", text: lines.slice(2).join(" | ") };
}

/** The rows of a table, its head and foot included, as a reader sees them; cells without text are left out. */
export async function readTable(
  page: Page,
  caption: string,
): Promise<string[]> {
  const table = page.locator("table").filter({
    has: page.locator("caption", { hasText: new RegExp(`^${caption}$`) }),
  });
  const rows = await table.locator("tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.children].map((cell) =>
        (cell instanceof HTMLElement ? cell.innerText : "")
          .replace(/\s+/g, " ").trim()
      ).filter((text) => text !== "").join(" | ")
    )
  );
  return rows;
}

/** The text with every run of white space as one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
