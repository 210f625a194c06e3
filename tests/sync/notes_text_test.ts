import { gunzipSync } from "node:zlib";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  listQuarantine,
  openTenant,
  purgeTenant,
} from "../../lib/store/mod.ts";
import {
  erasePerson,
  replayTenant,
  retryQuarantine,
  verifyTenant,
} from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { allRows, tenantRows } from "../_dump.ts";
import { Crash, crashWhere } from "../_kv.ts";
import {
  createRig,
  mutations,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";
import { logged } from "./_schedule.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };
const QUIET = 12;
const A_CHANGE = 5;

/** A brand whose text is stored from the first note on. */
async function brandOf(
  { from = 1, ...options }: RigOptions & { from?: number } = {},
) {
  const rig = await createRig({ brand: EMPTY, ...options });
  rig.deps.notesTextFrom = from;
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const put = (id: number | string, content: string, contact_id = "7") =>
    brand.putNote({
      id: `${id}`,
      contact_id,
      date: `2026-03-0${1 + Number(id) % 9} 10:00:00`,
      author: "Pat",
      content,
    });
  /** Syncs an hour later; `changes`: records that it has to find changed. */
  const hour = async (changes: number | null = null, full = true) => {
    rig.clock.advance(HOUR);
    rig.operations.length = 0;
    const report = await rig.sync({ full, acceptRemovals: true });
    expect(report.errorMessage).toBeNull();
    if (changes !== null) expect(report.recordsUpdated).toBe(changes);
    return report;
  };
  const rows = async () =>
    (await tenantRows(rig.kv, rig.tenant.id)).filter(({ key }) =>
      key[2] === "notes_text"
    );
  return { rig, brand, put, hour, rows };
}

/** What a process finds that has just begun, and which rows it has listed for it. */
async function findAfresh(rig: SyncRig, search: string) {
  const lists = new Set<string>();
  const { store } = await rig.another({
    onList: (selector) => {
      const key = "prefix" in selector ? selector.prefix : selector.start;
      if (key[0] === "t") lists.add(String(key[2]));
    },
  });
  const data = await openTenant(store, rig.tenant.id);
  const { total } = await data.listNotes({ limit: 1, search });
  const rows = await Array.fromAsync(data.eachNote({ search }));
  return { ids: rows.map(({ id }) => id), total, listed: [...lists] };
}

/** The same by a look at every note. */
async function looked(rig: SyncRig, search: string) {
  const all = await Array.fromAsync((await rig.data()).eachNote({}));
  return all.filter(({ content, author }) =>
    [content, author].some((text) => text?.toLowerCase().includes(search))
  ).map(({ id }) => id);
}

async function expectFound(rig: SyncRig, ...searches: string[]) {
  const lists: string[][] = [];
  for (const search of searches) {
    const { ids, total, listed } = await findAfresh(rig, search);
    const wanted = await looked(rig, search);
    expect([search, ids, total]).toEqual([search, wanted, wanted.length]);
    lists.push(listed);
  }
  return lists;
}

/** All of the database as text, with what is packed in it unpacked. */
async function everyWord({ kv }: SyncRig): Promise<string> {
  const texts: string[] = [];
  for (const { key, value } of await allRows(kv)) {
    const { packed } = (value ?? {}) as { packed?: Uint8Array };
    texts.push(JSON.stringify(key), JSON.stringify(value));
    const bytes = packed ?? (value instanceof Uint8Array ? value : null);
    if (!bytes) continue;
    const plain = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
    texts.push(plain.toString(), new TextDecoder("utf-16le").decode(plain));
  }
  return texts.join("\n");
}

/** Gives texts of so many words that cannot be packed well, each another. */
function oddTexts(words: number): () => string {
  let seed = 1;
  const odd = () => (seed = seed * 48_271 % 0x7fffffff).toString(36);
  return () => Array.from({ length: words }, odd).join(" ");
}

const checked = async (rig: SyncRig) =>
  (await verifyTenant(rig, rig.tenant.id))!;

const STORED = ["sync_index", "notes_text"];

describe("the stored text of notes", () => {
  it("is what a new process searches, and it reads no note for it", async () => {
    const { rig, put, hour, rows } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 300; n++) put(n, n % 7 ? `Called ${n}` : `Wide – ${n}`);
    await hour();
    expect((await rows()).length).toBe(1);
    const lists = await expectFound(rig, "called 1", "wide – 7", "pat", "no");
    for (const listed of lists) expect(listed).toEqual(STORED);
  });

  it("is none where notes are few, and goes where they have become so", async () => {
    const { rig, brand, put, hour, rows } = await brandOf({ from: 30 });
    await using _ = rig;
    for (let n = 0; n < 29; n++) put(n, "Called");
    await hour();
    expect(await rows()).toEqual([]);
    for (let n = 29; n < 40; n++) put(n, "Called");
    await hour(11);
    expect((await rows()).length).toBe(1);
    for (let n = 0; n < 12; n++) brand.removeNote(`${n}`);
    await hour(12);
    expect(await rows()).toEqual([]);
    expect((await (await rig.data()).syncState()).cursor.notesText)
      .toBeUndefined();
    await expectFound(rig, "called");
  });

  it("is written anew once more notes have changed than a search may have to read", async () => {
    const { rig, put, hour, rows } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 1_200; n++) put(n, `Called ${n}`);
    await hour();
    const before = await rows();
    for (const n of [5, 700, 1_300]) put(n, "Wrote");
    await hour(3);
    expect(await rows()).toEqual(before);
    expect((await (await rig.data()).syncState()).cursor.notesText)
      .toMatchObject({ behind: 3 });
    expect(await expectFound(rig, "wrote", "called 5", "called 70"))
      .toEqual([STORED, STORED, STORED]);
    for (let n = 20; n < 30; n++) put(n, "Wrote");
    await hour(10);
    expect(await rows()).not.toEqual(before);
    expect((await (await rig.data()).syncState()).cursor.notesText)
      .toMatchObject({ behind: 0 });
    await expectFound(rig, "wrote", "called 5");
  });

  it("stays within the writes of an hour, and comes by and by where there is none", async () => {
    const { rig, put, hour, rows } = await brandOf({ from: 1e9 });
    await using _ = rig;
    for (let n = 0; n < 4_000; n++) put(n, `Called ${n}`);
    await hour();
    rig.deps.notesTextFrom = 1;
    let hours = 0;
    while (
      (await (await rig.data()).syncState()).cursor.notesText?.behind !== 0
    ) {
      expect(hours++).toBeLessThan(12);
      await hour(0, false);
      expect([hours, mutations(rig.operations) <= QUIET])
        .toEqual([hours, true]);
      await expectFound(rig, "called 39");
    }
    expect((await rows()).length).toBe(8);
    for (let n = 0; n < 4_000; n += 100) put(n, "Wrote");
    await hour(40);
    expect(mutations(rig.operations)).toBeLessThanOrEqual(
      QUIET + A_CHANGE * 40,
    );
    expect(await expectFound(rig, "wrote", "called 39"))
      .toEqual([STORED, STORED]);
  });

  it("costs an hour that changed little no read either", async () => {
    const { rig, put, hour } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 900; n++) put(n, `Called ${n}`);
    await hour();
    put(900, "Called again");
    await hour(1);
    const touched = rig.operations.flatMap(({ keys }) => keys)
      .filter((key) => key[2] === "notes_text");
    expect(touched).toEqual([]);
  });

  it("waits for an hour that leaves enough where it takes more writes than one without changes", async () => {
    const { rig, put, hour, rows } = await brandOf({ from: 1e9 });
    await using _ = rig;
    const long = oddTexts(3_000);
    for (let n = 0; n < 12; n++) put(n, `${long()} end ${n}`);
    await hour();
    rig.deps.notesTextFrom = 1;
    for (let hours = 0; hours < 3; hours++) {
      await hour(0, false);
      expect(mutations(rig.operations)).toBeLessThanOrEqual(QUIET);
      expect(await rows()).toEqual([]);
    }
    for (let n = 100; n < 120; n++) put(n, "short");
    await hour(20);
    expect(mutations(rig.operations)).toBeLessThanOrEqual(
      QUIET + A_CHANGE * 20,
    );
    expect(await expectFound(rig, "end 1")).toEqual([STORED]);
  });

  it("is whole in parts where a value cannot hold it", async () => {
    const { rig, put, hour, rows } = await brandOf();
    await using _ = rig;
    const long = oddTexts(3_000);
    for (let n = 0; n < 12; n++) put(n, `${long()} end ${n}`);
    await hour();
    const parts = await rows();
    expect(parts.length).toBeGreaterThan(2);
    expect(await expectFound(rig, "end 1")).toEqual([STORED]);
    put(3, "short");
    for (let n = 4; n < 12; n++) put(n, "short too");
    await hour();
    expect((await rows()).length).toBeLessThan(parts.length);
    expect(await expectFound(rig, "short", "end 1")).toEqual([STORED, STORED]);
  });
});

