import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { NotFoundError, type WeeklyReport } from "../../lib/domain/mod.ts";
import {
  changeReport,
  correctedFigures,
  findReport,
  isReportSubscriber,
  listAllReports,
  listEarlierReports,
  listReportSubscribers,
  markReportMailed,
  ReportChangedError,
  setReportSubscriber,
  type StoredReport,
} from "../../lib/store/mod.ts";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const WEEK = "2026-03-09";

describe("reports", () => {
  let rig: SyncRig;
  let draft: StoredReport;

  beforeEach(async () => {
    // Friday noon in New York, then the Tuesday after.
    rig = await createRig({ now: "2026-03-13T16:00:00.000Z" });
    await rig.sync();
    rig.clock.set("2026-03-17T12:00:00.000Z");
    await rig.sync();
    draft = (await findReport(rig.store, rig.tenant.id, WEEK))!;
  });

  afterEach(() => rig.dispose());

  const change = (
    { stamp }: StoredReport,
    what: Parameters<typeof changeReport>[3],
  ) =>
    changeReport(
      rig.store,
      rig.tenant.id,
      { week: WEEK, stamp },
      what,
      rig.clock,
    );
  const stored = async () =>
    (await findReport(rig.store, rig.tenant.id, WEEK))!;
  const listed = async () => await (await rig.data()).listReports();

  it("findReport() gives the report with its stamp, and null where there is none", async () => {
    expect(draft.report).toMatchObject({ week: WEEK, version: 1 });
    for (const week of ["2026-03-02", "2026-03-10", "", "reports"]) {
      expect(await findReport(rig.store, rig.tenant.id, week)).toBe(null);
    }
  });

  it("holds the trend of eight weeks, whose last is the week's, and sources that add up to it", () => {
    const { trend, newLeads, newLeadsBefore, newBySource } =
      draft.report.figures;
    expect(trend).toHaveLength(8);
    expect(trend?.slice(-2).map(({ count }) => count))
      .toEqual([newLeadsBefore, newLeads]);
    const sum = newBySource!.reduce((total, { leads }) => total + leads, 0);
    expect(sum).toBe(newLeads);
  });

  it("changeReport() changes what the stamp says, and gives the next stamp", async () => {
    const text = { title: "Nine new leads", summary: "A good week." };
    const edited = await change(draft, { text });
    expect(edited.report).toMatchObject(text);
    expect(await stored()).toEqual(edited);
    const published = await change(edited, { publish: true });
    expect(await stored()).toEqual(published);
    expect(await listed()).toEqual([{
      week: WEEK,
      title: "Nine new leads",
      version: 1,
      publishedAt: "2026-03-17T12:00:00.000Z",
    }]);
  });

  it("changeReport() leaves what somebody else has changed meanwhile", async () => {
    await change(draft, { text: { title: "First", summary: "" } });
    const second = change(draft, { text: { title: "Second", summary: "" } });
    await expect(second).rejects.toThrow(ReportChangedError);
    expect((await stored()).report.title).toBe("First");
  });

  it("changeReport() refuses a report that is not there", async () => {
    const { stamp } = draft;
    const missing = changeReport(
      rig.store,
      rig.tenant.id,
      { week: "2026-03-02", stamp },
      { publish: true },
      rig.clock,
    );
    await expect(missing).rejects.toThrow(NotFoundError);
  });

  it("keeps every version, and lists the one that readers see", async () => {
    const published = await change(draft, { publish: true });
    const figures = { ...published.report.figures, newLeads: 4711 };
    const second = await change(published, { figures });
    expect(second.report).toMatchObject({ version: 2, publishedAt: null });
    expect((await listed())[0]?.version).toBe(1);
    const earlier = await listEarlierReports(
      rig.store,
      rig.tenant.id,
      second.report,
    );
    expect(earlier).toEqual([published.report]);
    await change(second, { publish: true });
    expect((await listed()).map(({ version }) => version)).toEqual([2]);
    const all = await listAllReports(rig.store, rig.tenant.id);
    expect(all.map(({ version }) => version)).toEqual([2]);
  });

  it("correctedFigures() finds nothing while the kept days say the same", async () => {
    expect(await correctedFigures(await rig.data(), draft.report)).toBe(null);
  });

  it("correctedFigures() sees a lead of the week that came after the report was frozen", async () => {
    rig.simulator.brand(TEST_WEB_KEY).putLead({
      client_id: "late",
      created: "2026-03-12 09:00:00",
      contact_type: "1",
      clients_sales_cycle: "New Lead",
    });
    rig.clock.set("2026-03-17T20:00:00.000Z");
    await rig.sync();
    const now = await correctedFigures(await rig.data(), draft.report);
    expect(now?.newLeads).toBe(draft.report.figures.newLeads + 1);
  });

  it("a version is mailed once", async () => {
    const published = await change(draft, { publish: true });
    const mark = (one: StoredReport) =>
      markReportMailed(rig.store, rig.tenant.id, one, rig.clock);
    expect(await mark(published)).toBe(true);
    expect(await mark(published)).toBe(false);
    expect(await mark(await stored())).toBe(false);
  });

  it("subscriptions begin and end, and belong to the tenant", async () => {
    const { store, tenant: { id }, clock } = rig;
    await setReportSubscriber(store, id, "u1", true, clock);
    await setReportSubscriber(store, id, "u2", true, clock);
    await setReportSubscriber(store, id, "u2", true, clock);
    expect(await listReportSubscribers(store, id)).toEqual(["u1", "u2"]);
    await setReportSubscriber(store, id, "u1", false, clock);
    expect(await isReportSubscriber(store, id, "u1")).toBe(false);
    expect(await isReportSubscriber(store, id, "u2")).toBe(true);
    const gone = setReportSubscriber(store, "unknown", "u1", true, clock);
    await expect(gone).rejects.toThrow(NotFoundError);
  });

  it("a report stays one value, whatever its sources", async () => {
    const rows = await tenantRows(rig.kv, rig.tenant.id);
    const values = rows.filter(({ key }) => key[2] === "reports")
      .map(({ value }) => value as WeeklyReport);
    expect(values).toHaveLength(1);
    expect(values[0]?.figures.bySource.length).toBeLessThanOrEqual(61);
  });
});
