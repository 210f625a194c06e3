import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Child, Process } from "./_process.ts";
import { Scenario } from "./_scenario.ts";

/** Commits of each of two processes that contend for one file. */
const COMMITS = 300;

let scenario: Scenario;

describe("a database that two processes write", () => {
  beforeAll(async () => {
    scenario = await Scenario.create({ later: false, full: false });
  });

  afterAll(async () => {
    await scenario[Symbol.asyncDispose]();
  });

  it("holds what each of two syncs wrote, when they are of different tenants", async () => {
    const path = await scenario.copy();
    const at = { kind: "lease", n: 1, when: "before", then: "hold" } as const;
    await using acme = new Child(scenario.plan(path, { at }));
    const tenantIds = [scenario.birch];
    await using birch = new Child(scenario.plan(path, { at, tenantIds }));
    const both = [acme, birch];
    await Promise.all(both.map((child) => child.event("held")));
    await Promise.all(both.map((child) => child.release()));
    for (const { code, last } of await Promise.all(both.map((c) => c.end()))) {
      expect(last).toMatchObject({ report: { status: "success" } });
      expect(code).toBe(0);
    }
    await using db = await scenario.open(path);
    expect(await db.differences(scenario.expected)).toEqual([]);
    expect(await db.flaws({ interrupted: false })).toEqual([]);
  });

  it("is tried again where it is locked, until each of them has written everything", async () => {
    const path = await scenario.copy();
    const counting = (row: string) =>
      new Process(["tests/sync/kill/_counting.ts", path, row, `${COMMITS}`]);
    await using one = counting("one");
    await using other = counting("other");
    const both = [one, other];
    await Promise.all(
      both.map((child) => child.line((line) => line === "ready")),
    );
    await Promise.all(both.map((child) => child.say("go")));
    const ended = await Promise.all(both.map((child) => child.ended));
    expect(ended.map(({ out, err }) => [out.at(-1), err])).toEqual([
      ["done", []],
      ["done", []],
    ]);
    expect(ended.flatMap(({ out }) => out)).toContain("locked");
    await using db = await scenario.open(path);
    for (const row of ["one", "other"]) {
      expect((await db.kv.get(["count", row])).value).toBe(COMMITS);
    }
  });

  it("ends a sync in one sentence when it stays locked, and the next one goes on", async () => {
    const path = await scenario.copy();
    const at = { kind: "records", n: 2, when: "before", then: "hold" } as const;
    await using child = new Child(scenario.plan(path, { at, deadlineMs: 300 }));
    await child.event("held");
    const file = new DatabaseSync(path);
    file.exec("BEGIN IMMEDIATE");
    await child.release();
    const { code, last } = await child.end();
    file.close();
    expect(last).toEqual({
      event: "failed",
      name: "TransientError",
      message: expect.stringMatching(
        /^Cannot write to the database: .+ 0\.3 s$/,
      ),
    });
    expect(code).toBe(1);
    await using db = await scenario.open(path);
    const { status } = await db.sync(scenario.afterLease);
    expect(status).toBe("success");
    expect(await db.differences(scenario.expectedWhole)).toEqual([]);
  });
});
