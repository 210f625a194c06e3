import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createHash } from "node:crypto";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const views = async (rig: SyncRig, day: string) =>
  await (await rig.data()).views(day);
const state = async (rig: SyncRig) => await (await rig.data()).syncState();

describe("view documents", () => {
  it("hold the figures of the records that are stored", async () => {
    await using rig = await createRig({ brand: { leads: 120 } });
    await rig.sync();
    const { leads, pipeline, kpis } = await views(rig, "2026-03-11");
    const model = rig.simulator.brand(TEST_WEB_KEY).model("leads");
    const prospects = model.filter(({ contactType }) => contactType === "1");
    expect(leads!.totalLeads).toBe(prospects.length);
    expect(kpis!.totalLeads).toBe(prospects.length);
    expect(kpis!.pipelineValueCents).toBe(pipeline!.totalValueCents);
    expect((await state(rig)).prospects).toBe(prospects.length);
  });

  it("of a new day are carried forward where nothing changed", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await views(rig, "2026-03-11");
    rig.clock.set("2026-03-12T05:00:00.000Z");
    rig.operations.length = 0;
    const report = await rig.sync();
    expect(report.recordsUpdated).toBe(0);
    const day = { day: "2026-03-12", computedAt: "2026-03-12T05:00:00.000Z" };
    const after = await views(rig, "2026-03-12");
    const { createdByDay, createdRecently, createdRecentlyFrom } = before
      .leads!;
    const recent = Date.parse(day.computedAt) / 1000 - 22 * 24 * 3600;
    expect(after).toEqual({
      leads: {
        ...before.leads!,
        ...day,
        createdByDay: { ...createdByDay, counts: [...createdByDay.counts, 0] },
        createdRecently: createdRecently.filter((time) => time >= recent),
        createdRecentlyFrom: createdRecentlyFrom.slice(
          createdRecently.findIndex((time) => time >= recent),
        ),
      },
      pipeline: { ...before.pipeline!, ...day },
      kpis: { ...before.kpis!, ...day },
    });
    const listed = rig.operations.filter(({ kind, keys: [key] }) =>
      kind === "list" && key?.[2] === "leads"
    );
    expect(listed).toEqual([]);
    expect(await views(rig, "2026-03-11")).toEqual(before);
    const days = (await (await rig.data()).kpiHistory(5)).map(({ day }) => day);
    expect(days).toEqual(["2026-03-12", "2026-03-11"]);
  });

  it("of a new day count what lay in the future before", async () => {
    await using rig = await createRig({ brand: { leads: 5 } });
    rig.simulator.brand(TEST_WEB_KEY).putLead({
      client_id: "early",
      created: "2026-03-12 00:03:00",
    });
    await rig.sync();
    const before = await views(rig, "2026-03-11");
    expect(before.leads!.createdByDay.later).toBe(1);
    rig.clock.set("2026-03-12T14:00:00.000Z");
    await rig.sync();
    const { createdByDay } = (await views(rig, "2026-03-12")).leads!;
    expect(createdByDay.later).toBeUndefined();
    expect(createdByDay.counts.at(-1)).toBe(1);
  });

  it("look up all people that they name at once", async () => {
    await using rig = await createRig({
      brand: { leads: 300, opportunities: 200 },
    });
    await rig.sync();
    const hot = await (await rig.data()).listHotList({ limit: 1, offset: 0 });
    expect(hot.total).toBeGreaterThan(4);
    rig.clock.advance(HOUR);
    rig.simulator.brand(TEST_WEB_KEY).putLead({
      client_id: "new",
      firstName: "Robin",
      contact_type: "1",
    });
    rig.operations.length = 0;
    expect((await rig.sync()).recordsUpdated).toBe(1);
    const people = rig.operations.filter(({ kind, keys }) =>
      kind.startsWith("get") && keys[0]?.[2] === "leads"
    ).map(({ kind, keys }) => [kind, keys.length > 4]);
    // Those of the hot list, those of the deals that have waited longest, and who is new.
    expect(people).toEqual([
      ["getMany", true],
      ["getMany", true],
      ["getMany", false],
    ]);
  });

  it("of an hour without changes stay as they are", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await views(rig, "2026-03-11");
    const { dataVersion } = await state(rig);
    rig.clock.advance(HOUR);
    await rig.sync();
    expect(await views(rig, "2026-03-11")).toEqual(before);
    expect((await state(rig)).dataVersion).toBe(dataVersion);
  });

  it("keep the leads' figures old when the leads fail", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await views(rig, "2026-03-11");
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead({ client_id: "new", firstName: "Robin" });
    const fault = rig.simulator.faults.add({
      kind: "http_status",
      stream: "leads",
    });
    rig.clock.advance(HOUR);
    await rig.sync();
    const { leads } = await views(rig, "2026-03-11");
    expect(leads!.totalLeads).toBe(before.leads!.totalLeads);
    fault.remove();
    rig.clock.advance(HOUR);
    await rig.sync();
    expect((await views(rig, "2026-03-11")).leads!.totalLeads)
      .toBe(before.leads!.totalLeads + 1);
  });

  it("do not exist before every stream that they need has succeeded once", async () => {
    await using rig = await createRig();
    const fault = rig.simulator.faults.add({
      kind: "http_status",
      stream: "opportunities",
    });
    await rig.sync();
    expect(await views(rig, "2026-03-11"))
      .toEqual({ leads: null, pipeline: null, kpis: null });
    expect((await state(rig)).viewDay).toBeNull();
    fault.remove();
    await rig.sync();
    expect((await views(rig, "2026-03-11")).leads!.totalLeads)
      .toBeGreaterThan(0);
  });

  it("switch at once with the state that names them", async () => {
    await using rig = await createRig();
    await rig.sync();
    rig.operations.length = 0;
    rig.simulator.brand(TEST_WEB_KEY).putLead({ client_id: "new" });
    await rig.sync();
    const last = rig.operations.findLast(({ kind }) => kind === "commit")!;
    const kinds = last.keys.map((key) => key[2]).filter((kind) =>
      kind !== undefined
    );
    expect(kinds.sort()).toEqual([
      "ct_raw_snapshots",
      "kpis",
      "lead_metrics",
      "pipeline_stage_counts",
      "recent",
      "sync_lease",
      "sync_runs",
      "sync_state",
    ]);
  });

  it("that are too large for one value are kept and read whole, without old parts", async () => {
    await using rig = await createRig({ brand: { leads: 0, notes: 0 } });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let n = 0; n < 3_000; n++) {
      const name = createHash("sha256").update(String(n)).digest("base64");
      brand.putLead({ client_id: `L${n}`, clients_lead_source: name });
    }
    const times = ["11T15:00", "11T16:00", "12T15:00"];
    for (const [n, time] of times.entries()) {
      rig.clock.set(`2026-03-${time}:00.000Z`);
      brand.putLead({ client_id: `new at ${time}` });
      await rig.sync();
      const { leads } = await views(rig, `2026-03-${time.slice(0, 2)}`);
      expect(leads!.totalLeads).toBe(3_001 + n);
      expect(leads!.bySource.length).toBe(3_001);
    }
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const parts = rows.filter(({ key }) =>
      key[2] === "lead_metrics" && key.length > 4
    );
    const versions = new Set(parts.map(({ key }) => key.slice(3, 5).join()));
    expect(parts.length).toBeGreaterThan(versions.size);
    expect(versions.size).toBe(2);
  });
});
