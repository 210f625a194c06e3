import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Note } from "../../lib/domain/mod.ts";
import { openTenant } from "../../lib/store/mod.ts";
import { tenantRows } from "../_dump.ts";
import { HOUR } from "../_clock.ts";
import { createRig, TEST_WEB_KEY } from "../_sync.ts";

/** A brand with nothing but its sales cycles. */
const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };
const LARGE = "A long word about a market – 😀 ".repeat(6_500);

async function emptyBrand() {
  const rig = await createRig({ brand: EMPTY });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  /** Syncs an hour later, all notes read again. */
  const syncAll = async () => {
    rig.clock.advance(HOUR);
    const report = await rig.sync({ full: true, acceptRemovals: true });
    expect(report.errorMessage).toBeNull();
    return await openTenant(rig.store, rig.tenant.id);
  };
  const rows = async (kind: string) =>
    (await tenantRows(rig.kv, rig.tenant.id)).filter(({ key }) =>
      key[2] === kind
    );
  return { rig, brand, syncAll, rows };
}

describe("a note in the store", () => {
  it("keeps all its fields and its raw JSON, under the tenant's key", async () => {
    const { rig, brand, syncAll, rows } = await emptyBrand();
    await using _ = rig;
    const wire = {
      id: "n1",
      contact_id: "77",
      date: "2026-03-10 09:30:00",
      author: "Robin Example",
      content: "Called – will send the FDD 😀",
      mood: { "unknown": ["field"] },
    };
    brand.putNote(wire);
    const tenant = await syncAll();
    const note = await tenant.getNote("n1");
    expect(note).toEqual(
      {
        id: "n1",
        contactId: "77",
        noteDate: "2026-03-10T13:30:00.000Z",
        author: "Robin Example",
        content: "Called – will send the FDD 😀",
        raw: JSON.stringify(wire),
        createdAt: "2026-03-11T16:00:00.000Z",
        remarks: [],
      } satisfies Note,
    );
    expect((await rows("ct_notes")).map(({ key }) => key)).toEqual([
      ["t", rig.tenant.id, "ct_notes", "n1"],
    ]);
    const [row] = await rows("ct_notes_by_contact");
    expect(row!.key.slice(2)).toEqual([
      "ct_notes_by_contact",
      "77",
      "2026-03-10T13:30:00.000Z",
      "n1",
    ]);
    expect(row!.value).not.toHaveProperty("raw");
  });

  it("is on one page of its person's notes, whatever its id is written with", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    const ids = ["n", "\uFF4E", "\u{1F600}", "\u{1F600}n"];
    for (const id of ids) {
      brand.putNote({ id, contact_id: "77", date: "2026-03-10 09:30:00" });
    }
    const tenant = await syncAll();
    for (const oldestFirst of [false, true]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof tenant.listNotes>> = await tenant
          .listNotes({
            limit: 1,
            contact: "77",
            oldestFirst,
            ...cursor === null ? {} : { cursor },
          });
        found.push(...page.rows.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== null);
      expect(found).toEqual(oldestFirst ? ids : ids.toReversed());
    }
  });

  it("keeps the time at which it was first stored when it changes", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "n1", content: "first" });
    const first = await (await syncAll()).getNote("n1");
    brand.putNote({ id: "n1", content: "second" });
    const second = await (await syncAll()).getNote("n1");
    expect(second!.content).toBe("second");
    expect(second!.createdAt).toBe(first!.createdAt);
  });

  it("is listed newest first, those without a date last, equal dates by id", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "none", date: "0000-00-00 00:00:00", content: "x" });
    brand.putNote({ id: "old", date: "2026-01-05 10:00:00", content: "x" });
    brand.putNote({ id: "new-b", date: "2026-03-10 10:00:00", content: "x" });
    brand.putNote({ id: "new-a", date: "2026-03-10 10:00:00", content: "x" });
    const { rows } = await (await syncAll()).listNotes({ limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["new-b", "new-a", "old", "none"]);
  });
});

