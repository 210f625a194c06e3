import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  choiceParam,
  cursorParam,
  limitParam,
  offsetParam,
  parseQuery,
  QueryError,
  readQuery,
  textParam,
  weeksParam,
} from "../../lib/web/mod.ts";

const SHAPE = {
  limit: limitParam(50),
  offset: offsetParam(),
  search: textParam(),
  cursor: cursorParam(),
  weeks: weeksParam(),
  span: choiceParam(["week", "7days"], "week"),
};

const parse = (query: string) =>
  parseQuery(new URL(`http://portal.example.com/x?${query}`), SHAPE);

/** The parameter that the error names. */
function refused(query: string): string {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof QueryError) return error.parameter;
    throw error;
  }
  return "nothing";
}

describe("parseQuery()", () => {
  it("gives the defaults where nothing is given", () => {
    expect(parse("")).toEqual({
      limit: 50,
      offset: 0,
      weeks: 8,
      span: "week",
    });
  });

  it("gives each who asks for nothing defaults of their own", () => {
    const first = parse("");
    first.limit = 7;
    expect(parse("").limit).toBe(50);
  });

  it("reads every kind of parameter and ignores unknown ones", () => {
    const query =
      "limit=200&offset=7&search=+FDD+&cursor=abc&weeks=12&span=7days&x=1";
    expect(parse(query)).toEqual({
      limit: 200,
      offset: 7,
      search: "FDD",
      cursor: "abc",
      weeks: 12,
      span: "7days",
    });
  });

  it("takes blank text as none", () => {
    expect(parse("search=&cursor=").search).toBe(undefined);
    expect(parse("search=+++").search).toBe(undefined);
  });

  it("names the parameter that is wrong", () => {
    const limits = [
      "0",
      "201",
      "-1",
      "1.5",
      "1e2",
      "",
      "abc",
      "٣",
      " 5",
      "0x10",
    ];
    for (const limit of limits) {
      expect(refused(`limit=${encodeURIComponent(limit)}`)).toBe("limit");
    }
    for (const offset of ["-1", "99999999", "abc", "%00"]) {
      expect(refused(`offset=${offset}`)).toBe("offset");
    }
    expect(refused(`search=${"a".repeat(201)}`)).toBe("search");
    expect(refused("search=%00")).toBe("search");
    expect(refused(`cursor=${"a".repeat(4001)}`)).toBe("cursor");
    expect(refused("weeks=5")).toBe("weeks");
    expect(refused("span=month")).toBe("span");
  });

  it("refuses a parameter that is given twice", () => {
    expect(refused("limit=5&limit=5")).toBe("limit");
  });

  it("says in words what is expected and repeats nothing of what was sent", () => {
    expect(() => parse("limit=<script>")).toThrow(
      "Cannot read the parameter 'limit': it must be a whole number from 1 to 200",
    );
  });
});

describe("readQuery()", () => {
  const read = (query: string) =>
    readQuery(new URL(`http://portal.example.com/x?${query}`), SHAPE);

  it("keeps what can be read, and says what cannot", () => {
    const { values, problems } = read("limit=0&weeks=4&search=fdd&offset=x");
    expect(values).toMatchObject({ limit: 50, weeks: 4, search: "fdd" });
    expect(values.offset).toBe(0);
    expect(problems).toEqual([
      "Cannot read the parameter 'limit': it must be a whole number from 1 to 200",
      "Cannot read the parameter 'offset': it must be a whole number from 0 to 10000000",
    ]);
  });

  it("takes none of two values of a parameter", () => {
    const { values, problems } = read("weeks=4&weeks=12");
    expect(values.weeks).toBe(8);
    expect(problems).toEqual([
      "Cannot read the parameter 'weeks': it is given twice",
    ]);
  });

  it("has no complaint about an address that is right", () => {
    expect(read("limit=5").problems).toEqual([]);
  });
});