describe("a sync that dies while it stores the text of notes", () => {
  for (const when of ["before", "after"] as const) {
    it(`leaves searches right, and the next one goes on (${when} a commit)`, async () => {
      for (let nth = 1;; nth++) {
        const { rig, put, hour } = await brandOf();
        await using _ = rig;
        for (let n = 0; n < 40; n++) put(n * 600, `Called ${n}`);
        await hour();
        for (let n = 0; n < 40; n++) put(n * 600, `Wrote – ${n}`);
        rig.clock.advance(HOUR);
        let seen = 0;
        const { sync } = await rig.another(
          crashWhere(
            (_, keys) =>
              keys.some((key) => key[2] === "notes_text") && ++seen === nth,
            when,
          ),
        );
        const end = await sync({ full: true }).catch((error) => error);
        await expectFound(rig, "wrote – 1", "called");
        if (!(end instanceof Crash)) {
          expect(nth).toBeGreaterThan(1);
          break;
        }
        rig.clock.advance(HOUR);
        await hour();
        expect(await expectFound(rig, "wrote – 1", "called"))
          .toEqual([STORED, STORED]);
        expect((await checked(rig)).found).toBe(0);
      }
    });
  }
});

describe("a stored text that is damaged", () => {
  type Entry = Deno.KvEntry<Record<string, unknown>>;
  const flaws: [string, (kv: Deno.Kv, rows: Entry[]) => Promise<unknown>][] = [
    ["a part is missing", (kv, rows) => kv.delete(rows.at(-1)!.key)],
    ["a byte is another", (kv, [row]) => {
      const packed = new Uint8Array(row!.value.packed as Uint8Array);
      packed[packed.length >> 1]! ^= 4;
      return kv.set(row!.key, { ...row!.value, packed });
    }],
    ["its checksum is wrong", (kv, rows) => {
      const { key, value } = rows.at(-1)!;
      const packed = new Uint8Array(value.packed as Uint8Array);
      packed[packed.length - 6]! ^= 1;
      return kv.set(key, { ...value, packed });
    }],
    ["a part is of another version", (kv, rows) => {
      const { key, value } = rows.at(-1)!;
      return kv.set(key, { ...value, of: "256:0 " });
    }],
    ["a row is none", (kv, [row]) => kv.set(row!.key, null)],
    ["its shelf is another", async (kv, rows) => {
      for (const { key, value } of rows) {
        await kv.delete(key);
        await kv.set(key.with(3, Number(key[3]) + 1), value);
      }
    }],
  ];
  for (const [what, damage] of flaws) {
    it(`is told once, found by the check, and no search is wrong for it: ${what}`, async () => {
      const { rig, put, hour, rows } = await brandOf();
      await using _ = rig;
      const long = oddTexts(200);
      for (let n = 0; n < 120; n++) put(n, `${long()} called ${n}`);
      await hour();
      const stored = await rows() as Entry[];
      expect(stored.length).toBeGreaterThan(1);
      await damage(rig.kv, stored);
      const records = await logged(
        async () => void await expectFound(rig, "called 1"),
        ["tetherboard", "store"],
      );
      const isGone = what.startsWith("its shelf");
      expect(records.map(({ level }) => level)).toEqual(
        isGone ? [] : ["warning"],
      );
      const { found, differences } = await checked(rig);
      expect(found).toBeGreaterThan(0);
      expect(differences.every((line) => line.startsWith("notes_text")))
        .toBe(true);
      for (let n = 0; n < 20; n++) put(n, "Called");
      await hour();
      expect(await expectFound(rig, "called")).toEqual([STORED]);
      expect((await checked(rig)).found).toBe(0);
    });
  }

  it("is not read where another release or runtime has packed it, and written anew by and by", async () => {
    const { rig, put, hour, rows } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 200; n++) put(n, `Called ${n}`);
    await hour();
    for (const { key, value } of await rows()) {
      const other = { ...value as object, format: "1, Unicode 3.0" };
      await rig.kv.set(key, other);
    }
    const records = await logged(async () => {
      expect(await expectFound(rig, "called 1"))
        .toEqual([[...STORED, "ct_notes_by_date"]]);
    }, ["tetherboard", "store"]);
    expect(records).toEqual([]);
    expect((await checked(rig)).found).toBe(0);
    for (let n = 0; n < 9; n++) put(n, "Wrote");
    await hour();
    expect(await expectFound(rig, "called 1", "wrote"))
      .toEqual([STORED, STORED]);
  });
});

