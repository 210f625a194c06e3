import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { prettyJson } from "../../lib/domain/mod.ts";

describe("prettyJson()", () => {
  it("gives each value a line", () => {
    expect(prettyJson('{"a":1,"b":[true,null,{}],"c":{"d":"x, {y}"}, "e":[]}'))
      .toBe(
        [
          "{",
          '  "a": 1,',
          '  "b": [',
          "    true,",
          "    null,",
          "    {}",
          "  ],",
          '  "c": {',
          '    "d": "x, {y}"',
          "  },",
          '  "e": []',
          "}",
        ].join("\n"),
      );
  });

  it("leaves numbers and escapes as they were written", () => {
    expect(prettyJson('{"id":90071992547409931,"t":"\\u00e9\\"","n":1.50}'))
      .toBe(
        '{\n  "id": 90071992547409931,\n  "t": "\\u00e9\\"",\n  "n": 1.50\n}',
      );
  });

  it("says the same as the text", () => {
    fc.assert(fc.property(fc.json(), (text) => {
      expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
    }));
  });

  it("comes to an end for what is no JSON", () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const bare = (one: string) => one.replaceAll(/\s/g, "");
      expect(bare(prettyJson(text))).toBe(bare(text));
    }));
  });
});
