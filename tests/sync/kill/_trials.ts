import { expect } from "@std/expect";
import { type Database, viewsIn } from "./_database.ts";
import { Child, type ChildEnded } from "./_process.ts";
import {
  namedPoints,
  type Point,
  type PointCounts,
  textOf,
} from "./_points.ts";
import type { Scenario } from "./_scenario.ts";

/** Children at a time. */
const LANES = 2;
/** How many trials of a scenario die at an operation, and at a moment, that chance chooses. */
const RANDOM_OPERATIONS = 10;
const RANDOM_MOMENTS = 5;

/** One process that is killed. */
interface Trial {
  name: string;
  /** Where it kills itself; null: this process kills it, `afterMs` after it has begun. */
  point: Point | null;
  afterMs: number;
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills a sync at every named point, at operations and at moments that `random` chooses. Answers in how many trials
 * a process was killed indeed.
 *
 * @throws {Error} that names each trial after which the store was not right.
 */
export async function killEverywhere(
  scenario: Scenario,
  random: () => number,
): Promise<number> {
  const { counts, ms } = await survey(scenario);
  const queue = trialsOf(counts, ms, random);
  const problems: string[] = [];
  let killed = 0;
  const lane = async () => {
    for (let trial = queue.shift(); trial; trial = queue.shift()) {
      const { name } = trial;
      await killOnce(scenario, trial).then(
        (died) => void (killed += died ? 1 : 0),
        (error) => problems.push(`killed ${name}: ${error.message}`),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return killed;
}

/** What a sync that nobody kills passes by, and how long it takes. */
async function survey(
  scenario: Scenario,
): Promise<{ counts: PointCounts; ms: number }> {
  await using child = new Child(scenario.plan(await scenario.copy()));
  await child.event("started");
  const started = performance.now();
  const { last, err } = await child.end();
  if (last?.event !== "ended" || last.report?.status !== "success") {
    throw new Error(`Cannot sync: ${JSON.stringify(last)} ${err.join("\n")}`);
  }
  return { counts: last.counts, ms: performance.now() - started };
}

function trialsOf(
  counts: PointCounts,
  ms: number,
  random: () => number,
): Trial[] {
  const operations = Array.from(
    { length: RANDOM_OPERATIONS },
    (): Point => ({
      kind: "operation",
      n: 1 + Math.floor(random() * (counts.operation ?? 1)),
      when: "before",
    }),
  );
  const moments = Array.from({ length: RANDOM_MOMENTS }, (): Trial => {
    const afterMs = random() * ms * 0.9;
    return { name: `after ${afterMs.toFixed(1)} ms`, point: null, afterMs };
  });
  const points = [...namedPoints(counts), ...operations];
  return [
    ...points.map((point) => ({ name: textOf(point), point, afterMs: 0 })),
    ...moments,
  ];
}

/** False when the process came to its end before it was killed. */
async function killOnce(scenario: Scenario, trial: Trial): Promise<boolean> {
  const path = await scenario.copy();
  const { signal, last } = await die(scenario, path, trial);
  if (trial.point) expect([signal, last?.event]).toEqual(["SIGKILL", "dying"]);
  if (signal === null) return false;
  await assertRecovers(scenario, path);
  await scenario.remove(path);
  return true;
}

async function die(
  scenario: Scenario,
  path: string,
  { point, afterMs }: Trial,
): Promise<ChildEnded> {
  const at = point ? { at: { ...point, then: "kill" as const } } : {};
  await using child = new Child(scenario.plan(path, at));
  if (!point) {
    await child.event("started");
    const timer = setTimeout(() => child.kill(), afterMs);
    await child.ended;
    clearTimeout(timer);
  }
  return await child.end();
}

/** The store is sound where the process died, and one sync after its lease leaves it as if nothing had happened. */
async function assertRecovers(
  scenario: Scenario,
  path: string,
): Promise<void> {
  const { expected, expectedWhole, viewsBefore, others } = scenario;
  await using db = await scenario.open(path);
  const left = await whatIsLeft(db, scenario);
  const interrupted = left === "interrupted";
  const finished = left === "finished";
  expect(await db.flaws({ interrupted })).toEqual([]);
  const { ownBefore, now } = scenario;
  expect(await db.withoutRaw(ownBefore, now)).toEqual([]);
  expect(await db.others()).toEqual(others);
  expect(await db.views()).toEqual(finished ? viewsIn(expected) : viewsBefore);
  if (finished) expect(await db.differences(expected)).toEqual([]);
  const report = await db.sync(scenario.afterLease);
  expect(report).toMatchObject({ status: "success", errorMessage: null });
  expect(await db.flaws({ interrupted: false })).toEqual([]);
  if (finished) expect(report.recordsUpdated).toBe(0);
  else {
    const twin = interrupted ? expectedWhole : expected;
    expect(await db.differences(twin)).toEqual([]);
  }
  expect(await db.findings(scenario.afterLease)).toEqual([]);
  expect(await db.others()).toEqual(others);
}

/** How far the run of the process that was killed had come. */
async function whatIsLeft(
  db: Database,
  { now }: Scenario,
): Promise<"nothing" | "interrupted" | "finished"> {
  const run = await db.latestRun();
  if (run === null || Date.parse(run.startedAt) !== now) return "nothing";
  return run.status === "success" ? "finished" : "interrupted";
}
