import axe from "axe-core";
import type { Page } from "playwright-core";
import { DESKTOP, PHONE, ZOOMED } from "./_browser.ts";

const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  // Off by default in axe.
  rules: { "target-size": { enabled: true } },
};

/** Violations at each width, in both themes where no zoom is looked at, and whether the page can be pushed sideways. */
export async function inspectAll(
  page: Page,
  viewports = [DESKTOP, ZOOMED, PHONE],
): Promise<string[]> {
  const found: string[] = [];
  for (const viewport of viewports) {
    await page.setViewportSize(viewport);
    // Colours do not depend on the width.
    const themes = viewport === ZOOMED
      ? ["light"] as const
      : ["light", "dark"] as const;
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      const where = `${viewport.width} ${colorScheme}`;
      found.push(...await inspect(page, where));
    }
    const excess = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    if (excess > 0) found.push(`${viewport.width}: ${excess} px sideways`);
  }
  return found;
}

/** What axe says against the page as it is, each with where it was looked at. */
export async function inspect(page: Page, where: string): Promise<string[]> {
  const hasAxe = await page.evaluate(() => "axe" in globalThis);
  if (!hasAxe) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (rules) => {
    const axe: { run(options: unknown): Promise<{ violations: Violation[] }> } =
      Reflect.get(globalThis, "axe");
    const { violations } = await axe.run({
      ...rules,
      resultTypes: ["violations"],
    });
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => ({
        html,
        failureSummary,
      })),
    }));
  }, RULES);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${where}: ${id}: ${node.html}: ${node.failureSummary}`)
  );
}

/** The part of axe's result that is read. */
interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}
