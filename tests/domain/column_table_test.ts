import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  ColumnTable,
  type Condition,
  type FieldKinds,
  meets,
  type Position,
  type RowOrder,
} from "../../lib/domain/mod.ts";

interface Row {
  id: string;
  name: string | null;
  at: string | null;
  cents: number | null;
}

const KINDS: FieldKinds<Row> = {
  id: "text",
  name: "text",
  at: "time",
  cents: "number",
};

const table = (rows: readonly Row[]) => ColumnTable.from(KINDS, rows);
const row = (id: string, fields: Partial<Row> = {}): Row => ({
  id,
  name: null,
  at: null,
  cents: null,
  ...fields,
});
const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).join(" ");

/** What the table has to agree with: the plainest way to sort, of a text without accents. */
function sorted(
  rows: readonly Row[],
  { field, down, idsUp, known = [] }: RowOrder<Row>,
  where: ReadonlyArray<Condition<Row>> = [],
): Row[] {
  const plain = (text: string) =>
    text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const first = known.map(plain);
  const keyOf = (row: Row) => {
    const value = row[field];
    if (typeof value !== "string" || field === "at") return value;
    const place = first.indexOf(plain(value));
    return `${place < 0 ? 99 : 10 + place} ${plain(value)}`;
  };
  const compare = (a: string | number, b: string | number) =>
    a < b ? -1 : Number(a > b);
  const order = (a: string | number, b: string | number) =>
    compare(a, b) * (down ? -1 : 1);
  const byId = (a: Row, b: Row) =>
    idsUp ? compare(a.id, b.id) : order(a.id, b.id);
  return rows.filter((row) => meets(row, where)).sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null) || byId(a, b);
    }
    return order(x, y) || byId(a, b);
  });
}

const NAMES = ["Ada", "ada", "Élan", "elan", "Zoë", "zoe", "李", "", "Bo 2"];
const anyRow = fc.record({
  name: fc.option(fc.constantFrom(...NAMES)),
  at: fc.option(
    fc.integer({ min: 0, max: 5 }).map((day) =>
      new Date(1.7e12 + day * 1e7).toISOString()
    ),
  ),
  cents: fc.option(fc.integer({ min: -3, max: 3 })),
});
const anyRows = fc.array(anyRow, { maxLength: 40 }).map((all) =>
  all.map((fields, n): Row => ({ id: `i${n}`, ...fields }))
);
const anyOrder = fc.record({
  field: fc.constantFrom("name" as const, "at" as const, "cents" as const),
  down: fc.boolean(),
  idsUp: fc.boolean(),
  known: fc.shuffledSubarray(NAMES),
});
const anyWhere = fc.constantFrom<Condition<Row>[]>(
  [],
  [{ fields: ["name"], test: (value) => String(value).includes("a") }],
  [{ fields: ["name", "cents"], test: (value) => value === null }],
  [
    { fields: ["cents"], test: (value) => Number(value) >= 0 },
    { fields: ["at"], test: (value) => value !== null },
  ],
);

/** Walks through the pages; `change` may replace the rows between two of them. */
async function walk(
  rows: readonly Row[],
  order: RowOrder<Row>,
  where: Condition<Row>[],
  limit: number,
  change: (rows: readonly Row[], page: number) => readonly Row[] = () => rows,
): Promise<Row[]> {
  const seen: Row[] = [];
  let current = rows;
  let after: Position | undefined;
  for (let page = 0;; page++) {
    const found = (await table(current)).select({ order, where, after, limit });
    seen.push(...found.rows);
    if (!found.end) return seen;
    // As it comes back from an address.
    after = JSON.parse(JSON.stringify(found.end));
    current = change(current, page);
  }
}

