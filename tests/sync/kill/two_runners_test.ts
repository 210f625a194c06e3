import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { ChildPlan } from "./_plan.ts";
import type { Point } from "./_points.ts";
import { Child, type ChildEnded } from "./_process.ts";
import { Scenario } from "./_scenario.ts";

const TAKING: Point = { kind: "lease", n: 1, when: "before" };
const WRITING: Point = { kind: "records", n: 2, when: "before" };

let scenario: Scenario;

/** A child that waits at a point of its sync. */
async function heldChild(
  path: string,
  point: Point,
  plan: Partial<ChildPlan> = {},
): Promise<Child> {
  const at = { ...point, then: "hold" as const };
  const child = new Child(scenario.plan(path, { at, ...plan }));
  await child.event("held");
  return child;
}

function statusOf({ last }: ChildEnded): string | undefined {
  return last?.event === "ended" ? last.report?.status : last?.event;
}

async function assertOneSync(path: string): Promise<void> {
  await using db = await scenario.open(path);
  expect(await db.flaws({ interrupted: false })).toEqual([]);
  expect(await db.differences(scenario.expected)).toEqual([]);
  expect(await db.others()).toEqual(scenario.others);
}

describe("two processes on one tenant", () => {
  beforeAll(async () => {
    scenario = await Scenario.create({ later: false, full: false });
  });

  afterAll(async () => {
    await scenario[Symbol.asyncDispose]();
  });

  it("share one lease: of two that take it at once, one syncs and the other is busy", async () => {
    for (let round = 0; round < 4; round++) {
      const path = await scenario.copy();
      await using one = await heldChild(path, TAKING);
      await using other = await heldChild(path, TAKING);
      await Promise.all([one.release(), other.release()]);
      const ended = await Promise.all([one.end(), other.end()]);
      expect(ended.map(statusOf).sort()).toEqual(["busy", "success"]);
      await assertOneSync(path);
    }
  });

  it("leave each other alone: who comes while the other writes is busy and writes nothing", async () => {
    const path = await scenario.copy();
    await using writing = await heldChild(path, WRITING);
    await using late = new Child(scenario.plan(path));
    expect(statusOf(await late.end())).toBe("busy");
    await writing.release();
    expect(statusOf(await writing.end())).toBe("success");
    await assertOneSync(path);
  });
});

/** Where a process can be paused, each before a commit that it must not make any more. */
const PAUSES: Point[] = [
  { kind: "start", n: 1, when: "before" },
  { kind: "raw", n: 2, when: "before" },
  { kind: "manifest", n: 2, when: "before" },
  { kind: "bodies", n: 3, when: "before" },
  { kind: "records", n: 4, when: "before" },
  { kind: "last", n: 1, when: "before" },
];

/** Stops the process there and then; it goes on where SIGCONT finds it. */
async function pausedChild(path: string, point: Point): Promise<Child> {
  const child = await heldChild(path, point);
  child.signal("SIGSTOP");
  await child.release();
  return child;
}

describe("a process that is paused past its lease", () => {
  beforeAll(async () => {
    scenario = await Scenario.create({ later: true, full: true });
  });

  afterAll(async () => {
    await scenario[Symbol.asyncDispose]();
  });

  for (const point of PAUSES) {
    it(`writes nothing when it wakes before a commit of kind '${point.kind}' and another has finished`, async () => {
      const path = await scenario.copy();
      await using paused = await pausedChild(path, point);
      await using db = await scenario.open(path);
      expect((await db.sync(scenario.afterLease)).status).toBe("success");
      expect(await db.differences(scenario.expectedWhole)).toEqual([]);
      const rows = await db.own();
      paused.signal("SIGCONT");
      await assertRefused(paused);
      expect(await db.own()).toEqual(rows);
      expect(await db.flaws({ interrupted: false })).toEqual([]);
      expect(await db.others()).toEqual(scenario.others);
    });
  }

  it("writes nothing when it wakes while the other is writing", async () => {
    const path = await scenario.copy();
    await using paused = await pausedChild(path, WRITING);
    const now = scenario.afterLease;
    await using other = await heldChild(path, WRITING, { now });
    await using db = await scenario.open(path);
    const rows = await db.own();
    paused.signal("SIGCONT");
    await assertRefused(paused);
    expect(await db.own()).toEqual(rows);
    await other.release();
    expect(statusOf(await other.end())).toBe("success");
    expect(await db.differences(scenario.expectedWhole)).toEqual([]);
  });

  it("goes on when it wakes past its lease and nobody has taken it", async () => {
    const path = await scenario.copy();
    await using paused = await pausedChild(path, WRITING);
    paused.signal("SIGCONT");
    expect(statusOf(await paused.end())).toBe("success");
    await using db = await scenario.open(path);
    expect(await db.differences(scenario.expected)).toEqual([]);
  });
});

async function assertRefused(child: Child): Promise<void> {
  const { code, last } = await child.end();
  expect(last).toEqual({
    event: "failed",
    name: "LeaseLostError",
    message: "Cannot go on: another sync took the lease",
  });
  expect(code).toBe(1);
}
