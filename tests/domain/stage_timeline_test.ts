import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { stageTimeline } from "../../lib/domain/mod.ts";

const stay = (stage: string, at: string, atLeast = false) => ({
  stage,
  contactType: "1",
  at,
  atLeast,
});
const STAYS = [
  stay("New Lead", "2026-03-01T10:00:00.000Z", true),
  stay("QR Returned", "2026-03-05T09:00:00.000Z"),
];

describe("stageTimeline()", () => {
  it("gives each stay its end and its whole days, the newest first", () => {
    expect(stageTimeline(STAYS, null, "2026-03-11T15:00:00.000Z")).toEqual([
      {
        stage: "QR Returned",
        from: "2026-03-05T09:00:00.000Z",
        to: null,
        atLeast: false,
        days: 6,
      },
      {
        stage: "New Lead",
        from: "2026-03-01T10:00:00.000Z",
        to: "2026-03-05T09:00:00.000Z",
        atLeast: true,
        days: 3,
      },
    ]);
  });

  it("ends the last stay where the record left", () => {
    const end = "2026-03-07T09:00:00.000Z";
    const [last] = stageTimeline(STAYS, end, "2026-03-11T15:00:00.000Z");
    expect(last).toMatchObject({ to: end, days: 2 });
  });

  it("is empty where no history is kept, and never counts backwards", () => {
    expect(stageTimeline([], null, "2026-03-11T15:00:00.000Z")).toEqual([]);
    const [one] = stageTimeline(STAYS, null, "2026-03-01T00:00:00.000Z");
    expect(one!.days).toBe(0);
  });
});
