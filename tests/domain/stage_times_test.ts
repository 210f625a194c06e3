import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  buildStageModel,
  createStageTimes,
  DEFAULT_SETTINGS,
  NAMED_DEALS,
  type SalesCycle,
  stageTimesOf,
  stalledAfter,
  type StandingChange,
  type TimedOpportunity,
} from "../../lib/domain/mod.ts";

const ZONE = "America/New_York";
const cycle = (name: string, order: number): SalesCycle => ({
  id: name,
  name,
  contactType: "1",
  contactTypeName: null,
  active: true,
  order,
  likelihoodPct: 10,
  remarks: [],
});
const MODEL = buildStageModel(
  [cycle("QR Returned", 1), cycle("FA Sent", 2), cycle("FA Signed", 3)],
  { ...DEFAULT_SETTINGS, hotFrom: "FA Sent" },
);
const noon = (day: number) =>
  new Date(Date.UTC(2026, 2, day, 17)).toISOString();
const deal = (
  id: string,
  entered: number | null,
  fields: Partial<TimedOpportunity> = {},
): TimedOpportunity => ({
  ...{ id, clientId: `L${id}`, firstName: "Robin", lastName: id },
  ...{ company: null, stage: "FA Sent", contactType: "1", dealSizeCents: 5 },
  ...entered === null ? {} : {
    trail: {
      at: "",
      stays: [{
        ...{ stage: "FA Sent", contactType: "1" },
        ...{ at: noon(entered), atLeast: false },
      }],
    },
  },
  ...fields,
});
/** A stay that ended after so many days. */
const left = (days: number, more: Partial<StandingChange> = {}) => ({
  id: "x",
  from: { stage: "FA Sent", contactType: "1" },
  to: { stage: "FA Signed", contactType: "1" },
  since: { at: noon(1), atLeast: false },
  at: noon(1 + days),
  run: "",
  ...more,
});

async function timesOf(
  deals: TimedOpportunity[],
  changes: StandingChange[],
  day = "2026-03-31",
) {
  const times = createStageTimes(MODEL, ZONE);
  deals.forEach((one) => times.add(one));
  changes.forEach((one) => times.addChange(one));
  const told = await times.result(() =>
    Promise.resolve(({ clientId }) => ({
      client: null,
      lastNoteAt: clientId === "L1" ? noon(2) : null,
    }))
  );
  const { stageTimes } = told;
  return { told, stageTimes, shown: stageTimesOf({ day, ...told }, ZONE)! };
}
const faSent = <R extends { stage: string }>(rows: readonly R[]) =>
  rows.find(({ stage }) => stage === "FA Sent")!;

describe("times in stages", () => {
  it("have a row for every stage of the pipeline, in its order", async () => {
    const { shown } = await timesOf([], []);
    expect(shown.stages.map(({ stage }) => stage))
      .toEqual(["QR Returned", "FA Sent"]);
    expect(faSent(shown.stages)).toEqual({
      ...{ stage: "FA Sent", ended: 0, medianDays: null, middleDays: null },
      ...{ count: 0, stalled: 0, longestDays: null },
    });
  });

  it("are told by stays that were seen to begin and to end: median and the half in the middle", async () => {
    const days = [9, 1, 3, 30, 4, 2, 8, 5];
    const { shown } = await timesOf([], days.map((n) => left(n)));
    expect(faSent(shown.stages)).toMatchObject({
      ended: 8,
      medianDays: 4.5,
      middleDays: [2, 8],
    });
    const odd = await timesOf([], [1, 2, 3, 4, 5].map((n) => left(n)));
    expect(faSent(odd.shown.stages).medianDays).toBe(3);
  });

  it("say nothing of fewer than five", async () => {
    const { shown } = await timesOf([], [1, 2, 3, 4].map((n) => left(n)));
    expect(faSent(shown.stages)).toMatchObject({ ended: 4, medianDays: null });
  });

  it("leave out stays of which the beginning is not known, other sizes, and no prospects", async () => {
    const { shown } = await timesOf([], [
      left(3, { since: null }),
      left(3, { since: { at: noon(1), atLeast: true } }),
      left(3, { to: { stage: "FA Sent", contactType: "1" } }),
      left(3, { from: { stage: "FA Sent", contactType: "2" } }),
      left(3, { from: null }),
      left(3, { to: null }),
    ]);
    expect(faSent(shown.stages).ended).toBe(1);
  });

  it("count midnights of the tenant's zone", async () => {
    const late = { at: "2026-03-05T04:30:00.000Z", atLeast: false };
    const changes = [1, 2, 3, 4, 5].map(() =>
      left(0, { since: late, at: "2026-03-05T05:30:00.000Z" })
    );
    const { shown } = await timesOf([], changes);
    expect(faSent(shown.stages).medianDays).toBe(1);
  });
});

