import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { tenantRows } from "../../_dump.ts";
import { expectFailed, expectKept, expectSuccess } from "./_expect.ts";
import { TENANT, Twins } from "./_matrix.ts";

const leads = { stream: "leads" } as const;
const HINT = "the data stays as it was. " +
  "If that is right, run: portal sync --tenant test-brand --accept-removals.";

/** Ids of the leads that are stored. */
async function leadIds({ faulted }: Twins): Promise<unknown[]> {
  const rows = await tenantRows(faulted.kv, TENANT);
  return rows.filter(({ key }) => key[2] === "leads").map(({ key }) => key[3]);
}

describe("a list that moves while it is read", () => {
  it("row 14: one that shrinks is complete at its last page's count, and removes nothing", async () => {
    await using twins = await Twins.create();
    const known = await leadIds(twins);
    const seen = await twins.under({
      kind: "shrinking_total",
      by: 3,
      ...leads,
    });
    expectSuccess(seen);
    const { fetched, removed } = seen.report.streams.leads!;
    expect([fetched, removed]).toEqual([twins.brand.counts().leads - 3, 0]);
    // Among those that are kept is one that is truly gone.
    expect(await leadIds(twins)).toEqual(expect.arrayContaining(known));
    await twins.heal();
    expect((await leadIds(twins)).length).toBe(twins.brand.counts().leads);
  });

  it("row 14: pages shorter than asked for are read on to the end", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "short_page", size: 30, ...leads });
    expectSuccess(seen);
    expect(seen.asked("leads")).toBe(
      Math.ceil(twins.brand.counts().leads / 30),
    );
    expect(seen.report.streams.leads!.removed).toBe(1);
    await twins.heal();
  });

  it("row 15: a record that comes twice is one record, its newest version", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "duplicate", count: 3, ...leads });
    expectSuccess(seen);
    const { fetched, removed } = seen.report.streams.leads!;
    expect([fetched, removed]).toEqual([twins.brand.counts().leads, 0]);
    const rows = twins.brand.rows("leads").slice(97, 100);
    for (const { client_id, last_modified_date } of rows) {
      const stored = await twins.faulted.kv.get<{ updatedAt: string }>(
        ["t", TENANT, "leads", String(client_id)],
      );
      // The simulator spells local time; what came again was changed since.
      const before = Date.parse(`${last_modified_date}-04:00`);
      expect(Date.parse(stored.value!.updatedAt)).toBeGreaterThan(before);
    }
    await twins.heal();
  });

  it("row 16: one of which records were skipped fails, and the next whole pass has them", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "moved", count: 5, ...leads });
    const all = twins.brand.counts().leads;
    expectFailed(
      seen,
      `Leads: ClientTether sent ${
        all - 5
      } of ${all} records, also when the list was read again.`,
      "leads",
    );
    // Twice: two pages, and after them one that is empty.
    expect(seen.asked("leads")).toBe(6);
    await twins.heal();
  });

  it("row 16: one that is whole when read again is taken", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({
      kind: "moved",
      count: 5,
      call: 2,
      ...leads,
    });
    expectSuccess(seen);
    expect(seen.report.streams.leads!.removed).toBe(1);
    await twins.heal();
  });

  it("row 16: records skipped where no count is given come back with the next whole pass", async () => {
    await using twins = await Twins.create({
      brand: { totalRecordStyle: "absent" },
    });
    const seen = await twins.under({ kind: "moved", count: 5, ...leads });
    expectSuccess(seen);
    // They had left, which their history tells.
    await twins.heal("stage_changes");
    expect((await leadIds(twins)).length).toBe(twins.brand.counts().leads);
  });

  it("row 17: the same page again and again is stopped at its second time", async () => {
    for (const totalRecordStyle of ["number", "absent"] as const) {
      await using twins = await Twins.create({
        brand: { totalRecordStyle, leads: 250 },
      });
      const seen = await twins.under({ kind: "same_page", ...leads });
      expectFailed(
        seen,
        "Leads: ClientTether sent the same page twice in a row (at record 100).",
        "leads",
      );
      expect(seen.asked("leads")).toBe(2);
      await twins.heal();
    }
  });
});

describe("a list that is suddenly much shorter", () => {
  it("row 18: none where there were many is not believed, however it is spelt", async () => {
    await using twins = await Twins.create();
    const known = (await leadIds(twins)).length;
    for (const style of ["array", "null", "text", "CT515"] as const) {
      const seen = await twins.under({ kind: "none", style, ...leads });
      expectFailed(
        seen,
        `Leads: ClientTether sent an empty list where ${known} leads were known; ${HINT}`,
        "leads",
      );
    }
    await twins.heal();
  });

  it("row 18: every list that is read whole is guarded", async () => {
    await using twins = await Twins.create({ brand: { activities: 150 } });
    const seen = await twins.under({ kind: "none" }, { full: true });
    for (const [stream, { status }] of Object.entries(seen.report.streams)) {
      expect([stream, status]).toEqual([stream, "failed"]);
    }
    for (const stream of ["cycles", "leads", "opportunities"] as const) {
      expectKept(seen, stream);
    }
    expectKept(seen, "notes");
    expectKept(seen, "activities");
    expect(seen.after.views).toEqual(seen.before.views);
    expect(seen.after.hotList).toEqual(seen.before.hotList);
    await twins.heal();
  });

  it("row 19: less than half is not believed", async () => {
    await using twins = await Twins.create();
    const known = (await leadIds(twins)).length;
    const seen = await twins.under({ kind: "fewer", keep: 0.4, ...leads });
    const came = Math.floor(twins.brand.counts().leads * 0.4);
    expectFailed(
      seen,
      `Leads: ClientTether sent only ${came} where ${known} leads were known; ${HINT}`,
      "leads",
    );
    await twins.heal();
  });

  it("row 19: more than half is believed, and what comes back is as it was", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "fewer", keep: 0.8, ...leads });
    expectSuccess(seen);
    expect(seen.report.streams.leads!.removed).toBeGreaterThan(20);
    // They had left, which their history tells.
    await twins.heal("stage_changes");
  });

  it("rows 18 and 19: the operator's word makes it believed", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under(
      { kind: "none", ...leads },
      { acceptRemovals: true },
    );
    expectSuccess(seen);
    expect(seen.after.leads).toEqual([]);
    // They had left, which their history tells.
    await twins.heal("stage_changes");
  });
});
