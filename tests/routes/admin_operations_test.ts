import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { listFleet, putAlert, setTenantStatus } from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { HOUR, SECOND } from "../_clock.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { expectPage } from "./_assert.ts";

const PATH = "/admin/operations";

describe("/admin/operations", () => {
  let rig: SyncRig;
  let app: TestApp;
  let browser: TestBrowser;

  beforeEach(async () => {
    rig = await createRig({ brand: { leads: 3 } });
    app = await createTestApp({ store: rig.store, clock: rig.clock });
    browser = await app.signedIn(await app.createUser("agency_admin"));
  });
  afterEach(() => rig.dispose());

  /** The page some seconds later, when what was read before is read again. */
  const open = async (query = "") => {
    rig.clock.advance(10 * SECOND);
    return await expectPage(await browser.get(PATH + query));
  };
  const names = (html: string) =>
    [...html.matchAll(/<th scope="row".*?<a [^>]*>([^<]+)<\/a>/g)]
      .map(([, name]) => name);

  it("shows how each brand stands, with its last run and what that cost", async () => {
    expect(await open()).toContain("First sync");
    const { runId } = await rig.sync();
    const html = await open();
    expect(html).toContain("No brand is in trouble, as of 15:00:20 UTC.");
    expect(html).toContain("ALERT_WEBHOOK_URL is not set");
    expect(html).toContain(`href="/admin/tenants/test-brand/runs/${runId}"`);
    expect(html).toContain("Fine");
    const { lastRun } = await (await rig.data()).syncState();
    expect(html).toContain(`data-head="KV writes">${lastRun!.kvWrites}<`);
    expect(html).toContain(`data-head="Records">${lastRun!.recordsUpdated}<`);
  });

  it("shows the worst first, and a part of the fleet by its address", async () => {
    await rig.sync();
    const late = await rig.addTenant("Late Brand", "key-late");
    const gone = await rig.addTenant("Away Brand", "key-away");
    await setTenantStatus(rig.store, gone.id, "inactive");
    rig.clock.advance(3 * HOUR);
    await rig.sync();
    expect(late.name).toBe("Late Brand");
    const html = await open();
    expect(names(html)).toEqual(["Late Brand", "Test Brand", "Away Brand"]);
    expect(html).toContain("1 brand in trouble");
    expect(html).toContain('href="/admin/operations?state=trouble"');
    expect(html).toContain("In trouble 1");
    expect(names(await open("?state=trouble"))).toEqual(["Late Brand"]);
    expect(names(await open("?state=fine"))).toEqual(["Test Brand"]);
    expect(names(await open("?state=unwatched"))).toEqual(["Away Brand"]);
    expect(await open("?state=failing")).toContain("There is no such brand.");
  });

  it("shows fifty at a time, with links to the others", async () => {
    for (let n = 0; n < 60; n++) await rig.addTenant(`Brand ${n}`, `key-${n}`);
    const first = await open();
    expect(names(first).length).toBe(50);
    expect(first).toContain("1 to 50 of 61");
    expect(first).toContain('href="/admin/operations?page=2"');
    const second = await open("?page=2");
    expect(names(second).length).toBe(11);
    expect(second).toContain("51 to 61 of 61");
    expect(new Set([...names(first), ...names(second)]).size).toBe(61);
    expect(second).not.toContain("page=3");
    expect(await open("?page=3")).toContain("None of 61");
  });

  it("says of a parameter that it cannot read, and shows its default", async () => {
    const html = await open("?state=odd&page=0");
    expect(html).toContain("Cannot read the parameter 'state'");
    expect(names(html)).toEqual(["Test Brand"]);
  });

  it("keeps an alert in sight that the webhook did not take", async () => {
    await rig.sync();
    const [row] = await listFleet(rig.store);
    const at = "2026-03-11T15:00:00.000Z";
    await putAlert(rig.store, row!, {
      since: at,
      told: [],
      message: {
        event: "trouble",
        troubles: ["stale"],
        tries: 10,
        nextAt: at,
        error: "answered 500",
        gaveUpAt: at,
      },
    });
    const html = await open();
    expect(html).toContain("The webhook did not take the alerts of");
    expect(html).toContain("Trouble not told: the webhook answered 500");
    expect(html).toContain("1 brand in trouble");
  });

  it("reads the fleet once in ten seconds", async () => {
    await open();
    await rig.addTenant("Second Brand", "key-2");
    rig.operations.length = 0;
    expect(names(await expectPage(await browser.get(PATH)))).toEqual([
      "Test Brand",
    ]);
    const reads = () =>
      rig.operations.filter(({ keys }) =>
        keys.some((key) => key[2] === "sync_state")
      ).length;
    expect(reads()).toBe(0);
    expect(names(await open())).toContain("Second Brand");
    // Both brands at once.
    expect(reads()).toBe(1);
  });

  it("is the agency's alone", async () => {
    const viewer = await app.signedIn(
      await app.createUser("tenant_admin", rig.tenant.id),
    );
    await expectPage(await viewer.get(PATH), 403);
  });
});