describe("stalled deals", () => {
  const usual = [10, 10, 10, 10, 10].map((n) => left(n));

  it("are in their stage for more than twice the brand's median, the longest first", async () => {
    const { shown } = await timesOf(
      [deal("1", 5), deal("2", 10), deal("3", 11), deal("4", 30)],
      usual,
    );
    expect(shown.count).toBe(2);
    expect(shown.stalled.map(({ id, days, name, lastNoteAt }) => [
      ...[id, days, name, lastNoteAt],
    ])).toEqual([["1", 26, "Robin 1", noon(2)], ["2", 21, "Robin 2", null]]);
    expect(faSent(shown.stages)).toMatchObject({
      count: 4,
      stalled: 2,
      longestDays: 26,
    });
  });

  it("need 15 days at least, and more than 30 where there is no median", () => {
    expect(stalledAfter(2)).toBe(14);
    expect(stalledAfter(10)).toBe(20);
    expect(stalledAfter(null)).toBe(30);
  });

  it("are told by all stages together where theirs has no median of its own", async () => {
    const elsewhere = [8, 8, 8, 8, 8].map((n) =>
      left(n, { from: { stage: "QR Returned", contactType: "1" } })
    );
    const { shown } = await timesOf([deal("1", 14), deal("2", 16)], elsewhere);
    expect(shown.stalled.map(({ id, days, medianDays }) => [
      ...[id, days, medianDays],
    ])).toEqual([["1", 17, 8]]);
    expect(faSent(shown.stages)).toMatchObject({
      medianDays: null,
      stalled: 1,
    });
  });

  it("become so as days pass, without another figure being computed", async () => {
    const { told } = await timesOf([deal("1", 10)], usual);
    const on = (day: string) => stageTimesOf({ day, ...told }, ZONE)!.count;
    expect([on("2026-03-30"), on("2026-03-31")]).toEqual([0, 1]);
  });

  it("are counted all, and the longest of each stage are named", async () => {
    const many = Array.from({ length: 20 }, (_, n) => deal(`${n}`, 1));
    const { shown } = await timesOf(many, usual);
    expect(shown.count).toBe(20);
    expect(shown.stalled.length).toBe(NAMED_DEALS);
    expect(shown.stalled.map(({ id }) => id))
      .toEqual(["0", "1", "10", "11", "12", "13", "14", "15"]);
  });

  it("name the largest of those that are as long there, in this order", async () => {
    const many = Array.from(
      { length: 20 },
      (_, n) => deal(`${n}`, 1, { dealSizeCents: n === 0 ? null : n }),
    );
    const { shown } = await timesOf(many, usual);
    expect(shown?.stalled.map(({ dealSizeCents }) => dealSizeCents))
      .toEqual([19, 18, 17, 16, 15, 14, 13, 12]);
  });

  it("leave out those outside the pipeline, and those whose entry is not known", async () => {
    const { shown, stageTimes } = await timesOf([
      deal("1", 1, { stage: "FA Signed" }),
      deal("2", 1, { contactType: "2" }),
      deal("3", null),
    ], usual);
    expect(shown.count).toBe(0);
    expect(faSent(stageTimes).unknown).toBe(1);
  });

  it("are not told by figures from before times were kept", () => {
    expect(stageTimesOf({ day: "2026-03-31" }, ZONE)).toBeNull();
  });
});
