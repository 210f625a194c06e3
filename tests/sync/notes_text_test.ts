import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { Crash, crashWhere } from "../_kv.ts";
import { mutations } from "../_sync.ts";
import {
  A_CHANGE,
  BEHIND,
  checked,
  expectFound,
  looked,
  notesBrand,
  oddTexts,
  QUIET,
  STORED,
} from "./_notes_text.ts";
import { logged } from "./_schedule.ts";

describe("the stored text of notes", () => {
  it("is what a new process searches, and it reads no note for it", async () => {
    const { rig, put, hour, rows } = await notesBrand();
    await using _ = rig;
    for (let n = 0; n < 300; n++) put(n, n % 7 ? `Called ${n}` : `Wide – ${n}`);
    await hour();
    expect((await rows()).length).toBe(1);
    const lists = await expectFound(rig, "called 1", "wide – 7", "pat", "no");
    for (const listed of lists) expect(listed).toEqual(STORED);
  });

  it("is none where notes are few, and goes where they have become so", async () => {
    const { rig, brand, put, hour, rows } = await notesBrand({ from: 30 });
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

  it("goes within a day where nobody knows any more that it was wanted", async () => {
    const { rig, put, hour, rows } = await notesBrand();
    await using _ = rig;
    for (let n = 0; n < 20; n++) put(n, "Called");
    await hour();
    const key = ["t", rig.tenant.id, "sync_state"];
    const { value } = await rig.kv.get<{ cursor: object }>(key);
    const cursor = { ...value!.cursor, notesText: undefined };
    await rig.kv.set(key, { ...value, cursor });
    rig.deps.notesTextFrom = 21;
    await hour(0, false);
    expect((await rows()).length).toBe(1);
    rig.clock.advance(24 * HOUR);
    for (let hours = 0; (await rows()).length > 0; hours++) {
      expect(hours).toBeLessThan(3);
      await hour(0, false);
    }
  });

  it("is not taken for whole where a run was stopped while it wrote notes", async () => {
    const { rig, put, hour } = await notesBrand();
    await using _ = rig;
    // More than a run writes before it looks whether it is to stop.
    const long = "x".repeat(40_000);
    for (let n = 0; n < 300; n++) put(n * 40, `Called ${n}`);
    await hour();
    for (let n = 0; n < 300; n++) put(n * 40, `Wrote ${n} ${long}`);
    rig.clock.advance(HOUR);
    const stop = new AbortController();
    const { sync } = await rig.another({
      afterCommit: (_, keys) => {
        if (keys.some((key) => key[2] === "ct_notes")) stop.abort();
      },
    });
    const { recordsUpdated, status } = await sync({
      full: true,
      signal: stop.signal,
    });
    expect([recordsUpdated, status]).toEqual([0, "failed"]);
    const wrote = await looked(rig, "wrote");
    expect(wrote.length).toBeGreaterThan(0);
    expect(wrote.length).toBeLessThan(300);
    await expectFound(rig, "wrote", "called");
    await hour(null, false);
    await expectFound(rig, "wrote", "called");
  });

  it("is written anew once more notes have changed than a search may have to read", async () => {
    const { rig, put, hour, rows } = await notesBrand();
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
      .toEqual([BEHIND, BEHIND, BEHIND]);
    for (let n = 20; n < 30; n++) put(n, "Wrote");
    await hour(10);
    expect(await rows()).not.toEqual(before);
    expect((await (await rig.data()).syncState()).cursor.notesText)
      .toMatchObject({ behind: 0 });
    await expectFound(rig, "wrote", "called 5");
  });

  it("stays within the writes of an hour, and comes by and by where there is none", async () => {
    const { rig, put, hour, rows } = await notesBrand({ from: 1e9 });
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
    const { rig, put, hour } = await notesBrand();
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
    const { rig, put, hour, rows } = await notesBrand({ from: 1e9 });
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
    const { rig, put, hour, rows } = await notesBrand();
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
        const { rig, put, hour } = await notesBrand();
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
        await hour(0, false);
        expect((await expectFound(rig, "wrote – 1", "called")).flat())
          .not.toContain("ct_notes_by_date");
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
      const { rig, put, hour, rows } = await notesBrand();
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
    const { rig, put, hour, rows } = await notesBrand();
    await using _ = rig;
    for (let n = 0; n < 200; n++) put(n, `Called ${n}`);
    await hour();
    for (const { key, value } of await rows()) {
      const other = { ...value as object, format: "1, Unicode 3.0" };
      await rig.kv.set(key, other);
    }
    const records = await logged(async () => {
      expect(await expectFound(rig, "called 1"))
        .toEqual([[...STORED, "sync_index", "ct_notes_by_date"]]);
    }, ["tetherboard", "store"]);
    expect(records).toEqual([]);
    expect((await checked(rig)).found).toBe(0);
    for (let n = 0; n < 9; n++) put(n, "Wrote");
    await hour();
    expect(await expectFound(rig, "called 1", "wrote"))
      .toEqual([STORED, STORED]);
  });
});
