import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Fault } from "../../../lib/clienttether/simulator/mod.ts";
import type {
  Activity,
  Lead,
  Note,
  Opportunity,
} from "../../../lib/domain/mod.ts";
import { tenantRows } from "../../_dump.ts";
import { expectSuccess } from "./_expect.ts";
import { TENANT, Twins } from "./_matrix.ts";
import { createTwins, one, ours } from "./_ours.ts";
import { rawLines } from "./_raw.ts";

describe("a value that is not what it should be", () => {
  it("row 20: of another type is null, with a remark, and kept raw", async () => {
    await using twins = await createTwins();
    for (const to of ["object", "array", "boolean"] as const) {
      const seen = await twins.under([
        { kind: "type_drift", to, ...ours.lead },
        { kind: "type_drift", to, field: "deal_size", ...ours.deal },
        { kind: "type_drift", to, ...ours.note },
      ]);
      expectSuccess(seen);
      expect(seen.quarantine).toEqual([]);
      const lead = await one<Lead>(twins, "leads", "L");
      expect(lead.firstName).toBe(null);
      expect(lead.remarks.join()).toContain("firstName");
      const deal = await one<Opportunity>(twins, "opportunities", "O");
      expect(deal.dealSizeCents).toBe(null);
      expect(deal.remarks.join()).toContain("deal_size");
      const note = await one<Note>(twins, "ct_notes", "N");
      expect(note.content).toBe(null);
      const raw = (await rawLines(twins.faulted, "leads")).map((line) =>
        JSON.parse(line)
      ).find((row) => row.client_id === "L");
      const came = {
        object: { value: "nested", parts: [1, 2] },
        array: ["one", 2],
        boolean: true,
      };
      expect(raw.firstName).toEqual(came[to]);
    }
    // The deal had no size for an hour, which its history tells.
    await twins.heal("stage_changes");
  });

  it("row 20: a number for a text is its digits, and null is blank", async () => {
    await using twins = await createTwins();
    const drift = { kind: "type_drift", ...ours.lead } as const;
    expectSuccess(await twins.under({ ...drift, to: "number" }));
    expect(await one<Lead>(twins, "leads", "L")).toMatchObject({
      firstName: "42",
      remarks: [],
    });
    expectSuccess(await twins.under({ ...drift, to: "null" }));
    expect(await one<Lead>(twins, "leads", "L")).toMatchObject({
      firstName: null,
      remarks: [],
    });
    await twins.heal();
  });

  it("row 21: a stage that nobody has heard of is counted as unclassified, a status is shown as it came", async () => {
    await using twins = await createTwins();
    const seen = await twins.under([
      { kind: "unknown_enum", ...ours.lead },
      { kind: "unknown_enum", ...ours.deal },
      { kind: "unknown_enum", ...ours.activity },
      {
        kind: "unknown_enum",
        field: "type",
        value: "Seance",
        ...ours.activity,
      },
    ]);
    expectSuccess(seen);
    const { leads, pipeline } = seen.after.views;
    expect(leads.unclassified).toBe(seen.before.views.leads.unclassified + 1);
    expect(leads.byStatus).toContainEqual({
      name: "Quantum Review",
      leads: 1,
      kind: "unclassified",
    });
    expect(pipeline.unclassified)
      .toBe(seen.before.views.pipeline.unclassified + 1);
    expect(seen.after.schedule.find(({ id }) => id === "A")).toMatchObject({
      activityType: "Seance",
      status: "Quantum Review",
    });
    // The opportunity stood on that stage for an hour, which the history of stages tells.
    await twins.heal("stage_changes");
  });

  it("row 23: dates that are none are null, with a remark, and never a broken key", async () => {
    await using twins = await createTwins();
    for (
      const value of [
        "0000-00-00 00:00:00",
        "2024-02-30 10:00:00",
        "9999-12-31 00:00:00",
        "2026-13-01",
        "last Tuesday",
        "NaN",
      ]
    ) {
      const bad = (where: object) =>
        ({ kind: "bad_date", value, ...where }) as Fault;
      const seen = await twins.under([
        bad(ours.lead),
        bad(ours.note),
        bad(ours.activity),
      ]);
      expectSuccess(seen);
      const lead = await one<Lead>(twins, "leads", "L");
      const note = await one<Note>(twins, "ct_notes", "N");
      const activity = await one<Activity>(
        twins,
        "ct_scheduled_activities",
        "A",
      );
      expect([lead.createdAt, note.noteDate, activity.scheduledAt])
        .toEqual([null, null, null]);
      for (const { remarks } of [lead, note, activity]) {
        expect(remarks.join()).toContain(`'${value}'`);
      }
      expect(seen.after.views.leads.createdUnknown).toBe(1);
      expect(seen.after.schedule.map(({ id }) => id)).not.toContain("A");
      expect(seen.after.leads.at(-1)!.id).toBe("L");
      expect(await datesInKeys(twins)).toEqual([]);
    }
    await twins.heal();
  });

  it("row 23: a date without a zone is the tenant's own", async () => {
    await using twins = await createTwins();
    const value = "2026-03-04 14:05:06";
    const fault = { kind: "bad_date", value, ...ours.lead } as const;
    expectSuccess(await twins.under(fault));
    expect(await one<Lead>(twins, "leads", "L")).toMatchObject({
      createdAt: "2026-03-04T19:05:06.000Z",
      remarks: [],
    });
    await twins.heal();
  });

  it("row 28: an amount that is none is excluded and counted, cents are exact, a negative one is kept", async () => {
    await using twins = await createTwins();
    const unsized = () =>
      twins.under([]).then(({ after }) => after.views.pipeline.unsized!);
    const sized = await unsized();
    for (
      const [value, cents] of [
        ["NaN", null],
        ["Infinity", null],
        ["lots", null],
        ["$1,234.50", 123450],
        ["-500", -50000],
        ["(500)", null],
        [0.1, 10],
      ] as const
    ) {
      const seen = await twins.under({
        kind: "odd_money",
        value,
        ...ours.deal,
      });
      expectSuccess(seen);
      const deal = await one<Opportunity>(twins, "opportunities", "O");
      expect([value, deal.dealSizeCents]).toEqual([value, cents]);
      expect(deal.remarks.length).toBe(cents === null ? 1 : 0);
      expect(seen.after.views.pipeline.unsized)
        .toBe(cents === null ? sized + 1 : sized);
      for (const total of Object.values(seen.after.views.pipeline)) {
        expect(total).not.toBeNaN();
      }
    }
    // The deal had no size for an hour, which its history tells.
    await twins.heal("stage_changes");
  });
});

/** Dates in keys that are neither whole nor the mark of an unknown one. */
async function datesInKeys({ faulted }: Twins): Promise<unknown[]> {
  const rows = await tenantRows(faulted.kv, TENANT);
  return rows.filter(({ key }) => /_by_(created|date)$/.test(String(key[2])))
    .map(({ key }) => key[3])
    .filter((date) =>
      !/^(0000|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/.test(String(date))
    );
}
