import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  normalize,
  normalizeRow,
  type NormalizeSettings,
} from "../../lib/clienttether/mod.ts";
import { STREAMS } from "../../lib/domain/mod.ts";
import { rawRow } from "./_helpers.ts";

const settings: NormalizeSettings = {
  timezone: "America/New_York",
  fieldAliases: {},
};
const context = { firstStoredAt: "2026-07-01T12:00:00.000Z" };

function opportunityOf(value: Record<string, unknown>) {
  const row = rawRow("opportunities", { opportunity_id: "1", ...value });
  const result = normalize.opportunity(row, settings);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

function cycleOf(value: Record<string, unknown>) {
  const row = rawRow("cycles", {
    sales_cycle_id: "1",
    sales_cycle_name: "QR Sent",
    sales_cycle_active_status: "1",
    ...value,
  });
  const result = normalize.cycle(row, settings);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

function noteOf(value: Record<string, unknown>, contactId?: string) {
  const row = rawRow("notes", { id: "1", ...value });
  const result = normalize.note(row, settings, { ...context, contactId });
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

describe("normalize.opportunity()", () => {
  it("links to its client by either name", () => {
    expect(opportunityOf({ client_id: 5 }).clientId).toBe("5");
    expect(opportunityOf({ contact_id: "6" }).clientId).toBe("6");
    expect(opportunityOf({}).clientId).toBe(null);
  });

  it("reads its own stage, source and size", () => {
    const opportunity = opportunityOf({
      contact_sales_cycle: "FA Sent",
      contact_lead_source: "Referral",
      deal_size: 45000,
      contact_type: "2",
    });
    expect(opportunity).toMatchObject({
      stage: "FA Sent",
      source: "Referral",
      dealSizeCents: 4_500_000,
      contactType: "2",
    });
  });

  it("has no market but its own", () => {
    expect(opportunityOf({ city: "Reno" }).market).toBe(null);
    expect(opportunityOf({ market: "West" }).market).toBe("West");
  });
});

describe("normalize.cycle()", () => {
  it("makes a stage of the documented fields", () => {
    const cycle = cycleOf({
      sales_cycle_order: "7",
      likelihood_to_close: "12.5%",
      contact_type: "1",
      contact_type_name: "Prospect",
    });
    expect(cycle).toEqual({
      id: "1",
      name: "QR Sent",
      contactType: "1",
      contactTypeName: "Prospect",
      active: true,
      order: 7,
      likelihoodPct: 12.5,
      remarks: [],
    });
  });

  it("knows an active cycle from one that is not", () => {
    const active = (value: unknown) =>
      cycleOf({ sales_cycle_active_status: value }).active;
    expect(["1", 1, true, "Active"].map(active)).toEqual(Array(4).fill(true));
    expect(["0", 0, false, "", null].map(active)).toEqual(
      Array(5).fill(false),
    );
  });

  it("takes a cycle as active that says nothing about it, with a remark", () => {
    const row = rawRow("cycles", { id: "1", name: "QR Sent" });
    const result = normalize.cycle(row, settings);
    expect(result).toMatchObject({ ok: true, record: { active: true } });
    expect(result.ok && result.record.remarks).toEqual([
      "sales_cycle_active_status: missing, taken as active",
    ]);
  });

  it("nulls an order and a likelihood that are none", () => {
    const cycle = cycleOf({ sales_cycle_order: "x", likelihood_to_close: 120 });
    expect(cycle).toMatchObject({ order: null, likelihoodPct: null });
    expect(cycle.remarks).toEqual([
      "sales_cycle_order: 'x' is not a number",
      "likelihood_to_close: '120' is not from 0 to 100",
    ]);
  });

  it("refuses a cycle without a name", () => {
    const row = rawRow("cycles", { sales_cycle_id: "1" });
    expect(normalize.cycle(row, settings)).toEqual({
      ok: false,
      reason: "name is missing",
    });
  });
});

describe("normalize.note()", () => {
  it("keeps the text as it came beside the note", () => {
    const value = {
      id: "n1",
      contact_id: "5",
      date: "2026-06-01T08:00:00Z",
      author: "Sam Ortiz",
      content: " Called.\n\nNo answer. ",
    };
    expect(noteOf(value)).toEqual({
      id: "n1",
      contactId: "5",
      noteDate: "2026-06-01T08:00:00.000Z",
      author: "Sam Ortiz",
      content: "Called.\n\nNo answer.",
      raw: JSON.stringify(value),
      createdAt: context.firstStoredAt,
      remarks: [],
    });
  });

  it("belongs to the contact whose history was asked for unless it says otherwise", () => {
    expect(noteOf({}, "8").contactId).toBe("8");
    expect(noteOf({ client_id: "9" }, "8").contactId).toBe("9");
    expect(noteOf({}).contactId).toBe(null);
  });

  it("keeps a huge note whole", () => {
    const content = "😀".repeat(100_000);
    expect(noteOf({ content }).content).toBe(content);
  });
});

describe("normalize.activity()", () => {
  it("makes an activity of the plain field names", () => {
    const value = {
      id: 3,
      type: "Discovery Day",
      scheduled_at: "2026-07-08 14:00:00",
      contact_name: "Ada Mills",
      client_id: 5,
      description: "On site",
      status: "Scheduled",
    };
    const row = rawRow("activities", value);
    expect(normalize.activity(row, settings, context)).toEqual({
      ok: true,
      record: {
        id: "3",
        activityType: "Discovery Day",
        scheduledAt: "2026-07-08T18:00:00.000Z",
        contactName: "Ada Mills",
        contactId: "5",
        description: "On site",
        status: "Scheduled",
        raw: JSON.stringify(value),
        createdAt: context.firstStoredAt,
        remarks: [],
      },
    });
  });

  it("keeps a type and a status that nobody knows", () => {
    const row = rawRow("activities", { id: 1, type: "Séance", status: "Odd" });
    expect(normalize.activity(row, settings, context)).toMatchObject({
      record: { activityType: "Séance", status: "Odd" },
    });
  });
});

describe("normalizeRow()", () => {
  it("sets a row aside that is no object or too deep to read", () => {
    const row = rawRow("leads", { client_id: "1" });
    const reasonOf = (flag: "not_an_object" | "too_deep") => {
      const flagged = { ...row, flags: [flag] };
      const result = normalizeRow("leads", flagged, settings, context);
      return result.ok ? null : result.reason;
    };
    expect(reasonOf("not_an_object")).toBe("record is not an object");
    expect(reasonOf("too_deep")).toBe("record is nested too deeply");
  });

  it("remarks on text that was not valid UTF-8", () => {
    const row = rawRow("leads", { client_id: "1" });
    row.flags.push("invalid_utf8");
    const result = normalizeRow("leads", row, settings, context);
    expect(result.ok && result.record.remarks).toEqual([
      "text: invalid UTF-8 was replaced",
    ]);
  });

  it("never throws, whatever the fields of a row hold", () => {
    const names = [
      "id client_id opportunity_id sales_cycle_id sales_cycle_name firstName",
      "deal_size created date scheduled_at assigned_user author units market",
      "sales_cycle_order likelihood_to_close sales_cycle_active_status",
      "__proto__ constructor",
    ].join(" ").split(" ");
    const row = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(row, fc.constantFrom(...STREAMS), (value, stream) => {
        const result = normalizeRow(
          stream,
          rawRow(stream, value),
          settings,
          context,
        );
        expect(result.ok || result.reason !== "").toBe(true);
      }),
    );
  });
});
