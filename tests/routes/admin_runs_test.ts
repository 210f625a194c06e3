import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  isSyncDue,
  listAudit,
  markSyncDue,
  openStore,
  type Store,
  SyncWriter,
} from "../../lib/store/mod.ts";
import { ConflictError } from "../../lib/domain/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { expectJson, expectPage, expectRedirect } from "./_assert.ts";

const PATH = "/admin/tenants/test-brand";

describe("/admin/tenants/[slug]/runs", () => {
  let rig: SyncRig;
  let app: TestApp;
  let browser: TestBrowser;

  beforeEach(async () => {
    rig = await createRig();
    app = await createTestApp({ store: rig.store, clock: rig.clock });
    browser = await app.signedIn(await app.createUser("agency_admin"));
  });

  afterEach(() => rig.dispose());

  const syncNow = (by = browser) => by.post(`${PATH}/runs`, { do: "sync" });
  const actions = async (store: Store = app.store) =>
    (await listAudit(store, { limit: 20 })).rows.map(({ action }) => action);

  const progress = async (run: string, after = "") =>
    await expectJson(
      await browser.get(`${PATH}/runs/${run}/progress?after=${after}`),
    );

  it("lists the runs, and shows each with its streams", async () => {
    expect(await expectPage(await browser.get(`${PATH}/runs`))).toContain(
      "No sync has run yet",
    );
    const { runId } = await rig.sync();
    const list = await expectPage(await browser.get(`${PATH}/runs`));
    expect(list).toContain(`href="${PATH}/runs/${runId}"`);
    expect(list).toContain("Success");
    const html = await expectPage(await browser.get(`${PATH}/runs/${runId}`));
    for (const name of ["Stages", "Leads", "Opportunities", "Notes"]) {
      expect(html).toContain(name);
    }
    expect(html).toContain("Records updated".toLowerCase());
    const all = await expectPage(await browser.get("/admin/runs"));
    expect(all).toContain(`href="${PATH}/runs/${runId}"`);
    expect(all).toContain("Test Brand");
  });

  it("shows of many brands the latest runs, and reads no others", async () => {
    await rig.sync();
    const { store, clock } = app;
    for (let n = 0; n < 50; n++) {
      clock.advance(60_000);
      await createTestBrand(store, `later${n}`, clock);
    }
    rig.operations.length = 0;
    const html = await expectPage(await browser.get("/admin/runs"));
    const brands = html.matchAll(/href="\/admin\/tenants\/(.+?)\/runs\//g);
    const shown = [...brands].map(([, slug]) => slug);
    expect(shown).toHaveLength(50);
    expect(shown[0]).toBe("later49");
    expect(shown).not.toContain("test-brand");
    const lists = rig.operations.flatMap(({ keys }) => keys)
      .filter((key) => key[2] === "sync_runs");
    expect(lists).toHaveLength(50);
  });

  it("says why a run failed", async () => {
    rig.simulator.faults.add({ kind: "key_revoked", stream: "leads" });
    const { runId } = await rig.sync();
    const html = await expectPage(await browser.get(`${PATH}/runs/${runId}`));
    expect(html).toContain("Failed");
    expect(html).toContain("refused");
    expect(html).not.toContain("test-web-key-one");
  });

  it("does not show a run of another brand, or one that there is not", async () => {
    const { runId } = await rig.sync();
    await createTestBrand(app.store, "other", app.clock);
    await expectPage(
      await browser.get(`/admin/tenants/other/runs/${runId}`),
      404,
    );
    for (const id of ["nope", "%00", "x".repeat(3000)]) {
      for (const path of [id, `${id}/progress`]) {
        const answer = await browser.get(`${PATH}/runs/${path}`);
        expect([400, 404]).toContain(answer.status);
        await answer.body?.cancel();
      }
    }
  });

  it("asks for a sync and watches it until it is over", async () => {
    const { runId: before } = await rig.sync();
    rig.clock.advance(1000);
    const watched = `${PATH}/runs/next?after=${before}&watch=1`;
    await expectRedirect(await syncNow(), watched);
    expect(app.syncRequests).toEqual([rig.tenant.id]);
    expect(await actions()).toEqual(["sync.requested"]);
    await markSyncDue(app.store, rig.tenant.id, app.clock);
    const html = await expectPage(await browser.get(watched));
    expect(html).toContain("The sync is waiting for its turn");
    expect(html).toContain('http-equiv="refresh"');
    expect(html).toContain("Stop that");
    const still = await expectPage(
      await browser.get(`${PATH}/runs/next?after=${before}`),
    );
    expect(still).not.toContain('http-equiv="refresh"');
    expect(await expectPage(await browser.get(`${PATH}/runs`)))
      .toContain("Watch it");
    expect(await progress("next", before!)).toMatchObject({ underWay: true });
    const { runId } = await rig.sync();
    expect(await isSyncDue(app.store, rig.tenant.id)).toBe(false);
    await expectRedirect(await browser.get(watched), `${PATH}/runs/${runId}`);
    expect(await progress("next", before!)).toEqual({
      href: `${PATH}/runs/${runId}`,
      underWay: false,
      says: "The sync is over",
      streams: [],
    });
    const none = `${PATH}/runs/next?after=${runId}&watch=1`;
    await expectRedirect(await browser.get(none), `${PATH}/runs`);
  });

  it("watches the very first sync, too", async () => {
    await expectRedirect(await syncNow(), `${PATH}/runs/next?after=&watch=1`);
    const { runId } = await rig.sync();
    await expectRedirect(
      await browser.get(`${PATH}/runs/next?after=&watch=1`),
      `${PATH}/runs/${runId}`,
    );
  });

  it("shows how far a sync has come, with its page and as JSON", async () => {
    const seen: Array<{ html: string; json: Record<string, unknown> }> = [];
    const running = await createRig({
      fetch: (through) => async (url, init) => {
        if (seen.length === 0 && url.pathname.includes("opportunit")) {
          const other = await createTestApp({
            store: running.store,
            clock: running.clock,
          });
          const admin = await other.signedIn(
            await other.createUser("agency_admin"),
          );
          const list = await expectPage(await admin.get(`${PATH}/runs`));
          expect(list).toContain("A sync is running since");
          const href = /href="([^"]*watch=1)"/.exec(list)![1]!;
          const json = await admin.get(href.replace("?watch=1", "/progress"));
          seen.push({
            html: await expectPage(await admin.get(href)),
            json: await expectJson(json),
          });
        }
        return await through(url, init);
      },
    });
    await running.sync();
    running.dispose();
    const { html, json } = seen[0]!;
    expect(html).toContain("is being synced");
    expect(html).toContain("Stop that");
    expect(json).toMatchObject({
      underWay: true,
      says: expect.stringMatching(/^Running for /),
    });
    // What was done since the lease was renewed is not known yet.
    expect(json.streams).toHaveLength(5);
  });

  it("says of a run that never ended that the next one goes on", async () => {
    const dying = await rig.another(crashAt(3, "after"));
    await dying.sync().catch(() => {});
    rig.clock.advance(60_000);
    const { runId } = await (await rig.data()).syncState();
    const html = await expectPage(
      await browser.get(`${PATH}/runs/${runId}?watch=1`),
    );
    expect(html).toContain("Cut off");
    expect(html).toContain("the next sync goes on");
    expect(html).not.toContain('http-equiv="refresh"');
    expect(await progress(runId!)).toMatchObject({ underWay: false });
  });

  it("offers no sync where there can be none, and says why", async () => {
    await createTestBrand(app.store, "keyless", app.clock);
    const path = "/admin/tenants/keyless/runs";
    const html = await expectPage(await browser.get(path));
    expect(html).toContain("The brand has no web key");
    expect(html).not.toContain("Sync now");
    expect(await expectPage(await browser.post(path, { do: "sync" }), 422))
      .toContain('role="alert"');
    await browser.post(PATH, { do: "deactivate" });
    expect(await expectPage(await syncNow(), 422)).toContain("is inactive");
    expect(app.syncRequests).toEqual([]);
  });

  it("says why this portal does not sync", async () => {
    const other = await createTestApp({
      store: rig.store,
      clock: rig.clock,
      services: {
        requestSync: () => Promise.reject(new ConflictError("Not here")),
      },
    });
    const admin = await other.signedIn(await other.createUser("agency_admin"));
    expect(await expectPage(await syncNow(admin), 422)).toContain("Not here");
    expect(await actions()).toEqual([]);
  });

  it("asks for nothing by GET, for another site or by another word", async () => {
    await expectPage(await browser.get(`${PATH}/runs?do=sync`));
    const foreign = { origin: "https://evil.example" };
    const form = { do: "sync" };
    await expectPage(await browser.post(`${PATH}/runs`, form, foreign), 403);
    await expectPage(await browser.post(`${PATH}/runs`, { do: "x" }), 400);
    expect(app.syncRequests).toEqual([]);
  });
});

