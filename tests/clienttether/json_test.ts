import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { parseApart } from "../../lib/clienttether/_json.ts";

/** What a parser makes of a text: the value, or that it is no JSON. */
function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return (error as Error).name;
  }
}

describe("parseApart()", () => {
  it("makes of a text what JSON.parse does", () => {
    fc.assert(fc.property(fc.json(), (text) => {
      expect(parseApart(text)).toEqual(JSON.parse(text));
    }));
  });

  it("takes no text that JSON.parse does not, though brackets around it would make one", () => {
    const texts = [
      "",
      " ",
      "1,2",
      "1],[2",
      "]",
      "[]]",
      "[[]",
      "],",
      ",1",
      "1,",
    ];
    for (const text of texts) {
      expect([text, outcome(parseApart, text)]).toEqual([text, "SyntaxError"]);
    }
    const token = fc.constantFrom(...'[]{},:1"…\\', " ", "null");
    fc.assert(fc.property(fc.array(token), (tokens) => {
      const text = tokens.join("");
      expect(outcome(parseApart, text)).toEqual(outcome(JSON.parse, text));
    }));
  });

  it("reads a text of many characters too", () => {
    const text = JSON.stringify({ data: ["é".repeat(5 * 1024 * 1024)] });
    expect(parseApart(text)).toEqual(JSON.parse(text));
    expect(outcome(parseApart, text.slice(0, -1))).toBe("SyntaxError");
  });
});
