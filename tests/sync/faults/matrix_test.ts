import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

/** Where rows of the fault matrix are tried. */
const FOLDERS = ["./", "../kill/"];

/**
 * Rows that cannot be tried here, each with the reason in one sentence. What only the hosted database or Deno Deploy
 * can do (its own retries, its evictions, its crons) is played by hooks around a local one.
 */
const UNTRIED: Record<number, string> = {};

/** Numbers of the rows that the tests of a folder name: "row 7: ...", "rows 18 and 19: ...", "rows 20 to 30: ...". */
async function rowsNamedIn(folder: URL): Promise<number[]> {
  const rows: number[] = [];
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  for (const { name } of entries) {
    if (!name.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    for (
      const [, named = ""] of text.matchAll(/\bit\(\s*["'`]rows? ([^:]+):/g)
    ) {
      rows.push(...[...named.matchAll(/\d+/g)].map(([row]) => Number(row)));
    }
  }
  return rows;
}

describe("the fault matrix", () => {
  it("has a test for each of its fifty rows, or the reason why there is none", async () => {
    const named = new Set<number>();
    for (const folder of FOLDERS) {
      const rows = await rowsNamedIn(new URL(folder, import.meta.url));
      rows.forEach((row) => named.add(row));
    }
    const all = Array.from({ length: 50 }, (_, n) => n + 1);
    expect(all.filter((row) => !named.has(row) && !UNTRIED[row])).toEqual([]);
    expect(all.filter((row) => named.has(row) && UNTRIED[row])).toEqual([]);
    for (const reason of Object.values(UNTRIED)) {
      expect(reason).toMatch(/^[A-Z].*\.$/);
    }
  });
});