describe("a large note", () => {
  it("is kept whole, with a preview of at most 2 KiB in the lists", async () => {
    const { rig, brand, syncAll, rows } = await emptyBrand();
    await using _ = rig;
    expect(new TextEncoder().encode(LARGE).length).toBeGreaterThan(200_000);
    brand.putNote({ id: "n1", contact_id: "7", content: LARGE });
    const tenant = await syncAll();
    const note = await tenant.getNote("n1");
    expect(note!.content).toBe(LARGE.trim());
    expect(JSON.parse(note!.raw).content).toBe(LARGE);
    const { rows: [row] } = await tenant.listNotes({ limit: 1 });
    expect(row!.truncated).toBe(true);
    const preview = new TextEncoder().encode(row!.content!);
    expect(preview.length).toBeLessThanOrEqual(2048);
    expect(LARGE.startsWith(row!.content!)).toBe(true);
    expect((await rows("ct_note_bodies")).length).toBeGreaterThan(5);
  });

  it("is found by a search beyond its preview", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "n1", content: LARGE + "Needle" });
    const tenant = await syncAll();
    const found = await tenant.listNotes({ limit: 5, search: "needle" });
    expect(found.rows.map(({ id }) => id)).toEqual(["n1"]);
  });

  it("leaves no part of its old version when it is replaced", async () => {
    const { rig, brand, syncAll, rows } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "n1", content: LARGE });
    await syncAll();
    const before = (await rows("ct_note_bodies")).map(({ key }) => key[4]);
    brand.putNote({ id: "n1", content: LARGE + "and more" });
    const tenant = await syncAll();
    expect((await tenant.getNote("n1"))!.content).toBe(LARGE + "and more");
    const after = (await rows("ct_note_bodies")).map(({ key }) => key[4]);
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before[0]);
  });

  it("leaves no part when it becomes a small one or goes", async () => {
    const { rig, brand, syncAll, rows } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "n1", content: LARGE });
    brand.putNote({ id: "n2", content: LARGE });
    await syncAll();
    brand.putNote({ id: "n1", content: "short" });
    brand.removeNote("n2");
    const tenant = await syncAll();
    expect(await rows("ct_note_bodies")).toEqual([]);
    expect((await tenant.getNote("n1"))!.content).toBe("short");
    expect(await tenant.getNote("n2")).toBeNull();
  });

  it("is read whole while a sync replaces it", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    brand.putNote({ id: "n1", content: LARGE });
    await syncAll();
    let reads = -Infinity;
    const beforeGet = async () => {
      // The first read is the note's own row; its parts are gone when they are asked for.
      if (++reads !== 2) return;
      brand.putNote({ id: "n1", content: LARGE + "and more" });
      await syncAll();
    };
    const { store } = await rig.another({ beforeGet });
    const reader = await openTenant(store, rig.tenant.id);
    reads = 0;
    expect((await reader.getNote("n1"))!.content).toBe(LARGE + "and more");
    expect(reads).toBeGreaterThan(2);
  });

  it("fits the database also where its text is wider than its beginning", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    for (let n = 0; n < 300; n++) {
      const content = `Note ${n}: ` + "plain words ".repeat(200) + "😀";
      brand.putNote({ id: `n${n}`, contact_id: "7", content });
    }
    const tenant = await syncAll();
    expect((await tenant.listNotes({ limit: 1 })).total).toBe(300);
  });

  it("fits the database at every size around what one value holds", async () => {
    const { rig, brand, syncAll } = await emptyBrand();
    await using _ = rig;
    const tails = ["", "é", "😀", "\u2003"];
    for (let kb = 4; kb <= 64; kb += 4) {
      for (const [n, tail] of tails.entries()) {
        brand.putNote({
          id: `${kb}-${n}`,
          content: "a".repeat(kb * 1024) + tail,
        });
      }
    }
    const tenant = await syncAll();
    for (let kb = 4; kb <= 64; kb += 4) {
      for (const [n, tail] of tails.entries()) {
        const { content } = (await tenant.getNote(`${kb}-${n}`))!;
        expect(content).toBe(("a".repeat(kb * 1024) + tail).trim());
      }
    }
  });
});

describe("notes from the oldest to the newest", () => {
  it("are those of the other order turned round, but for undated ones, which stay last", async () => {
    await using rig = await createRig({ brand: EMPTY });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let n = 0; n < 23; n++) {
      const date = n % 4 === 0 ? "" : `2026-03-0${1 + n % 3} 10:00:00`;
      brand.putNote({ id: `n${n}`, date, content: `Note ${n % 2}` });
    }
    await rig.sync();
    const data = await rig.data();
    for (const search of [undefined, "note 1"]) {
      const query = search ? { search } : {};
      const down = (await data.listNotes({ limit: 50, ...query })).rows;
      const dated = down.filter(({ noteDate }) => noteDate !== null);
      const undated = down.filter(({ noteDate }) => noteDate === null);
      const up = [...dated.toReversed(), ...undated.toReversed()];
      const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
      const paged: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const found = await data.listNotes({
          limit: 4,
          oldestFirst: true,
          ...query,
          ...cursor ? { cursor } : {},
        });
        paged.push(...ids(found.rows));
        cursor = found.cursor;
      }
      expect(paged).toEqual(ids(up));
      const each = await Array.fromAsync(
        data.eachNote({ ...query, oldestFirst: true }),
      );
      expect(ids(each)).toEqual(ids(up));
    }
  });

  it("take no cursor of the other order", async () => {
    await using rig = await createRig();
    await rig.sync();
    const data = await rig.data();
    for (const oldestFirst of [true, false]) {
      const { cursor } = await data.listNotes({ limit: 1, oldestFirst });
      const other = data.listNotes({
        limit: 1,
        oldestFirst: !oldestFirst,
        cursor: cursor!,
      });
      await expect(other).rejects.toThrow(
        "Cannot go on from this cursor: it is not one that the list gave",
      );
    }
  });
});
