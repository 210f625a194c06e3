import { gunzipSync } from "node:zlib";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { purgeTenant, SyncWriter } from "../../lib/store/mod.ts";
import {
  erasePerson,
  replayTenant,
  retryQuarantine,
} from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { Crash, crashWhere } from "../_kv.ts";
import {
  checked,
  everyWord,
  expectFound,
  findAfresh,
  notesBrand,
  STORED,
} from "./_notes_text.ts";

describe("what changes notes beside a sync", () => {
  it("an erasure leaves no word of the person in it, wherever it was cut off", async () => {
    for (let nth = 1, ended = false; !ended; nth++) {
      const { rig, brand, put, hour, rows } = await notesBrand();
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
      const { rig, brand, put, hour, rows } = await notesBrand();
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
    const { rig, brand, put, hour } = await notesBrand();
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

  it("a replay leaves searches right", async () => {
    const { rig, put, hour } = await notesBrand();
    await using _ = rig;
    for (let n = 0; n < 60; n++) put(n * 300, `Called ${n}`);
    await hour();
    const under = (...parts: string[]) => ["t", rig.tenant.id, ...parts];
    for (
      const kind of ["ct_notes", "ct_notes_by_date", "ct_notes_by_contact"]
    ) {
      for await (const { key, value } of rig.kv.list({ prefix: under(kind) })) {
        if (key.at(-1) !== "300") continue;
        const odd = {
          content: "Odd",
          ...kind === "ct_notes" ? { preview: "Odd" } : {},
        };
        await rig.kv.set(key, { ...value as object, ...odd });
      }
    }
    // The text of a note that was wrong, as a sync has packed it.
    for await (const { key } of rig.kv.list({ prefix: under("notes_text") })) {
      await rig.kv.delete(key);
    }
    rig.clock.advance(24 * HOUR);
    for (let n = 0; n < 60; n += 2) put(n * 300, `Called ${n} again`);
    await hour(30);
    await expectFound(rig, "called 1", "odd");
    await replayTenant(rig.deps, rig.tenant.id);
    expect((await findAfresh(rig, "odd")).total).toBe(0);
    await expectFound(rig, "called 1", "odd");
    for (let n = 0; n < 60; n += 2) put(n * 300, `Called ${n} once more`);
    await hour(30);
    expect((await expectFound(rig, "called 1", "odd")).flat())
      .not.toContain("ct_notes_by_date");
    expect((await checked(rig)).found).toBe(0);
  });

  it("a retry of the quarantine leaves searches right", async () => {
    const { rig, put, hour } = await notesBrand();
    await using _ = rig;
    for (let n = 0; n < 60; n++) put(n * 300, `Called ${n}`);
    await hour();
    const who = { owner: "earlier", runId: "earlier" };
    const writer = await SyncWriter.open(
      rig.store,
      rig.tenant.id,
      rig.clock,
      who,
    );
    const at = "2026-03-10T15:00:00.000Z";
    await writer!.changeQuarantine("notes", [{
      id: "301",
      stream: "notes",
      reason: "refused by an earlier rule",
      raw: JSON.stringify({
        id: "301",
        contact_id: "7",
        content: "Called late",
      }),
      hash: "earlier",
      firstSeenAt: at,
      lastSeenAt: at,
    }], []);
    await writer!.lease.release({ sets: [], deletes: [] });
    expect(await retryQuarantine(rig.deps, rig.tenant.id))
      .toMatchObject({ notes: { written: 1 } });
    expect((await findAfresh(rig, "late")).ids).toEqual(["301"]);
    await expectFound(rig, "called 1", "late");
  });

  it("a brand that has lost all of it, as a restored one has, gets it again within a day", async () => {
    const { rig, put, hour, rows } = await notesBrand();
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
    const { rig, put, hour, rows } = await notesBrand();
    put(1, "Called");
    await hour();
    expect((await rows()).length).toBe(1);
    await purgeTenant(rig.store, rig.tenant.id, { clock: rig.clock });
    expect(await rows()).toEqual([]);
    rig.dispose();
  });
});
