import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Scenario, type ScenarioOptions } from "./_scenario.ts";
import { killEverywhere, seeded } from "./_trials.ts";

/** Stands in the tests' names, so that what failed can be tried again: KILL_SEED=… */
const SEED = Number(
  Deno.env.get("KILL_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);
/** Trials of each kind of sync, at the least: more than 100 in all. */
const TRIALS = 40;

const SYNCS: Record<string, ScenarioOptions> = {
  "the first of all": { later: false, full: false },
  "an ordinary hour's": { later: true, full: false },
  "a day's full one": { later: true, full: true },
};

describe(`a sync whose process is killed (KILL_SEED=${SEED})`, () => {
  for (const [name, options] of Object.entries(SYNCS)) {
    it(`ends like an uninterrupted one: ${name}, in ${TRIALS} trials and more`, async () => {
      await using scenario = await Scenario.create(options);
      const killed = await killEverywhere(scenario, seeded(SEED));
      expect(killed).toBeGreaterThanOrEqual(TRIALS);
    });
  }
});
