import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { matches, type NoteRow } from "../../lib/domain/mod.ts";
import {
  type EachNoteQuery,
  openTenant,
  purgeTenant,
  type TenantStore,
} from "../../lib/store/mod.ts";
import { erasePerson, replayTenant, syncTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };
/** Stands in the test's name, so that what failed can be tried again: PROPERTY_SEED=… */
const SEED = Number(
  Deno.env.get("PROPERTY_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

/** Ids whose order in the database is not that of their code units, and one that no key can hold. */
const IDS = ["1", "2", "200", "n1", "n2", "\uff5e", "😀", "~x", "é"];
const CONTACTS = ["7", "8", ""];
const DATES = [
  "2026-03-01 10:00:00",
  "2026-03-09 10:00:00",
  "2026-03-09 10:00:01",
  "2026-03-10 23:30:00",
  "",
];
/** Texts that are other texts in another case or form, and some that only seem so. */
const PIECES = [
  ..."aAéÉßẞΣσςİıKk😀ﬁ\u0301".split(/(?=)/u),
  "Called",
  "ΟΔΟΣ",
  "e\u0301",
  "straße",
  "\0",
  " – ",
];

const piece = fc.constantFrom(...PIECES);
const text = fc.array(piece, { maxLength: 6 }).map((all) => all.join(""));
const content = fc.record({
  before: text,
  // Beyond what a row shows of a note, and beyond what stands in its own record.
  filler: fc.constantFrom("", "", "", "x".repeat(2047), "–y".repeat(15_000)),
  after: text,
}).map(({ before, filler, after }) => before + filler + after);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      id: fc.constantFrom(...IDS),
      contact_id: fc.constantFrom(...CONTACTS),
      date: fc.constantFrom(...DATES),
      author: fc.constantFrom("Pat Éclair", "pat e\u0301clair", "Σam", ""),
      content,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      id: fc.constantFrom(...IDS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("erase" as const),
      contact: fc.constantFrom("7", "8"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "replay" as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const search = fc.record({
  search: fc.oneof(piece, piece, text),
  author: fc.constantFrom("", "", "éCL", "σ"),
  contact: fc.constantFrom(undefined, undefined, undefined, "7"),
  days: fc.constantFrom(null, null, ["2026-03-02", "2026-03-10"] as const),
  oldestFirst: fc.boolean(),
  known: fc.constantFrom(null, null, "2026-03-09T14:00:00.500Z"),
}).map(({ search, author, contact, days, oldestFirst, known }) => ({
  ...search || !author ? { search: search || "a" } : {},
  ...author ? { author } : {},
  ...contact ? { contact } : {},
  ...days
    ? { dates: { from: Date.parse(days[0]), to: Date.parse(days[1]) } }
    : {},
  ...oldestFirst ? { oldestFirst } : {},
  ...known ? { knownAt: Date.parse(known) } : {},
}));

/** What a search has to find: each note of the whole list looked at, text by text. */
async function scanned(
  data: TenantStore,
  { search, author, contact, dates, oldestFirst, knownAt }: EachNoteQuery,
): Promise<NoteRow[]> {
  const all = await Array.fromAsync(
    data.eachNote(oldestFirst ? { oldestFirst } : {}),
  );
  return all.filter((row) => {
    const time = row.noteDate === null ? null : Date.parse(row.noteDate);
    return (!search || matches(search, row.content, row.author)) &&
      (!author || matches(author, row.author)) &&
      (contact === undefined || row.contactId === contact) &&
      (!dates || (time !== null && time >= dates.from && time < dates.to)) &&
      (knownAt === undefined || time === null || time <= knownAt);
  });
}

const idsOf = (rows: readonly NoteRow[]) => rows.map(({ id }) => id);

/** Every page of a list by its cursors, each of which says the same total. */
async function paged(data: TenantStore, query: EachNoteQuery) {
  const rows: NoteRow[] = [];
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    const page = await data.listNotes({
      ...query,
      limit: 2,
      ...cursor === null ? {} : { cursor },
    });
    total ??= page.total;
    expect(page.total).toBe(total);
    expect(page.hasMore).toBe(page.cursor !== null);
    rows.push(...page.rows);
    ({ cursor } = page);
  } while (cursor !== null);
  return { rows, total };
}

/** Those of the notes that had been stored by a moment. */
async function storedBy(data: TenantStore, rows: NoteRow[], moment: number) {
  const notes = await Promise.all(rows.map(({ id }) => data.getNote(id)));
  return rows.filter((_, n) => Date.parse(notes[n]!.createdAt) <= moment);
}

async function assertFinds(data: TenantStore, query: EachNoteQuery) {
  const { knownAt } = query;
  const found = await scanned(data, query);
  const shown = knownAt === undefined
    ? found
    : await storedBy(data, found, knownAt);
  const { rows, total } = await paged(data, query);
  expect(total).toBe(found.length);
  expect(idsOf(rows)).toEqual(idsOf(shown));
  expect(await Array.fromAsync(data.eachNote(query))).toEqual(shown);
  if (knownAt !== undefined) return;
  const later = await data.listNotes({ ...query, limit: 2, offset: 1 });
  expect(idsOf(later.rows)).toEqual(idsOf(found.slice(1, 3)));
}

async function brandOf(options: Parameters<typeof createRig>[0] = {}) {
  const rig = await createRig({ brand: EMPTY, ...options });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const syncAll = async () => {
    rig.clock.advance(HOUR);
    const report = await rig.sync({ full: true, acceptRemovals: true });
    expect(report.errorMessage).toBeNull();
    return await rig.data();
  };
  return { rig, brand, syncAll };
}

/** The brand as a process opens it that has just begun. */
async function afresh(rig: SyncRig): Promise<TenantStore> {
  const { store } = await rig.another();
  return await openTenant(store, rig.tenant.id);
}

async function take(rig: SyncRig, step: Step): Promise<void> {
  const { kind, ...rest } = step;
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  if (kind === "put") brand.putNote(rest as Record<string, string>);
  if (kind === "remove") brand.removeNote(step.id);
  if (kind === "replay") await replayTenant(rig.deps, rig.tenant.id);
  if (kind === "erase") {
    for (const row of brand.rows("notes")) {
      if (row.contact_id === step.contact) brand.removeNote(String(row.id));
    }
    const data = await rig.data();
    if (!await data.person(step.contact, { notes: 1 })) return;
    await erasePerson(rig.deps, rig.tenant.id, step.contact);
  }
}

/** What was listed since the counting began, by the kind of its rows. */
const listed = ({ operations }: SyncRig) =>
  operations.filter(({ kind }) => kind === "list")
    .map(({ keys }) => String(keys[0]![2]));

/** What the first search lists where no text is stored. */
const FIRST = ["sync_index", "notes_text", "ct_notes_by_date"];

/** Writes another text into a note without a date, as only a hand at the database does. */
async function alterNote(
  { kv, tenant }: SyncRig,
  id: string,
  content: string,
): Promise<void> {
  const under = (...parts: string[]) => ["t", tenant.id, ...parts];
  const changes = [
    { key: under("ct_notes", id), fields: { content, preview: content } },
    { key: under("ct_notes_by_date", "0000", id), fields: { content } },
  ];
  for (const { key, fields } of changes) {
    const { value } = await kv.get<object>(key);
    expect(value).not.toBeNull();
    await kv.set(key, { ...value, ...fields });
  }
}

describe("a search in the notes", () => {
  it(`finds what a look at every note finds, after any changes (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(search, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (hours, searches, isStored) => {
          const { rig, syncAll } = await brandOf({
            now: "2026-03-09T12:00:00.000Z",
          });
          await using _ = rig;
          rig.deps.notesTextFrom = isStored ? 1 : Infinity;
          for (const hour of hours) {
            for (const step of hour) {
              await take(rig, step);
              for (const query of searches.slice(0, 1)) {
                await assertFinds(await rig.data(), query);
                await assertFinds(await afresh(rig), query);
              }
            }
            const data = await syncAll();
            for (const query of searches) await assertFinds(data, query);
            const later = await afresh(rig);
            for (const query of searches) await assertFinds(later, query);
          }
        },
      ),
      { numRuns: 40, seed: SEED },
    );
  });

  it("reads all notes once, and after a sync those that have changed", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 30; n++) {
      brand.putNote({ id: `${n}`, content: `Note ${n}` });
    }
    const find = async (search: string) => {
      const data = await rig.data();
      rig.operations.length = 0;
      return (await data.listNotes({ limit: 5, search })).total;
    };
    await syncAll();
    expect(await find("note 1")).toBe(11);
    expect(listed(rig)).toEqual(FIRST);
    expect(await find("note 2")).toBe(11);
    expect(rig.operations.map(({ kind }) => kind)).toEqual(["getMany"]);

    brand.putNote({ id: "3", content: "Note 13" });
    brand.putNote({ id: "90", content: "Note 19" });
    brand.removeNote("11");
    await syncAll();
    expect(await find("note 1")).toBe(12);
    expect(listed(rig)).toEqual(["sync_index"]);
    const gets = rig.operations.filter(({ kind }) => kind === "getMany");
    const [changed] = gets;
    expect(changed!.keys.map((key) => key.at(-1)).sort())
      .toEqual(["11", "3", "90"]);
    expect(await find("note 1")).toBe(12);
    expect(listed(rig)).toEqual([]);
  });

  it("finds what is so after a sync that has changed many, new ones, old ones and large ones", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    const put = (n: number, content: string) =>
      brand.putNote({
        id: `${n}`,
        date: `2026-03-0${1 + n % 9} 10:00:${String(n % 60).padStart(2, "0")}`,
        content,
      });
    for (let n = 0; n < 700; n++) put(n, `Note ${n}`);
    await assertFinds(await syncAll(), { search: "note 1" });
    for (let n = 600; n < 730; n += 3) put(n, `Note 1, ${n}`);
    for (let n = 8; n < 600; n += 9) put(n, `${n} – ` + "x".repeat(2100) + "1");
    for (let n = 4; n < 200; n += 9) brand.removeNote(`${n}`);
    const data = await syncAll();
    rig.operations.length = 0;
    await data.listNotes({ limit: 1, search: "note 1" });
    const lists = rig.operations.filter(({ kind }) => kind === "list");
    expect(lists.map(({ keys }) => String(keys[0]![2])))
      .toEqual(["sync_index", "ct_notes_by_date"]);
    for (const search of ["note 1", "x1", "note 60"]) {
      await assertFinds(data, { search });
    }
  });

  it("reads them once for requests that come together", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    brand.putNote({ id: "1", content: "Called" });
    const data = await syncAll();
    rig.operations.length = 0;
    await Promise.all([
      data.listNotes({ limit: 5, search: "call" }),
      data.listNotes({ limit: 5, author: "pat" }),
    ]);
    expect(listed(rig)).toEqual(FIRST);
  });

  it("finds at every moment of a sync what is stored by then", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 12; n++) {
      brand.putNote({ id: `n${n}`, content: `Called ${n}` });
    }
    await assertFinds(await syncAll(), { search: "called" });
    for (let n = 0; n < 12; n += 2) {
      brand.putNote({ id: `n${n}`, content: "Wrote" });
    }
    brand.putNote({ id: "new", content: "Called again" });
    brand.removeNote("n1");
    let looks = 0;
    const look = async () => {
      looks++;
      await assertFinds(await rig.data(), { search: "called" });
    };
    const { sync } = await rig.another({ beforeCommit: look });
    rig.clock.advance(HOUR);
    await sync({ full: true });
    expect(looks).toBeGreaterThan(4);
    const data = await rig.data();
    await assertFinds(data, { search: "called" });
    expect((await data.listNotes({ limit: 1, search: "called" })).total)
      .toBe(6);
  });

  it("finds at every moment of an erasure what is stored by then", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    brand.putNote({ id: "n1", contact_id: "7", content: "Called" });
    brand.putNote({ id: "n2", contact_id: "8", content: "Called" });
    const query = { search: "called" };
    await assertFinds(await syncAll(), query);
    const { deps } = await rig.another({
      beforeCommit: async () => await assertFinds(await rig.data(), query),
    });
    await erasePerson(deps, rig.tenant.id, "7");
    const data = await rig.data();
    await assertFinds(data, query);
    expect((await data.listNotes({ ...query, limit: 1 })).total).toBe(1);
  });

  it("finds what a replay puts right, though its content hash is the same", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    brand.putNote({ id: "n1", content: "Called" });
    brand.putNote({ id: "n2", content: "Called" });
    await syncAll();
    await alterNote(rig, "n1", "Odd");
    const query = { search: "called" };
    const totalNow = async () => {
      const data = await rig.data();
      await assertFinds(data, query);
      return (await data.listNotes({ ...query, limit: 1 })).total;
    };
    expect(await totalNow()).toBe(1);
    const { deps } = await rig.another({ beforeCommit: totalNow });
    await replayTenant(deps, rig.tenant.id);
    expect(await totalNow()).toBe(2);
    await alterNote(rig, "n2", "Odd");
    await replayTenant(rig.deps, rig.tenant.id);
    // What a later sync changes does not hide what the replay did.
    brand.putNote({ id: "n3", content: "Called" });
    await syncAll();
    expect(await totalNow()).toBe(3);
  });

  it("leaves nothing of an erased person in memory, nor of a purged brand", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    brand.putNote({ id: "n1", contact_id: "7", content: "Called" });
    brand.putNote({ id: "n2", contact_id: "8", content: "Called" });
    const find = async (data: TenantStore) => {
      rig.operations.length = 0;
      return idsOf((await data.listNotes({ limit: 5, search: "call" })).rows);
    };
    const before = await syncAll();
    expect(await find(before)).toEqual(["n2", "n1"]);
    await erasePerson(rig.deps, rig.tenant.id, "7");
    // The handle of before asks for what was kept for it, which is no more.
    expect(await find(before)).toEqual(["n2"]);
    expect(listed(rig)).toContain("ct_notes_by_date");
    expect(await find(await rig.data())).toEqual(["n2"]);

    await purgeTenant(rig.store, rig.tenant.id, { clock: rig.clock });
    expect(await find(before)).toEqual([]);
    expect(listed(rig)).toContain("ct_notes_by_date");
  });

  it("shows no note that another process has erased, and counts it no more", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    brand.putNote({ id: "n1", contact_id: "7", content: "Called" });
    brand.putNote({ id: "n2", contact_id: "8", content: "Called" });
    const before = await syncAll();
    await before.listNotes({ limit: 5, search: "call" });
    const { deps } = await rig.another();
    await erasePerson(deps, rig.tenant.id, "7");
    const opened = await before.listNotes({ limit: 5, search: "call" });
    expect(idsOf(opened.rows)).toEqual(["n2"]);
    const { rows, total } = await (await rig.data())
      .listNotes({ limit: 5, search: "call" });
    expect([idsOf(rows), total]).toEqual([["n2"], 1]);
  });

  it("of one brand finds nothing of another", async () => {
    const { rig, brand, syncAll } = await brandOf({
      more: { "other-key": EMPTY },
    });
    await using _ = rig;
    const other = await rig.addTenant("Other", "other-key");
    brand.putNote({ id: "n1", content: "Called" });
    await syncAll();
    await syncTenant(rig.deps, other.id);
    const asked = async (id: string) =>
      (await (await openTenant(rig.store, id))
        .listNotes({ limit: 5, search: "call" })).total;
    expect(await asked(rig.tenant.id)).toBe(1);
    expect(await asked(other.id)).toBe(0);
  });

  it("takes no cursor of another search, nor of the whole list", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    for (const id of ["1", "2", "3"]) {
      brand.putNote({ id, contact_id: "7", content: "Called", author: "Pat" });
    }
    const data = await syncAll();
    const lists: EachNoteQuery[] = [
      {},
      { search: "call" },
      { search: "calle" },
      { author: "pat" },
      { contact: "7" },
      { contact: "7", search: "call" },
    ];
    for (const one of lists) {
      const { cursor } = await data.listNotes({ ...one, limit: 1 });
      for (const other of lists) {
        const next = data.listNotes({ ...other, limit: 1, cursor: cursor! });
        if (one === other) {
          expect(idsOf((await next).rows)).toEqual(["2"]);
        } else {
          await expect(next).rejects.toThrow(
            "Cannot go on from this cursor: it is not one that the list gave",
          );
        }
      }
    }
    const { cursor } = await data.listNotes({ search: "CALL", limit: 1 });
    const same = await data.listNotes({
      search: "call",
      limit: 1,
      cursor: cursor!,
    });
    expect(idsOf(same.rows)).toEqual(["2"]);
  });

  it("goes on where the page ended, whatever came and went meanwhile", async () => {
    const { rig, brand, syncAll } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 6; n++) {
      brand.putNote({
        id: `${n}`,
        date: `2026-03-0${n + 1} 10:00:00`,
        content: "Called",
      });
    }
    const first = await (await syncAll()).listNotes({
      limit: 2,
      search: "call",
    });
    expect(idsOf(first.rows)).toEqual(["5", "4"]);
    brand.removeNote("4");
    brand.putNote({ id: "9", date: "2026-03-09 10:00:00", content: "Called" });
    const next = await (await syncAll()).listNotes({
      limit: 2,
      search: "call",
      cursor: first.cursor!,
    });
    expect([idsOf(next.rows), next.total]).toEqual([["3", "2"], 6]);
  });
});
