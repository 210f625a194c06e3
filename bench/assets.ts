import { gzipSync } from "node:zlib";
import { createTestApp, type TestBrowser } from "../tests/_app.ts";
import { createTestBrand } from "../tests/_data.ts";
import type { Bench } from "./_figures.ts";

const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];
/** Pages that load a chart. */
const WITH_CHART = new Set(["leads"]);
const KB = 1_000;

/** What a browser loads with each page: gzip bytes of scripts, late ones included, and of the stylesheet. */
export const benchAssets: Bench = async (report) => {
  const test = await createTestApp();
  try {
    const tenant = await createTestBrand(test.store, "birch", test.clock);
    const user = await test.createUser("tenant_viewer", tenant.id);
    const browser = await test.signedIn(user);
    for (const page of PAGES) {
      const html = await (await browser.getIn("birch", `/${page}`)).text();
      const scripts = await scriptsOf(browser, html);
      report({
        name: `assets.javascript.${page}`,
        value: sum(scripts),
        unit: "gzip bytes",
        goal: { atMost: (WITH_CHART.has(page) ? 75 : 15) * KB },
      });
    }
    const css = await (await browser.get("/styles.css")).text();
    report({
      name: "assets.stylesheet",
      value: gzipSync(css).length,
      unit: "gzip bytes",
      goal: { atMost: 7 * KB },
    });
  } finally {
    test.close();
  }
};

function sum(sizes: Map<string, number>): number {
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}

/** Every script that the page names, and every one that those name, by its address. */
async function scriptsOf(
  browser: TestBrowser,
  html: string,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const queue = addressesIn(html, "http://localhost/");
  for (let url = queue.pop(); url; url = queue.pop()) {
    if (sizes.has(url)) continue;
    const answer = await browser.get(new URL(url).pathname);
    const text = await answer.text();
    if (!answer.ok) continue;
    sizes.set(url, gzipSync(text).length);
    queue.push(...addressesIn(text, url));
  }
  return sizes;
}

function addressesIn(text: string, base: string): string[] {
  const found = text.matchAll(/["'](\.{0,2}\/[\w./-]+\.js)["']/g);
  return [...found].map(([, path]) => new URL(path!, base).href);
}
