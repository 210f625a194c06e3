import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { rawOfRecord } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const DAY = 24 * HOUR;

/** A brand in which one lead has another company with each change. */
async function open() {
  const rig = await createRig({ brand: { leads: 30 } });
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const put = (company: string) =>
    brand.putLead({ client_id: "L", firstName: "Robin", compName: company });
  const later = async (ms: number) => {
    rig.clock.advance(ms);
    return (await rig.sync()).runId;
  };
  const find = () => rawOfRecord(rig.store, rig.tenant.id, "leads", "L");
  return Object.assign(rig, { brand, put, later, find });
}

const companyOf = (raw: string | null | undefined) =>
  JSON.parse(raw ?? "{}").compName;

describe("rawOfRecord()", () => {
  it("finds what was sent last, and the run that brought it, through the hours and days", async () => {
    await using rig = await open();
    rig.put("first");
    let brought = (await rig.sync()).runId;
    const expectFound = async (company: string) => {
      const found = await rig.find();
      expect([companyOf(found?.raw), found?.broughtBy?.runId])
        .toEqual([company, brought]);
      return found!.orEarlier;
    };
    expect(await expectFound("first")).toBe(true);
    await rig.later(HOUR);
    await expectFound("first");
    rig.put("second");
    brought = await rig.later(HOUR);
    expect(await expectFound("second")).toBe(false);
    for (let day = 0; day < 4; day++) {
      await rig.later(DAY);
      expect(await expectFound("second")).toBe(false);
    }
    rig.put("third");
    brought = await rig.later(DAY);
    expect(await expectFound("third")).toBe(false);
    await rig.later(DAY);
    await rig.later(HOUR);
    expect(await expectFound("third")).toBe(false);
  });

  it("does not know the run where its answers are no longer kept", async () => {
    await using rig = await open();
    rig.deps.snapshotRetentionDays = 2;
    rig.put("first");
    const first = (await rig.sync()).runId;
    for (let day = 0; day < 6; day++) await rig.later(DAY);
    const found = await rig.find();
    expect(companyOf(found?.raw)).toBe("first");
    expect(found?.orEarlier).toBe(true);
    expect(found?.broughtBy?.runId).not.toBe(first);
  });

  it("gives what a note keeps itself where no answer holds it any more", async () => {
    await using rig = await open();
    rig.brand.putNote({ id: "N", contact_id: "L", content: "Kept" });
    await rig.sync();
    await dropRaw(rig);
    const note = await rawOfRecord(rig.store, rig.tenant.id, "notes", "N");
    expect(note).toMatchObject({ broughtBy: null, orEarlier: false });
    expect(JSON.parse(note!.raw!)).toMatchObject({ content: "Kept" });
    rig.put("first");
    await rig.sync();
    await dropRaw(rig);
    expect(await rig.find()).toEqual({
      raw: null,
      broughtBy: null,
      orEarlier: false,
    });
  });

  it("is null for a record that is not stored", async () => {
    await using rig = await open();
    await rig.sync();
    expect(await rig.find()).toBe(null);
  });

  it("finds ids however they are written", async () => {
    await using rig = await open();
    for (const id of ["é 😀", 'a"b', "90071992547409931"]) {
      rig.brand.putLead({ client_id: id, firstName: "Odd" });
    }
    await rig.sync();
    for (const id of ["é 😀", 'a"b', "90071992547409931"]) {
      const found = await rawOfRecord(rig.store, rig.tenant.id, "leads", id);
      expect(JSON.parse(found!.raw!).client_id).toBe(id);
    }
  });
});

async function dropRaw({ kv, tenant }: SyncRig): Promise<void> {
  for (const kind of ["ct_raw_snapshots", "ct_raw_chunks"]) {
    for await (const { key } of kv.list({ prefix: ["t", tenant.id, kind] })) {
      await kv.delete(key);
    }
  }
}
