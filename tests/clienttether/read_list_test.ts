import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { readList } from "../../lib/clienttether/mod.ts";
import {
  createFakeFetch,
  createHarness,
  createListFetch,
  dataOf,
  envelope,
  errorOf,
  json,
  leads,
  status,
} from "./_helpers.ts";

/** Reads the leads that a fetch serves, and keeps what came and when. */
async function read(
  { fetch, requests }: ReturnType<typeof createFakeFetch>,
  pageSize = 100,
) {
  const { client } = createHarness(fetch, { pageSize });
  const events: string[] = [];
  let ids: (string | null)[] = [];
  const response = await readList(client, "leads", {}, {
    onPage(rows, { pass }) {
      events.push(`pass ${pass}: ${rows.length}`);
      ids.push(...rows.map((row) => row.id));
    },
    onRestart() {
      events.push("restart");
      ids = [];
    },
  });
  const offsets = requests.map(({ url }) => url.searchParams.get("offset"));
  return { response, events, ids, offsets };
}

describe("readList()", () => {
  it("ends where TotalRecord is reached, without a page too many", async () => {
    const list = leads(200);
    const { response, offsets } = await read(
      createListFetch(() => ({ list, total: "200" })),
    );
    expect(offsets).toEqual(["0", "100"]);
    expect(dataOf(response)).toEqual({
      fetched: 200,
      distinct: 200,
      total: 200,
      complete: true,
      removalsSafe: true,
      rereads: 0,
      warnings: [],
    });
  });

  it("ends at a short page where there is no TotalRecord", async () => {
    const list = leads(150);
    const { response, offsets } = await read(createListFetch(() => ({ list })));
    expect(offsets).toEqual(["0", "100"]);
    expect(dataOf(response)).toMatchObject({
      fetched: 150,
      total: null,
      removalsSafe: true,
    });
  });

  it("ends at an empty page where the list fills its last page", async () => {
    const list = leads(200);
    const { response, offsets } = await read(createListFetch(() => ({ list })));
    expect(offsets).toEqual(["0", "100", "200"]);
    expect(dataOf(response)).toMatchObject({
      fetched: 200,
      removalsSafe: true,
    });
  });

  it("ends at CT515 beyond the last page", async () => {
    const { response } = await read(
      createFakeFetch(envelope(leads(100)), json({ code: "CT515" })),
    );
    expect(dataOf(response)).toMatchObject({
      fetched: 100,
      removalsSafe: true,
    });
  });

  it("goes on after a short page while TotalRecord is not reached", async () => {
    const list = leads(120);
    const server = createFakeFetch(({ url }) => {
      const offset = Number(url.searchParams.get("offset"));
      return envelope(list.slice(offset, offset + 50), 120);
    });
    const { response, offsets } = await read(server);
    expect(offsets).toEqual(["0", "50", "100"]);
    expect(dataOf(response)).toMatchObject({ distinct: 120, rereads: 0 });
  });

  it("takes a page longer than asked for as the whole list", async () => {
    const { response, offsets } = await read(
      createFakeFetch(envelope(leads(130))),
    );
    expect(offsets).toEqual(["0"]);
    expect(dataOf(response).fetched).toBe(130);
  });

  it("takes an empty list as complete", async () => {
    for (const body of [{ data: [], TotalRecord: 0 }, { code: "CT515" }]) {
      const { response } = await read(createFakeFetch(json(body)));
      expect(dataOf(response)).toMatchObject({ fetched: 0, complete: true });
    }
  });

  it("fails when the same page comes twice in a row", async () => {
    const { response, offsets } = await read(
      createFakeFetch(envelope(leads(100), 1000)),
    );
    expect(offsets).toEqual(["0", "100"]);
    expect(errorOf(response)).toMatchObject({
      kind: "damaged",
      message: "ClientTether sent the same page twice in a row (at record 100)",
    });
  });

  it("fails when a page fails, and reads nothing again", async () => {
    const { response, events } = await read(
      createFakeFetch(envelope(leads(100), 300), status(401)),
    );
    expect(errorOf(response).kind).toBe("refused");
    expect(events).toEqual(["pass 1: 100"]);
  });

  it("does not take a missing later page for a missing endpoint", async () => {
    const { response } = await read(
      createFakeFetch(envelope(leads(100), 300), status(404)),
    );
    expect(errorOf(response).kind).toBe("terminal");
  });

  it("is complete when the list shrinks and its ids reach the last TotalRecord, without removals", async () => {
    const { response } = await read(
      createFakeFetch(
        envelope(leads(100), 200),
        envelope(leads(50, 151), 150),
      ),
    );
    expect(dataOf(response)).toMatchObject({
      fetched: 150,
      distinct: 150,
      total: 150,
      removalsSafe: false,
      rereads: 0,
    });
  });

  it("infers no removals from a list that moves while it is read", async () => {
    const moved = createFakeFetch(
      envelope(leads(100), 150),
      envelope([...leads(1, 100), ...leads(49, 101)], 149),
    );
    const { response } = await read(moved);
    expect(dataOf(response)).toMatchObject({
      fetched: 150,
      distinct: 149,
      removalsSafe: false,
    });
  });

  it("infers no removals from duplicates where there is no TotalRecord", async () => {
    const { response } = await read(
      createFakeFetch(envelope(leads(100)), envelope(leads(50, 100))),
    );
    expect(dataOf(response)).toMatchObject({
      fetched: 150,
      distinct: 149,
      removalsSafe: false,
    });
  });

  it("reads a list once more that fell short, and believes it then", async () => {
    const whole = leads(150);
    const short = [...whole.slice(0, 100), ...whole.slice(99, 149)];
    const { response, events, ids } = await read(
      createListFetch(({ call }) => ({
        list: call <= 2 ? short : whole,
        total: 150,
      })),
    );
    expect(events).toEqual([
      "pass 1: 100",
      "pass 1: 50",
      "restart",
      "pass 2: 100",
      "pass 2: 50",
    ]);
    expect(ids).toEqual(whole.map((row) => row["client_id"]));
    expect(dataOf(response)).toEqual({
      fetched: 150,
      distinct: 150,
      total: 150,
      complete: true,
      removalsSafe: true,
      rereads: 1,
      warnings: ["The list moved while it was read and was read again"],
    });
  });

  it("fails when the list falls short twice", async () => {
    const { response, events } = await read(
      createListFetch(() => ({ list: leads(80), total: 120 })),
    );
    expect(events.filter((event) => event === "restart").length).toBe(1);
    expect(errorOf(response)).toEqual({
      kind: "transient",
      message:
        "ClientTether sent 80 of 120 records, also when the list was read again",
      httpStatus: null,
      code: null,
      retryAfterMs: null,
    });
  });

  it("does not take thousands that become none for an empty list", async () => {
    const { response } = await read(
      createFakeFetch(json({ data: null, TotalRecord: 4000 })),
    );
    expect(errorOf(response).kind).toBe("transient");
  });

  it("counts rows without an id by their text", async () => {
    const rows = [{ city: "Reno" }, { city: "Boise" }, { client_id: "1" }];
    const { response } = await read(createFakeFetch(envelope(rows, 3)));
    expect(dataOf(response)).toMatchObject({ distinct: 3, removalsSafe: true });
  });

  it("says each warning once", async () => {
    const { response } = await read(
      createFakeFetch(
        envelope(leads(100), "many"),
        envelope(leads(1, 101), "many"),
      ),
    );
    expect(dataOf(response).warnings.length).toBe(1);
  });

  it("asks for one page ahead of what takes them, and for no more", async () => {
    const list = leads(400);
    const { fetch, requests } = createListFetch(() => ({ list, total: 400 }));
    const ahead = Promise.withResolvers<void>();
    const asked: number[] = [];
    await readList(
      createHarness((...request) => {
        if (requests.length === 1) ahead.resolve();
        return fetch(...request);
      }).client,
      "leads",
      {},
      {
        async onPage() {
          await ahead.promise;
          for (let turn = 0; turn < 100; turn++) await Promise.resolve();
          asked.push(requests.length);
        },
      },
    );
    expect(asked).toEqual([2, 3, 4, 4]);
  });

  it("leaves nothing under way when what takes a page fails", async () => {
    const list = leads(400);
    const { fetch, requests } = createListFetch(() => ({ list, total: 400 }));
    let underWay = 0;
    const reading = readList(
      createHarness(async (...request) => {
        underWay++;
        try {
          return await fetch(...request);
        } finally {
          underWay--;
        }
      }).client,
      "leads",
      {},
      { onPage: () => Promise.reject(new Error("full")) },
    );
    await expect(reading).rejects.toThrow("full");
    expect(underWay).toBe(0);
    expect(requests.length).toBe(2);
  });

  it("brings every record once and in order, for any size of list and page", async () => {
    const size = fc.integer({ min: 0, max: 60 });
    const total = fc.constantFrom("number", "text", "absent");
    const property = fc.asyncProperty(
      size,
      fc.integer({ min: 1, max: 20 }),
      total,
      async (n, pageSize, style) => {
        const list = leads(n);
        const given = style === "number" ? n : style === "text" ? `${n}` : null;
        const { response, ids, offsets } = await read(
          createListFetch(() => ({ list, total: given })),
          pageSize,
        );
        expect(ids).toEqual(list.map((row) => row["client_id"]));
        expect(dataOf(response).removalsSafe).toBe(true);
        const pages = Math.max(1, Math.ceil(n / pageSize));
        expect(offsets.length).toBeLessThanOrEqual(pages + 1);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("never infers removals from a pass in which the total changed, and never takes less than the last one", async () => {
    const step = fc.record({
      remove: fc.integer({ min: 0, max: 5 }),
      at: fc.nat(60),
      add: fc.integer({ min: 0, max: 3 }),
    });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.array(step, { maxLength: 12 }),
      async (n, steps) => {
        let list = leads(n);
        let next = n + 1;
        const totals: number[] = [];
        const server = createListFetch(({ call }) => {
          const change = steps[call - 1];
          if (change && call > 1) {
            list = list.toSpliced(change.at, change.remove);
            list.push(...leads(change.add, next));
            next += change.add;
          }
          totals.push(list.length);
          return { list, total: list.length };
        });
        const { response, ids, events } = await read(server, 7);
        if (!response.ok) return expect(events).toContain("restart");
        const passStart = events.lastIndexOf("restart");
        const inPass = totals.slice(passStart === -1 ? 0 : passStart);
        const { distinct, removalsSafe } = response.data;
        expect(distinct).toBe(new Set(ids).size);
        expect(distinct).toBeGreaterThanOrEqual(inPass.at(-1) ?? 0);
        if (new Set(inPass).size > 1) expect(removalsSafe).toBe(false);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});
