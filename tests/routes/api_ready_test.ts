import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openStore, putSyncTick } from "../../lib/store/mod.ts";
import { API_ENDPOINTS, apiDescription } from "../../lib/web/mod.ts";
import { createTestApp, type TestApp, type TestAppOptions } from "../_app.ts";
import { HOUR, TestClock } from "../_clock.ts";
import { expectJson } from "./_assert.ts";

describe("GET /api/ready", () => {
  let clock: TestClock;
  let kv: Deno.Kv;
  let app: TestApp;

  const start = async (services: TestAppOptions["services"] = {}) => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    const store = await openStore({ kv, clock, deadlineMs: 200 });
    app = await createTestApp({ store, clock, services });
  };
  const ask = async (status: number) => {
    const answer = await app.fetch("/api/ready");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const body = await expectJson(answer, status);
    const { answers } = await apiDescription();
    answers[API_ENDPOINTS["/api/ready"]!.answer].parse(body);
    return body;
  };
  const tick = () => {
    const at = new Date(clock.now()).toISOString();
    return putSyncTick(app.store, {
      kind: "hourly",
      startedAt: at,
      finishedAt: at,
      marked: 0,
      synced: 0,
      failed: 0,
      busy: 0,
      cut: 0,
      recordsUpdated: 0,
      missedHours: 0,
      failures: [],
      slowest: null,
    });
  };

  beforeEach(() => start());
  afterEach(() => app.store.close());

  it("answers true for each thing, without a session and without data", async () => {
    expect(await ask(200)).toEqual({
      ok: true,
      kv: true,
      schema: true,
      storeId: true,
    });
  });

  it("is 503 when the database does not answer", async () => {
    kv.close();
    expect(await ask(503)).toEqual({
      ok: false,
      kv: false,
      schema: false,
      storeId: false,
    });
    await start();
  });

  it("is 503 when another release has changed the schema", async () => {
    await kv.set(["schema_version"], 1_000);
    expect(await ask(503)).toMatchObject({
      ok: false,
      kv: true,
      schema: false,
    });
  });

  it("is 503 when another database stands in its place", async () => {
    await kv.set(["store_id"], "another");
    expect(await ask(503)).toMatchObject({
      ok: false,
      schema: true,
      storeId: false,
    });
  });

  it("says whether the last tick came where the process runs the schedule", async () => {
    app.store.close();
    await start({ schedule: { since: Date.parse("2026-03-11T15:00:00Z") } });
    expect(await ask(200)).toMatchObject({ ok: true, tick: true });
    clock.advance(2 * HOUR);
    expect(await ask(200)).toMatchObject({ tick: true });
    clock.advance(1);
    expect(await ask(503)).toMatchObject({ ok: false, kv: true, tick: false });
    await tick();
    clock.advance(2 * HOUR);
    expect(await ask(200)).toMatchObject({ ok: true, tick: true });
    clock.advance(1);
    expect(await ask(503)).toMatchObject({ ok: false, tick: false });
    kv.close();
    expect(await ask(503)).toMatchObject({ kv: false, tick: false });
    await start();
  });

  it("answers GET and HEAD only", async () => {
    const head = await app.fetch("/api/ready", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const headers = { origin: "http://localhost:8000" };
    const post = { method: "POST", headers };
    const refused = await app.fetch("/api/ready", post);
    expect([refused.status, refused.headers.get("allow")]).toEqual([
      405,
      "GET, HEAD, OPTIONS",
    ]);
    await refused.body?.cancel();
  });
});
