import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  listSyncDue,
  markSyncDue,
  SyncWriter,
} from "../../../lib/store/mod.ts";
import { systemClock } from "../../../lib/domain/mod.ts";
import { TEST_SECRET } from "../../_sync.ts";
import type { Database } from "./_database.ts";
import { type Gate, serveGated } from "./_gate.ts";
import { Child, type Ended, Process } from "./_process.ts";
import { ACME, Scenario } from "./_scenario.ts";

/** How long a process may take to end after a signal. */
const STOP_MS = 5_000;
const STOPPED = "The sync was stopped before its end; the next one goes on";
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** Lists that are held back: with nothing, and with much, written already. */
const HELD = ["read_sales_cycle_list", "read_opportunity_list"];

let scenario: Scenario;

/** `portal sync` as operators run it. */
function portalSync(path: string, api: string): Process {
  return new Process(["cli/portal.ts", "sync", "--tenant", ACME, "--json"], {
    PORTAL_SECRET: TEST_SECRET,
    DENO_KV_PATH: path,
    CLIENTTETHER_API_URL: api,
    CLIENTTETHER_MAX_RPS: "0",
  });
}

/** Sends the signal. Answers how the process ended, and after how many milliseconds. */
async function stopBy(
  process: Process,
  signal: Deno.Signal,
): Promise<Ended & { ms: number }> {
  const sent = performance.now();
  process.signal(signal);
  const ended = await process.ended;
  return { ...ended, ms: performance.now() - sent };
}

/** The lease is free, the run has ended, the figures are as before, and a sync at once ends as if nothing had happened. */
async function assertStopped(db: Database, next: number): Promise<void> {
  expect(await db.owner()).toBeNull();
  expect(await db.latestRun()).toMatchObject({
    status: "failed",
    finishedAt: expect.any(String),
    errorMessage: STOPPED,
  });
  expect(await db.views()).toEqual(scenario.viewsBefore);
  expect(await db.flaws({ interrupted: true })).toEqual([]);
  const { status } = await db.sync(next, { full: true });
  expect(status).toBe("success");
  expect(await db.differences(scenario.expectedWhole)).toEqual([]);
  expect(await db.flaws({ interrupted: false })).toEqual([]);
}

async function gated(
  endpoint: string,
  body: (gate: Gate) => Promise<void>,
): Promise<void> {
  const gate = serveGated(scenario.simulator, endpoint);
  try {
    await body(gate);
  } finally {
    await gate.shutdown();
  }
}

describe("a sync that is told to stop", () => {
  beforeAll(async () => {
    // The command line goes by the machine's clock.
    const start = systemClock.now();
    scenario = await Scenario.create({ later: false, full: false, start });
  });

  afterAll(async () => {
    await scenario[Symbol.asyncDispose]();
  });

  for (const signal of SIGNALS) {
    for (const endpoint of HELD) {
      it(`portal sync ends in time on ${signal} while it waits for ${endpoint}, and gives the lease back`, async () => {
        await gated(endpoint, async (gate) => {
          const path = await scenario.copy();
          await using process = portalSync(path, gate.url);
          await gate.reached;
          const { code, ms, out, err } = await stopBy(process, signal);
          expect(ms).toBeLessThan(STOP_MS);
          expect([code, err.filter((line) => /^\s+at /.test(line))])
            .toEqual([1, []]);
          expect(JSON.parse(out.join("\n"))).toMatchObject([
            { status: "failed", errorMessage: STOPPED },
          ]);
          await using db = await scenario.open(path);
          await assertStopped(db, systemClock.now());
          expect(await db.others()).toEqual(scenario.others);
        });
      });
    }
  }

  it("portal sync ends in time while it waits for another one, whose lease it leaves alone", async () => {
    const path = await scenario.copy();
    await using db = await scenario.open(path);
    const who = { owner: "another", runId: "another" };
    const writer = await SyncWriter.open(db.store, ACME, systemClock, who);
    await using process = portalSync(path, scenario.server.url);
    await process.line((line) => /waiting for another sync/.test(line));
    const { code, ms, out } = await stopBy(process, "SIGTERM");
    expect(ms).toBeLessThan(STOP_MS);
    expect(code).toBe(1);
    expect(JSON.parse(out.join("\n"))).toMatchObject([{ status: "failed" }]);
    expect(await db.owner()).toBe("another");
    await writer!.lease.release({ sets: [], deletes: [] });
  });

  it("a worker ends in time, gives the lease back, and what is not done stays due", async () => {
    await gated(HELD[1]!, async (gate) => {
      const path = await scenario.copy();
      {
        await using db = await scenario.open(path);
        await markSyncDue(db.store, ACME, systemClock);
      }
      const { now } = scenario;
      const plan = { mode: "worker", api: gate.url, now } as const;
      await using child = new Child(scenario.plan(path, plan));
      await gate.reached;
      const { code, ms, out } = await stopBy(child, "SIGTERM");
      expect(ms).toBeLessThan(STOP_MS);
      expect([code, JSON.parse(out.at(-1)!).event]).toEqual([0, "ended"]);
      await using db = await scenario.open(path);
      expect(await listSyncDue(db.store)).toEqual([ACME]);
      await assertStopped(db, now + 1);
      expect(await listSyncDue(db.store)).toEqual([]);
    });
  });
});
