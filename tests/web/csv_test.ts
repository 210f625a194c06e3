import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { csvLine } from "../../lib/web/mod.ts";

/** The cells of a line, read as RFC 4180 has it. */
function cellsOf(line: string): string[] {
  return [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|)/g)]
    .map(([, quoted = ""]) => quoted.replaceAll('""', '"'));
}

describe("csvLine()", () => {
  it("quotes every cell and leaves what is missing empty", () => {
    expect(csvLine(["a", null, 'say "hi"', "1,5", "two\r\nlines"]))
      .toBe('"a",,"say ""hi""","1,5","two\r\nlines"\r\n');
  });

  it("makes every text inert that a spreadsheet would compute", () => {
    const starts = ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\0=", "\t@"];
    for (const start of starts) {
      expect(csvLine([`${start}1`])).toBe(`"'${start}1"\r\n`);
    }
    expect(csvLine(["a=1", "2026-03-11", "x@example.com"]))
      .toBe('"a=1","2026-03-11","x@example.com"\r\n');
  });

  it("leaves a number that the portal wrote as it is, a negative one too", () => {
    expect(csvLine([{ decimal: "-1234.50" }, "-1", { decimal: "0" }]))
      .toBe(`-1234.50,"'-1",0\r\n`);
  });

  it("gives back any text, but for the apostrophe before a formula", () => {
    const cells = fc.array(fc.string({ unit: "binary" }), { minLength: 1 });
    fc.assert(fc.property(cells, (texts) => {
      const read = cellsOf(csvLine(texts));
      expect(read).toHaveLength(texts.length);
      texts.forEach((text, at) => {
        expect([text, `'${text}`]).toContain(read[at]);
        expect(read[at]).not.toMatch(/^\s*[=+\-@]/);
      });
    }));
  });
});
