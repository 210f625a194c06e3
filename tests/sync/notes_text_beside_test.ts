import { gunzipSync } from "node:zlib";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { listQuarantine, purgeTenant } from "../../lib/store/mod.ts";
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

  it("a replay and a retry of the quarantine leave searches right", async () => {
    const { rig, brand, put, hour } = await notesBrand();
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
