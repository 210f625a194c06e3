import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  contentHash,
  namedContact,
  noteOfContact,
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

describe("noteOfContact()", () => {
  const noteOf = (value: Record<string, unknown>) =>
    parseRawLine("notes", JSON.stringify(value));

  it("gives the contact to a note that names none, and keeps its text", () => {
    const row = noteOfContact("7", noteOf({ note_id: "1", note: "x" }));
    expect(row).toMatchObject({
      id: "1",
      contactId: "7",
      raw: '{"note_id":"1","note":"x"}',
    });
    expect(namedContact(row)).toBe("7");
  });

  it("outweighs another contact that the note names, under whatever name", () => {
    for (const name of ["contact_id", "contactId", "client_id", "clientId"]) {
      const row = noteOfContact("7", noteOf({ id: "1", [name]: "8" }));
      expect(namedContact(row)).toBe("7");
    }
  });

  it("leaves a note that names the contact as it is, so that its hash is the list's", () => {
    const row = noteOf({ id: "1", contact_id: 7 });
    const owned = noteOfContact("7", row);
    expect(owned.value).toEqual(row.value);
    expect(contentHash(owned.value, "r")).toEqual(contentHash(row.value, "r"));
  });

  it("survives being kept as a line, whatever contact and text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (contact, value) => {
          const row = noteOfContact(contact, noteOf(value));
          const line = rawLine(row);
          expect(line).not.toMatch(/[\r\n]/);
          expect(parseRawLine("notes", line)).toEqual(row);
        },
      ),
    );
  });

  it("survives it with a lone surrogate, and where the text is not valid UTF-8", async () => {
    const json = new TextEncoder().encode('[{"id":"1","note":"?"}]');
    json[json.indexOf(0x3f)] = 0xe9;
    const [row] = await rowsOf(json);
    for (const contact of ["\ud800", 'a "b" \\', "base64:"]) {
      const owned = noteOfContact(contact, { ...row!, id: "1" });
      expect(parseRawLine("notes", rawLine(owned))).toEqual(owned);
    }
  });

  it("is not read into a line of before, which names no contact", () => {
    const row = parseRawLine("notes", '{"id":"1","contact_id":"7"}');
    expect(row).not.toHaveProperty("contactId");
    expect(rawLine(row)).toBe('{"id":"1","contact_id":"7"}');
  });
});
