import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  buildStageModel,
  carryForward,
  createLeadFigures,
  createPipelineFigures,
  dayOfNumber,
  DEFAULT_SETTINGS,
  kpisOf,
} from "../../lib/domain/mod.ts";

const SETTINGS = { ...DEFAULT_SETTINGS, timezone: "America/New_York" };
const NOW = Date.parse("2026-03-11T15:00:00.000Z");
const DAY_MS = 86_400_000;

function figures(created: readonly (number | null)[], days: number) {
  const model = buildStageModel([], SETTINGS);
  const counts = createLeadFigures(model, SETTINGS);
  const pipeline = createPipelineFigures(model);
  const person = { stage: "New Lead", contactType: "1", source: null };
  created.forEach((ago, n) => {
    const createdAt = ago === null ? null : new Date(NOW - ago).toISOString();
    counts.add({ ...person, id: `${n}`, createdAt });
  });
  const at = {
    day: dayOfNumber(Math.floor(NOW / DAY_MS) + days),
    computedAt: new Date(NOW + days * DAY_MS).toISOString(),
  };
  const views = { leads: counts.result(at), pipeline: pipeline.result(at) };
  return { ...views, kpis: kpisOf(views.leads, views.pipeline, 0), at };
}

describe("carryForward()", () => {
  it("gives what counting the same leads anew on the later day would", () => {
    const ago = fc.option(
      fc.oneof(
        fc.integer({ min: DAY_MS, max: 30 * DAY_MS }),
        fc.integer({ min: DAY_MS, max: 1_200 * DAY_MS }),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(ago, { maxLength: 30 }),
        fc.oneof(fc.nat(3), fc.nat(900)),
        (created, days) => {
          const { at: _, ...before } = figures(created, 0);
          const { at, ...after } = figures(created, days);
          expect(carryForward(before, at)).toEqual(after);
        },
      ),
    );
  });

  it("refuses where leads were created in the future", () => {
    const { at, ...before } = figures([-2 * DAY_MS], 0);
    expect(() => carryForward(before, at)).toThrow(RangeError);
  });
});