describe("what changes notes beside a sync", () => {
  it("an erasure leaves no word of the person in it, wherever it was cut off", async () => {
    for (let nth = 1, ended = false; !ended; nth++) {
      const { rig, brand, put, hour, rows } = await brandOf();
      await using _ = rig;
      for (let n = 0; n < 50; n++) put(n * 600, `Called ${n}`, "8");
      put(601, "Zeldwick called", "7");
      put(99_000, "Asked for Zeldwick's wife", "7");
      await hour();
      expect(await everyWord(rig)).toContain("zeldwick");
      brand.removeNote("601");
      brand.removeNote("99000");
      const { deps } = await rig.another(
        crashWhere((n) => n === nth, "after"),
      );
      const erase = (by = rig.deps) => erasePerson(by, rig.tenant.id, "7");
      ended = await erase(deps).then(() => true, (error) => {
        expect(error).toBeInstanceOf(Crash);
        return false;
      });
      await expectFound(rig, "zeldwick", "called 1");
      rig.clock.advance(HOUR);
      await erase();
      const words = (await everyWord(rig)).toLowerCase();
      expect(words).not.toContain("zeldwick");
      // What is of others alone stays.
      expect((await rows()).length).toBeGreaterThan(10);
      expect((await expectFound(rig, "called 1"))[0]).toContain("notes_text");
      await hour();
      expect((await everyWord(rig)).toLowerCase()).not.toContain("zeldwick");
    }
  });

  it("what a release erased that does not know of it goes with the next syncs, or with the erasure asked for again", async () => {
    for (const again of [false, true]) {
      const { rig, brand, put, hour, rows } = await brandOf();
      await using _ = rig;
      for (let n = 0; n < 50; n++) put(n * 600, `Called ${n}`, "8");
      put(601, "Zeldwick called", "7");
      await hour();
      const before = await rows();
      brand.removeNote("601");
      await erasePerson(rig.deps, rig.tenant.id, "7");
      // As that release has left it.
      for (const { key, value } of before) await rig.kv.set(key, value);
      expect((await everyWord(rig)).toLowerCase()).toContain("zeldwick");
      if (again) await erasePerson(rig.deps, rig.tenant.id, "7");
      else await hour();
      expect((await everyWord(rig)).toLowerCase()).not.toContain("zeldwick");
      await expectFound(rig, "called");
    }
  });

  it("a note that is gone leaves it as soon as an hour's writes allow", async () => {
    const { rig, brand, put, hour } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 900; n++) put(n, n === 33 ? "Zeldwick" : "Called");
    await hour();
    brand.removeNote("33");
    await hour(1);
    await hour();
    const unpacked = (await tenantRows(rig.kv, rig.tenant.id)).filter(
      ({ key }) => key[2] === "notes_text",
    ).map(({ value }) =>
      gunzipSync((value as { packed: Uint8Array }).packed).toString("latin1")
    );
    expect(unpacked.join().includes("called")).toBe(true);
    expect(unpacked.join().includes("zeldwick")).toBe(false);
  });

  it("a replay and a retry of the quarantine leave searches right", async () => {
    const { rig, brand, put, hour } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 60; n++) put(n * 300, `Called ${n}`);
    brand.putNote({ id: "odd", date: "no date", content: "Called oddly" });
    await hour();
    const key = ["t", rig.tenant.id, "ct_notes", "300"];
    const { value } = await rig.kv.get<object>(key);
    const odd = { ...value, content: "Odd", preview: "Odd" };
    await rig.kv.set(key, odd);
    await replayTenant(rig.deps, rig.tenant.id);
    await expectFound(rig, "called 1", "odd");
    for await (const { id } of listQuarantine(rig.store, rig.tenant.id)) {
      expect(id).toBe("odd");
    }
    await retryQuarantine(rig.deps, rig.tenant.id);
    await expectFound(rig, "called", "odd");
    await hour();
    expect(await expectFound(rig, "called 1", "odd"))
      .toEqual([STORED, STORED]);
    expect((await checked(rig)).found).toBe(0);
  });

  it("a brand that has lost all of it, as a restored one has, gets it again within a day", async () => {
    const { rig, put, hour, rows } = await brandOf();
    await using _ = rig;
    for (let n = 0; n < 60; n++) put(n, `Called ${n}`);
    await hour();
    for (const { key } of await rows()) await rig.kv.delete(key);
    await hour(0, false);
    expect(await rows()).toEqual([]);
    rig.clock.advance(24 * HOUR);
    for (let hours = 0; (await rows()).length === 0; hours++) {
      expect(hours).toBeLessThan(3);
      await hour(0, false);
    }
    expect(await expectFound(rig, "called 1")).toEqual([STORED]);
  });

  it("a purge leaves nothing of it", async () => {
    const { rig, put, hour, rows } = await brandOf();
    put(1, "Called");
    await hour();
    expect((await rows()).length).toBe(1);
    await purgeTenant(rig.store, rig.tenant.id, { clock: rig.clock });
    expect(await rows()).toEqual([]);
    rig.dispose();
  });
});