describe("ColumnTable", () => {
  it("gives rows back as they came", async () => {
    const rows = [
      row("1", { name: "Ada", at: "2026-03-11T15:00:00.000Z", cents: -5 }),
      row("2"),
    ];
    const all = [...(await table(rows)).all({
      order: { field: "id", down: false },
    })];
    expect(all).toEqual(rows);
  });

  it("lists blank rows last both ways, and breaks ties by id in the list's direction", async () => {
    const some = await table([
      row("a", { name: "x" }),
      row("b", { name: "X" }),
      row("c", { name: "w" }),
      row("d"),
      row("e"),
    ]);
    const listed = (down: boolean, idsUp = false) =>
      ids(
        some.select({ order: { field: "name", down, idsUp }, limit: 9 }).rows,
      );
    expect(listed(true, true)).toBe("a b c d e");
    expect(listed(false, true)).toBe("c a b d e");
    expect(listed(false)).toBe("c a b d e");
    expect(listed(true)).toBe("b a c e d");
  });

  it("sorts names as people do: without regard to case and accents", async () => {
    const some = await table(
      ["Zed", "élan", "Elan 2", "Öst", "ada"].map((name) =>
        row(name, { name })
      ),
    );
    expect(ids([...some.all({ order: { field: "name", down: false } })]))
      .toBe("ada élan Elan 2 Öst Zed");
  });

  it("lists known texts first, in their order, and tells them apart as it sorts them", async () => {
    const some = await table(
      ["Beta", "alpha", "Gamma", "delta", "gámma"].map((name) =>
        row(name, { name })
      ),
    );
    const known = ["GAMMA", "delta", "missing"];
    const order = { field: "name" as const, down: false, known };
    expect(ids([...some.all({ order })]))
      .toBe("Gamma gámma delta alpha Beta");
    expect(some.texts("name", 9, known))
      .toEqual(["Gamma", "gámma", "delta", "alpha", "Beta"]);
    const usual = { field: "name" as const, down: false };
    expect(ids([...some.all({ order: usual })]))
      .toBe("alpha Beta delta Gamma gámma");
  });

  it("counts all that match, and those before the page", async () => {
    const rows = Array.from(
      { length: 7 },
      (_, n) => row(`r${n}`, { cents: n }),
    );
    const some = await table(rows);
    const order = { field: "cents" as const, down: true };
    const where = [{
      fields: ["cents" as const],
      test: (value: unknown) => value !== 3,
    }];
    const first = some.select({ order, where, limit: 2 });
    expect(first).toMatchObject({ total: 6, before: 0 });
    expect(ids(first.rows)).toBe("r6 r5");
    const second = some.select({ order, where, limit: 2, after: first.end! });
    expect(second).toMatchObject({ total: 6, before: 2 });
    expect(ids(second.rows)).toBe("r4 r2");
    const last = some.select({ order, where, limit: 2, after: second.end! });
    expect(ids(last.rows)).toBe("r1 r0");
    expect(last.end).toBe(null);
  });

  it("sorted, narrowed and paged in any way it shows what the plainest sort shows", () =>
    fc.assert(fc.asyncProperty(
      anyRows,
      anyOrder,
      anyWhere,
      fc.integer({ min: 1, max: 9 }),
      async (rows, order, where, limit) => {
        const expected = sorted(rows, order, where);
        expect(await walk(rows, order, where, limit)).toEqual(expected);
        expect([...(await table(rows)).all({ order, where })])
          .toEqual(expected);
      },
    )));

  it("shows nobody twice and skips nobody who stays as he is, whoever else comes, goes or moves", () =>
    fc.assert(fc.asyncProperty(
      anyRows,
      anyOrder,
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.tuple(fc.nat(), anyRow, fc.boolean()), { maxLength: 12 }),
      async (rows, order, limit, changes) => {
        const changed = new Set<string>();
        const change = (current: readonly Row[], page: number) => {
          const [at, fields, leaves] = changes[page] ?? [0, null, false];
          if (!fields) return current;
          const target = current[at % (current.length + 1)];
          const id = target?.id ?? `n${page}`;
          changed.add(id);
          const others = current.filter((one) => one.id !== id);
          return leaves ? others : [...others, { id, ...fields }];
        };
        const seen = await walk(rows, order, [], limit, change);
        const steady = (all: Row[]) => all.filter(({ id }) => !changed.has(id));
        expect(ids(steady(seen))).toBe(ids(steady(sorted(rows, order))));
      },
    )));

  it("keeps each text once, and says about how much memory it takes", async () => {
    const rows = (name: (n: number) => string) =>
      Array.from({ length: 1000 }, (_, n) => row(`${n}`, { name: name(n) }));
    const same = await table(rows(() => "The same long name of many people"));
    const other = await table(rows((n) => `A long name of number ${n} alone`));
    expect(same.bytes).toBeLessThan(other.bytes - 80_000);
    expect(same.texts("name", 1)).toEqual([
      "The same long name of many people",
    ]);
    expect(other.texts("name", 999)).toBe(null);
  });

  it("sorts very long texts by their beginning, so that a place stays short", async () => {
    const long = "é".repeat(5000);
    const some = await table([
      row("b", { name: `${long}a` }),
      row("a", { name: `${long}b` }),
      row("c", { name: "f" }),
    ]);
    const order = { field: "name" as const, down: false };
    const { rows, end } = some.select({ order, limit: 1 });
    expect(ids(rows)).toBe("a");
    expect(JSON.stringify(end).length).toBeLessThan(300);
    expect(ids(some.select({ order, limit: 9, after: end! }).rows)).toBe("b c");
  });
});
