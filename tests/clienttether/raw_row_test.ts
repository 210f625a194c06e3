import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  parseRawLine,
  rawLine,
  type RawRow,
} from "../../lib/clienttether/mod.ts";
import { createFakeFetch, createHarness, dataOf } from "./_helpers.ts";

/** The rows that a client makes of a page's bytes. */
async function rowsOf(body: string | Uint8Array<ArrayBuffer>) {
  const { client } = createHarness(createFakeFetch(new Response(body)).fetch);
  const { value } = await client.pages("leads").next();
  return value ? dataOf(value).rows : [];
}

/** The row after it was kept as a line. */
function kept(row: RawRow): RawRow {
  return parseRawLine("leads", rawLine(row));
}

describe("parseRawLine()", () => {
  it("makes the same row again of what rawLine() wrote", async () => {
    const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        for (const row of await rowsOf(JSON.stringify(list))) {
          expect(kept(row)).toEqual(row);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("keeps ids beyond 2^53, lone surrogates and NULs", async () => {
    const rows = await rowsOf(
      '[{"client_id":9007199254740993},{"client_id":"\\ud800"},{"client_id":"a\\u0000"}]',
    );
    expect(rows.map((row) => kept(row).id)).toEqual([
      "9007199254740993",
      "\ud800",
      "a\0",
    ]);
  });

  it("keeps the bytes of text that is not valid UTF-8", async () => {
    const json = new TextEncoder().encode('[{"client_id":"1","a":"?"}]');
    json[json.indexOf(0x3f)] = 0xe9;
    const [row] = await rowsOf(json);
    expect(row?.flags).toEqual(["invalid_utf8"]);
    expect(row && kept(row)).toEqual(row);
  });

  it("holds a record on one line, whatever blanks stand between its fields", async () => {
    const [row] = await rowsOf('[{\n "client_id" : "1",\r\n\t"a":"x\\ny"}]');
    const line = row ? rawLine(row) : "";
    expect(line).not.toMatch(/[\r\n]/);
    expect(parseRawLine("leads", line)).toMatchObject({
      id: "1",
      value: { client_id: "1", a: "x\ny" },
    });
  });

  it("keeps a row that is no object apart from one that is", async () => {
    const [row] = await rowsOf("[null]");
    expect(row && kept(row)).toEqual(row);
  });
});
