import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  defaultView,
  HOT_LIST,
  LEAD_LIST,
  queryOfView,
} from "../../lib/domain/mod.ts";
import {
  decodeListCursor,
  encodeListCursor,
  readListView,
} from "../../lib/web/mod.ts";

const read = (query: string) =>
  readListView(new URL(`http://x/leads?${query}`), LEAD_LIST);
const problemsOf = (query: string) =>
  read(query).problems.map(({ parameter, why }) => `${parameter}: ${why}`);

describe("readListView()", () => {
  it("asks for the default where an address says nothing", () => {
    expect(read("w=a&period=month")).toEqual({
      view: {
        ...defaultView(LEAD_LIST),
        search: undefined,
        created: undefined,
      },
      problems: [],
    });
  });

  it("reads everything that a list can be asked for, several values of a filter too", () => {
    const { view, problems } = read(
      "sort=-name&cols=size&cols=name,stage&source=Web&source=Expo&source=Web" +
        "&kind=qualified&market=tampa&assigned=&search=+ada+&created=period",
    );
    expect(problems).toEqual([]);
    expect(view).toEqual({
      sort: "-name",
      columns: ["name", "stage", "size"],
      filters: {
        source: ["Web", "Expo"],
        kind: ["qualified"],
        market: ["tampa"],
      },
      search: "ada",
      created: "period",
    });
  });

  it("is what queryOfView() writes, in any order of its parts", () => {
    const { view } = read("cols=updated&sort=size&source=A%26B&search=x");
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(queryOfView(LEAD_LIST, view))) {
      for (const one of [value ?? []].flat()) query.append(name, one);
    }
    expect(read(query.toString()).view).toEqual(view);
    expect(Object.values(queryOfView(LEAD_LIST, defaultView(LEAD_LIST))))
      .toEqual([undefined, undefined, undefined, undefined]);
  });

  it("names what is wrong and shows the default for it", () => {
    expect(problemsOf("sort=phone")[0]).toMatch(
      /^sort: it must be one of name/,
    );
    expect(problemsOf("sort=name&sort=stage")).toEqual([
      "sort: it is given twice",
    ]);
    expect(problemsOf("cols=name,phone")[0]).toMatch(
      /^cols: it must be some of/,
    );
    expect(problemsOf("kind=hot")).toEqual([
      "kind: it must be one of qualified, pipeline, inactive, unclassified",
    ]);
    expect(problemsOf("created=today")[0]).toMatch(/^created:/);
    expect(problemsOf("market=a%00b")).toEqual(["market: it must be text"]);
    expect(problemsOf(`source=${"x".repeat(201)}`)[0]).toMatch(/^source: /);
    expect(problemsOf("stage=x&".repeat(51))[0]).toMatch(/^stage: .* 50 times/);
    expect(read("sort=phone&cols=x&kind=hot&stage=Lost").view).toEqual({
      ...defaultView(LEAD_LIST),
      filters: { stage: ["Lost"] },
      search: undefined,
      created: undefined,
    });
  });

  it("knows of a creation only where the list has one", () => {
    const url = new URL("http://x/hot-list?created=today&sort=units");
    const { view, problems } = readListView(url, HOT_LIST);
    expect(problems).toEqual([]);
    expect(view).toMatchObject({ sort: "units", created: undefined });
  });
});

describe("a cursor of a list", () => {
  const position = { key: "élan", id: "17" };

  it("leads back to its place in the same list", () => {
    for (const key of ["élan", null, -12.5, "2026-03-11T15:00:00.000Z"]) {
      const text = encodeListCursor({ key, id: "17" }, "list");
      expect(text).toMatch(/^[\w-]+$/);
      expect(decodeListCursor(text, "list")).toEqual({ key, id: "17" });
    }
  });

  it("is refused in another list, and when a letter of it was changed", () => {
    const text = encodeListCursor(position, "list");
    const sentence = /Cannot read the parameter 'cursor': it is not one that/;
    expect(() => decodeListCursor(text, "another")).toThrow(sentence);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === "A" ? "B" : "A";
      const bent = text.slice(0, at) + other + text.slice(at + 1);
      expect(() => decodeListCursor(bent, "list")).toThrow(sentence);
    }
    for (const nothing of ["", "x", "null", "W10", "é", text + text]) {
      expect(() => decodeListCursor(nothing, "list")).toThrow(sentence);
    }
  });
});