const RAW = "<script>alert(1)</script>";

/** Puts a row into quarantine, and gives the lease back. */
async function quarantine(
  { store, clock }: TestApp,
  tenantId: string,
  id: string,
  raw: string,
): Promise<void> {
  const writer = await SyncWriter.open(store, tenantId, clock, {
    owner: "test",
    runId: "test",
  });
  const at = "2026-03-11T15:00:00.000Z";
  await writer!.changeQuarantine("leads", [{
    id,
    stream: "leads",
    reason: "its name is missing",
    raw,
    hash: "hash",
    firstSeenAt: at,
    lastSeenAt: at,
  }], []);
  await writer!.lease.release({ sets: [], deletes: [] });
}

describe("/admin/tenants/[slug]/quarantine", () => {
  it("lists what could not be read, and shows its text on its own page alone", async () => {
    const app = await createTestApp();
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const { id } = await createTestBrand(app.store, "test-brand", app.clock);
    await quarantine(app, id, "a/b ?&=#", RAW);
    const list = await expectPage(await browser.get(`${PATH}/quarantine`));
    expect(list).toContain("its name is missing");
    expect(list).not.toContain("alert(1)");
    const href = /href="([^"]*quarantine\/record[^"]*)"/.exec(list)?.[1]
      ?.replaceAll("&amp;", "&") ?? "";
    const html = await expectPage(await browser.get(href));
    expect(html).toContain("&lt;script>alert(1)");
    expect(html).not.toContain(RAW);
    await createTestBrand(app.store, "other", app.clock);
    const elsewhere = href.replace("test-brand", "other");
    await expectPage(await browser.get(elsewhere), 404);
    app.close();
  });

  it("tries again by the rules of today, and says what came of it", async () => {
    const rig = await createRig();
    await rig.sync();
    const app = await createTestApp({ store: rig.store, clock: rig.clock });
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    const good = { client_id: "L", firstName: "Robin", contact_type: "1" };
    await quarantine(app, rig.tenant.id, "L", JSON.stringify(good));
    await quarantine(app, rig.tenant.id, "odd", "no record");
    const retry = () => browser.post(`${PATH}/quarantine`, { do: "retry" });
    const html = await expectPage(await retry());
    expect(html).toContain(
      "1 record can be read now and is in place; 1 record stays",
    );
    const { rows } = await (await rig.data()).listLeads({ limit: 10_000 });
    expect(rows.map(({ id }) => id)).toContain("L");
    const { rows: [entry] } = await listAudit(app.store, { limit: 1 });
    expect(entry).toMatchObject({
      action: "quarantine.retried",
      tenantId: rig.tenant.id,
      detail: { released: 1, kept: 1 },
    });
    await SyncWriter.open(app.store, rig.tenant.id, app.clock, {
      owner: "test",
      runId: "test",
    });
    expect(await expectPage(await retry(), 422)).toContain("is under way");
    await expectPage(
      await browser.post(`${PATH}/quarantine`, { do: "x" }),
      400,
    );
    rig.dispose();
  });

  it("says that there is nothing, and knows no other record", async () => {
    const store = await openStore({ path: ":memory:" });
    const app = await createTestApp({ store });
    await createTestBrand(app.store, "test-brand", app.clock);
    const browser = await app.signedIn(await app.createUser("agency_admin"));
    expect(await expectPage(await browser.get(`${PATH}/quarantine`)))
      .toContain("Nothing is in quarantine");
    const queries = [
      "",
      "?stream=leads",
      "?stream=leads&id=nope",
      "?stream=constructor&id=1",
      `?stream=leads&id=${"x".repeat(3000)}`,
      "?stream=leads&id=%00",
    ];
    for (const query of queries) {
      await expectPage(
        await browser.get(`${PATH}/quarantine/record${query}`),
        404,
      );
    }
    store.close();
  });
});
