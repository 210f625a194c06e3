import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { expectPage, expectProblem } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const PERIODS = {
  "period=fortnight": "Cannot read the parameter 'period': it must be one of",
  "period=week&period=month": "the parameter 'period': it is given twice",
  "period=custom&from=2026-02-30&to=2026-03-01": "'2026-02-30' is none",
  "from=2026-03-02&to=2026-03-01": "2026-03-02 is after 2026-03-01",
  "from=2027-01-01&to=2027-01-02": "2027-01-01 lies ahead",
};
const THIS_WEEK = "Mon 9 Mar to Wed 11 Mar 11:00";
const NO_CURSOR = "Cannot read the parameter 'cursor'";
const DAYS = {
  "on=2026-13-01": "'2026-13-01' is not a day",
  "on=tomorrow": "'tomorrow' is not a day",
  "on=2026-03-12": "2026-03-12 lies ahead",
  "on=2020-01-01": "2020-01-01 is before the first day",
};

/** Of each page what it cannot read, how it says so, and what it shows then. */
const WRONG: Record<string, { shows: string; says: Record<string, string> }> = {
  "/dashboard": {
    shows: THIS_WEEK,
    says: { ...PERIODS, ...DAYS, "weeks=5": "the parameter 'weeks'" },
  },
  "/leads": {
    shows: "12 leads, newest first.",
    says: {
      ...PERIODS,
      ...DAYS,
      "sort=phone": "Cannot read the parameter 'sort'",
      "sort=name&sort=-name": "the parameter 'sort': it is given twice",
      "kind=lost": "Cannot read the parameter 'kind'",
      [`source=${"a".repeat(201)}`]: "Cannot read the parameter 'source'",
      "created=never": "Cannot read the parameter 'created'",
      "cols=phone": "Cannot read the parameter 'cols'",
      "search=%00": "Cannot read the parameter 'search'",
      "cursor=x": NO_CURSOR,
    },
  },
  "/pipeline": { shows: "$35.7K weighted", says: { ...PERIODS, ...DAYS } },
  "/pipeline/moves": { shows: "Nothing moved", says: { ...PERIODS, ...DAYS } },
  "/pipeline/opportunities": {
    shows: "9 opportunities",
    says: {
      ...DAYS,
      "group=lost": "Cannot read the parameter 'group'",
      "after=x": "Cannot read the parameter 'after'",
    },
  },
  "/hot-list": {
    shows: "highest weighted IFF first.",
    says: {
      ...DAYS,
      "sort=phone": "Cannot read the parameter 'sort'",
      "cols=phone": "Cannot read the parameter 'cols'",
      "market=%00": "Cannot read the parameter 'market'",
      "cursor=x": NO_CURSOR,
    },
  },
  "/notes": {
    shows: "4 notes",
    says: {
      ...DAYS,
      "from=2026-02-30": "Cannot read the parameter 'from'",
      "to=soon": "Cannot read the parameter 'to'",
      "from=2026-03-02&to=2026-03-01": "2026-03-01 is before 2026-03-02",
      "sort=author": "Cannot read the parameter 'sort'",
      "cursor=x": NO_CURSOR,
    },
  },
  "/notes/302": {
    shows: "Walked through item 19",
    says: { "search=%00": "Cannot read the parameter 'search'" },
  },
  "/schedule": {
    shows: "Call Ada Birch First call",
    says: {
      ...DAYS,
      "view=year": "Cannot read the parameter 'view'",
      "month=2026-13": "the parameter 'month': it must be a month",
    },
  },
  "/changes": {
    shows: "new leads",
    says: {
      "kind=deals": "Cannot read the parameter 'kind'",
      "cursor=x": NO_CURSOR,
      "cursor=W10": NO_CURSOR,
    },
  },
};

/** Addresses that must not be answered with something else than was asked for, and the parameter that is wrong. */
const REFUSED: Record<string, string> = {
  "/api/dashboard/hot-list?limit=0": "limit",
  "/api/dashboard/hot-list?offset=-1": "offset",
  "/api/dashboard/notes?limit=201": "limit",
  "/api/dashboard/notes?cursor=x": "cursor",
  "/api/dashboard/notes?from=2026-02-30": "from",
  "/api/dashboard/notes?from=2026-03-02&to=2026-03-01": "to",
  "/api/dashboard/notes?search=%00": "search",
  "/api/dashboard/schedule?limit=many": "limit",
  "/leads.csv?sort=phone": "sort",
  "/leads.csv?kind=lost": "kind",
  "/leads.csv?period=fortnight&created=period": "period",
  "/hot-list.csv?cols=phone": "cols",
  "/notes.csv?sort=author": "sort",
  "/notes.csv?to=soon": "to",
};

describe("What an address asks for wrongly", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
    await reader.rig.sync();
  });
  afterAll(() => reader[Symbol.dispose]());

  for (const [path, { shows, says }] of Object.entries(WRONG)) {
    it(`${path} names it and shows its default`, async () => {
      for (const [query, sentence] of Object.entries(says)) {
        const text = await reader.text(`${path}?${query}`);
        expect([query, text]).toEqual([query, expect.stringContaining(shows)]);
        expect([query, text])
          .toEqual([query, expect.stringContaining(sentence)]);
      }
    });
  }

  it("is a 400 that names the parameter, in JSON and where a file was asked for", async () => {
    for (const [path, parameter] of Object.entries(REFUSED)) {
      const answer = await reader.browser.getIn("birch-bakery", path);
      const named = `Cannot read the parameter '${parameter}'`;
      if (path.startsWith("/api/")) {
        const problem = await expectProblem(answer, 400);
        expect([path, problem.parameter]).toEqual([path, parameter]);
        expect(problem.detail).toContain(named);
      } else expect(textOf(await expectPage(answer, 400))).toContain(named);
    }
  });
});
