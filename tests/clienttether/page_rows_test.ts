import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { bytes, json, pageOf } from "./_helpers.ts";

describe("a row", () => {
  it("is kept as it came: spacing, order of keys, escapes and numbers", async () => {
    const first = '{ "b" : 1.50,"client_id":"1","a":"\\u00e9 \\"]}" }';
    const second = '{"client_id":2,\n"x":[ {"y":"}"} ]}';
    const page = await pageOf(json(`{"data" : [ ${first} ,${second}\n]}`));
    expect(page.rows.map((row) => row.raw)).toEqual([first, second]);
    expect(page.rows.map((row) => row.id)).toEqual(["1", "2"]);
  });

  it("keeps an id beyond 2^53 to its last digit", async () => {
    const raw = '{"client_id":9007199254740993,"zip":123456789,"big":1.5e30}';
    const page = await pageOf(json(`{"data":[${raw}]}`));
    expect(page.rows[0]).toEqual({
      id: "9007199254740993",
      raw,
      rawBytes: null,
      value: { client_id: "9007199254740993", zip: 123456789, big: 1.5e30 },
      flags: [],
    });
  });

  it("changes no digits inside text and none of a fraction", async () => {
    const raw = '{"a":"id 12345678901234567890","b":0.12345678901234567891}';
    const page = await pageOf(json(`[${raw}]`));
    expect(page.rows[0]?.value).toEqual(JSON.parse(raw));
  });

  it("with a key twice counts the last one", async () => {
    const page = await pageOf(json('[{"client_id":"1","client_id":"2"}]'));
    expect(page.rows[0]?.id).toBe("2");
  });

  it("with a field named __proto__ is an ordinary row", async () => {
    const page = await pageOf(
      json('[{"__proto__":{"client_id":"9"},"client_id":"1"}]'),
    );
    expect(page.rows[0]?.id).toBe("1");
    expect(Object.getPrototypeOf(page.rows[0]?.value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["client_id"]).toBe(undefined);
  });

  it("of invalid UTF-8 is flagged alone, and its bytes are kept", async () => {
    const page = await pageOf(
      bytes('[{"client_id":"1"},{"client_id":"2","a":"', [0xe9], '"}]'),
    );
    expect(page.rows.map((row) => row.flags)).toEqual([[], ["invalid_utf8"]]);
    expect(page.rows[1]?.value["a"]).toBe("\ufffd");
    expect(page.rows[0]?.rawBytes).toBe(null);
    expect(page.rows[1]?.rawBytes?.includes(0xe9)).toBe(true);
    expect(page.warnings).toEqual([
      "ClientTether sent text that is not valid UTF-8",
    ]);
  });

  it("that is no object is flagged and fails no other", async () => {
    const page = await pageOf(json([null, "x", 5, [1], { client_id: "1" }]));
    expect(page.rows.map((row) => row.id)).toEqual([
      null,
      null,
      null,
      null,
      "1",
    ]);
    expect(page.rows[0]).toMatchObject({
      raw: "null",
      value: {},
      flags: ["not_an_object"],
    });
  });

  it("nested too deeply is set aside unread", async () => {
    const deep = `{"client_id":"1","a":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    const page = await pageOf(json(`[${deep},{"client_id":"2"}]`));
    expect(page.rows.map((row) => row.id)).toEqual([null, "2"]);
    expect(page.rows[0]?.flags).toEqual(["too_deep"]);
    expect(page.rows[0]?.raw).toBe(deep);
  });

  it("holds what JSON.parse finds, and its text parses to the same, for any list", async () => {
    const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), {
      maxLength: 5,
    });
    const space = fc.constantFrom(undefined, 1, "\t");
    const property = fc.asyncProperty(
      rows,
      space,
      fc.boolean(),
      async (list, indent, bare) => {
        const body = bare ? list : { before: list, data: list, TotalRecord: 9 };
        const text = JSON.stringify(body, null, indent);
        const page = await pageOf(json(text));
        const expected: unknown = JSON.parse(JSON.stringify(list));
        const raws = page.rows.map((row): unknown => JSON.parse(row.raw));
        expect(raws).toEqual(expected);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });
});
