import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { PIECES } from "../../components/kept.ts";
import { createSecrets } from "../../lib/auth/mod.ts";
import {
  createTenant,
  findTenant,
  getTenant,
  getTenantStatus,
  listAudit,
  setTenantStatus,
  type Tenant,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { createRig, TEST_SECRET } from "../_sync.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const WEB_KEY = "canary-web-key-4711";
const TOKEN = "canary-access-token-0815";

/** What a form of a brand holds when nothing was touched. */
const FORM = {
  name: "Brand acme",
  slug: "acme",
  timezone: "America/New_York",
  currency: "USD",
  accent: "",
  qualifiedFrom: "QR Returned",
  qualifiedTo: "FA Sent",
  hotFrom: "Deal Structure",
  hotTo: "FA Sent",
  marketFields: "",
  unitsFields: "",
  webKey: "",
  accessToken: "",
};

describe("/admin/tenants", () => {
  let app: TestApp;
  let acme: Tenant;
  let browser: TestBrowser;
  /** What ClientTether was asked, and what it answers. */
  let asked: Array<{ url: URL; headers: Headers }>;
  let answer: () => Response;

  beforeEach(async () => {
    asked = [];
    answer = () => Response.json({ TotalRecord: 0, data: [] });
    app = await createTestApp({
      services: {
        upstream: {
          fetch: (url, init) => {
            asked.push({ url, headers: new Headers(init.headers) });
            return Promise.resolve(answer());
          },
          baseUrl: "https://api.clienttether.com",
          accessToken: "shared-token",
        },
      },
    });
    acme = await createTestBrand(app.store, "acme", app.clock);
    browser = await app.signedIn(await app.createUser("agency_admin"));
  });

  afterEach(() => app.close());

  const ACME = "/admin/tenants/acme";
  const save = (form: Partial<typeof FORM> & { removeToken?: string } = {}) =>
    browser.post(ACME, { ...FORM, ...form, do: "save" });
  const test = (path: string, form: Partial<typeof FORM> = {}) =>
    browser.post(path, { ...FORM, ...form, do: "test" });
  const entries = async () =>
    (await listAudit(app.store, { limit: 50 })).rows.reverse();
  const actions = async () => (await entries()).map(({ action }) => action);

  it("is for the agency alone, and so is all below it", async () => {
    const others = [
      await app.createUser("tenant_viewer", acme.id),
      await app.createUser("tenant_admin", acme.id),
    ];
    const paths = [
      "/admin",
      "/admin/tenants",
      "/admin/tenants/new",
      ACME,
      `${ACME}/delete`,
      `${ACME}/runs`,
      `${ACME}/runs/x`,
      `${ACME}/quarantine`,
      `${ACME}/quarantine/record?stream=leads&id=1`,
      "/admin/runs",
      "/admin/audit",
      "/admin/audit.csv",
    ];
    for (const path of paths) {
      const stranger = await app.browser().get(path);
      expect(stranger.status).toBe(303);
      expect(stranger.headers.get("location")).toMatch(/^\/login\?next=/);
      for (const user of others) {
        const other = await app.signedIn(user);
        await expectPage(await other.get(path), 403);
        const form = { ...FORM, name: "Taken over", do: "save" };
        await expectPage(await other.post(path, form), 403);
      }
    }
    expect((await getTenant(app.store, acme.id)).name).toBe("Brand acme");
    const denied = await entries();
    expect(denied).toHaveLength(paths.length * others.length * 2);
    expect(denied[0]).toMatchObject({
      action: "access.denied",
      outcome: "denied",
      actor: { kind: "user", id: others[0]!.id },
      target: "GET /admin",
    });
  });

  it("leads to the list from /admin", async () => {
    await expectRedirect(await browser.get("/admin"), "/admin/tenants");
  });

  it("lists brands with status, zone, age of data, last run and the end of the key", async () => {
    await createTestBrand(app.store, "bravo", app.clock, {
      webKeyLast4: "4711",
      timezone: "Europe/Berlin",
    });
    const html = await expectPage(await browser.get("/admin/tenants"));
    expect(html).toContain('href="/admin/tenants/acme"');
    expect(html).toContain("Europe/Berlin");
    expect(html).toContain("…4711");
    expect(html).toContain("No key");
    expect(html).toContain("just now");
    expect(html).toContain("Look at Brand acme");
    expect(html).toContain('href="/admin/users?tenant=bravo"');
    expect(html).toContain('href="/dashboard?w=bravo"');
    expect(html).toContain("Fresh");
    expect(html).toContain("Success");
    app.clock.advance(25 * 3_600_000);
    const later = await expectPage(
      await (await app.signedIn(await app.createUser("agency_admin")))
        .get("/admin/tenants"),
    );
    expect(later).toContain("25 hours ago");
    expect(later).toContain("Late");
  });

  it("shows fifty brands at a time, and finds one by its name", async () => {
    const { store, clock } = app;
    for (let n = 100; n < 160; n++) {
      await createTenant(store, {
        name: `Brand ${n}`,
        slug: `b${n}`,
        timezone: "UTC",
      }, clock);
    }
    const open = async (query = "") =>
      await expectPage(await browser.get(`/admin/tenants${query}`));
    const slugs = (html: string) =>
      [...html.matchAll(/href="\/admin\/tenants\/(acme|b\d+)"/g)].map((
        [, slug],
      ) => slug);
    const first = await open();
    expect(first).toContain("61 brands.");
    // They have no key: five are named, the rest counted.
    expect(first).toContain("Brand 104 and 56 more");
    expect(first).toContain("1 to 50 of 61, by name");
    expect(slugs(first)).toHaveLength(50);
    const second = await open("?page=2");
    expect(slugs(second)).toHaveLength(11);
    expect(new Set([...slugs(first), ...slugs(second)]).size).toBe(61);
    expect(await open("?page=9")).toContain("None of 61");
    const found = await open("?search=rand+137");
    expect(slugs(found)).toEqual(["b137"]);
    expect(found).not.toContain("Pages of the list");
    expect(await open("?search=nowhere")).toContain(
      "No brand is found by that",
    );
    expect(await open("?page=0")).toContain("Cannot read the parameter 'page'");
  });

  it("says above the list why the last run of a brand failed, with the way to it", async () => {
    await using rig = await createRig();
    rig.simulator.faults.add({ kind: "key_revoked" });
    const { runId, errorMessage } = await rig.sync();
    const app = await createTestApp({ store: rig.store, clock: rig.clock });
    const admin = await app.signedIn(await app.createUser("agency_admin"));
    const html = await expectPage(await admin.get("/admin/tenants"));
    expect(html).toContain(errorMessage!.slice(0, 30));
    const href = `href="/admin/tenants/test-brand/runs/${runId}"`;
    expect(html.split(href)).toHaveLength(3);
  });

  it("adds a brand with its keys sealed, and says no key again", async () => {
    const form = {
      ...FORM,
      name: "Café Olé",
      slug: "",
      accent: "#0f6b5c",
      marketFields: "territory, region",
      webKey: WEB_KEY,
      accessToken: TOKEN,
      do: "save",
    };
    await expectRedirect(
      await browser.post("/admin/tenants/new", form),
      "/admin/tenants/cafe-ole?done=add",
    );
    const tenant = await findTenant(app.store, "cafe-ole");
    expect(tenant).toMatchObject({
      name: "Café Olé",
      accent: "#0f6b5c",
      fieldAliases: { market: ["territory", "region"] },
      webKeyLast4: "4711",
    });
    const secrets = createSecrets(TEST_SECRET);
    expect(
      await secrets.open(
        tenant.id,
        "clienttetherWebKey",
        tenant.clienttetherWebKey!,
      ),
    ).toBe(WEB_KEY);
    expect(
      await secrets.open(
        tenant.id,
        "clienttetherAccessToken",
        tenant.clienttetherAccessToken!,
      ),
    ).toBe(TOKEN);
    const html = await expectPage(
      await browser.get("/admin/tenants/cafe-ole?done=add"),
    );
    expect(html).toContain('role="status"');
    expect(html).toContain("ending in 4711");
    expect(html).toContain('value="territory, region"');
    expect(html).not.toMatch(/canary/);
    const log = await entries();
    expect(log.map(({ action }) => action)).toEqual([
      "tenant.created",
      "tenant.key_changed",
      "tenant.key_changed",
    ]);
    expect(log.every(({ tenantId }) => tenantId === tenant.id)).toBe(true);
    expect(JSON.stringify([log, app.log.entries])).not.toMatch(/canary/);
  });

  it("refuses what is no brand, field by field, and keeps what was typed", async () => {
    const wrong: Array<[keyof typeof FORM, string, string]> = [
      ["name", "  ", "Fill this in"],
      ["name", "x".repeat(101), "at most 100"],
      ["slug", "no spaces", "single hyphens"],
      ["timezone", "Mars/Olympus", "Choose a zone"],
      ["timezone", "+02:00", "Choose a zone"],
      ["currency", "XQZ", "three letters"],
      ["accent", "red", "#0f6b5c"],
      ["accent", "#0f6b5c;background:url(x)", "#0f6b5c"],
      ["qualifiedFrom", "", "Fill this in"],
      ["hotTo", "a\nb", "one line"],
      ["marketFields", "a,b,c,d,e,f,g,h,i,j,k", "at most 10"],
      ["webKey", "canary key", "no spaces"],
      ["accessToken", "canary-ключ", "no spaces"],
    ];
    for (const [field, value, says] of wrong) {
      for (const path of ["/admin/tenants/new", ACME]) {
        const html = await expectPage(
          await browser.post(path, { ...FORM, [field]: value, do: "save" }),
          422,
        );
        expect(html).toContain('role="alert"');
        expect(html).toContain(`id="${field}-problem"`);
        expect(html).toContain(says);
        expect(html).not.toContain("canary");
        expect(html).toContain('value="Deal Structure"');
      }
    }
    expect(await getTenant(app.store, acme.id)).toEqual(acme);
    expect(await actions()).toEqual([]);
  });

  it("lets boundaries be chosen from the stages that the sales cycle has, else typed", async () => {
    await using rig = await createRig();
    const app = await createTestApp({ store: rig.store, clock: rig.clock });
    const admin = await app.signedIn(await app.createUser("agency_admin"));
    const show = async () =>
      await expectPage(await admin.get("/admin/tenants/test-brand"));
    expect(await show()).toMatch(/<input id="hotFrom"/);
    await rig.sync();
    await rig.change({ hotFrom: "No Such Stage" });
    const html = await show();
    expect(html).toMatch(/<option[^>]*value="QR Returned"[^>]*selected/);
    expect(html).toContain("No Such Stage (not in the sales cycle)");
    expect(html).toContain("no active stage of this name");
  });

  it("refuses a slug that another brand has", async () => {
    await createTestBrand(app.store, "bravo", app.clock);
    for (const path of ["/admin/tenants/new", ACME]) {
      const html = await expectPage(
        await browser.post(path, { ...FORM, slug: "bravo", do: "save" }),
        422,
      );
      expect(html).toContain('id="slug-problem"');
    }
    expect((await getTenant(app.store, acme.id)).slug).toBe("acme");
  });

  it("changes settings, and leaves blank keys as they are", async () => {
    await expectRedirect(
      await save({ webKey: WEB_KEY, accessToken: TOKEN }),
      `${ACME}?done=save`,
    );
    const before = await getTenant(app.store, acme.id);
    await expectRedirect(
      await save({ slug: "acme-two", hotFrom: "FA Sent", currency: "eur" }),
      "/admin/tenants/acme-two?done=save",
    );
    const after = await getTenant(app.store, acme.id);
    expect(after).toMatchObject({
      slug: "acme-two",
      hotFrom: "FA Sent",
      currency: "EUR",
    });
    expect(after.clienttetherWebKey).toEqual(before.clienttetherWebKey);
    expect(after.clienttetherAccessToken)
      .toEqual(before.clienttetherAccessToken);
    await expectPage(await browser.get(ACME), 404);
    const [, , changed] = await entries();
    expect(changed).toMatchObject({
      action: "tenant.changed",
      detail: { what: "slug, currency, hotFrom" },
    });
  });

  it("forgets an access token on demand", async () => {
    await save({ accessToken: TOKEN });
    await expectRedirect(
      await save({ removeToken: "yes" }),
      `${ACME}?done=save`,
    );
    const { clienttetherAccessToken } = await getTenant(app.store, acme.id);
    expect(clienttetherAccessToken).toBeNull();
    expect((await entries()).at(-1)).toMatchObject({
      action: "tenant.key_changed",
      detail: { key: "access token", removed: true },
    });
  });

  it("writes nothing down when nothing was changed", async () => {
    await expectRedirect(await save(), `${ACME}?done=save`);
    expect(await actions()).toEqual([]);
  });

  it("deactivates a brand, which its people obey at once, and activates it again", async () => {
    const viewer = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
    await expectPage(await viewer.getIn("acme", "/reports"));
    await expectRedirect(
      await browser.post(ACME, { do: "deactivate" }),
      `${ACME}?done=deactivate`,
    );
    expect(await getTenantStatus(app.store, acme.id)).toBe("inactive");
    await expectPage(await viewer.getIn("acme", "/reports"), 404);
    expect(await expectPage(await browser.get(ACME))).toContain(
      "The brand is inactive",
    );
    await browser.post(ACME, { do: "activate" });
    await expectPage(await viewer.getIn("acme", "/reports"));
    expect((await actions()).filter((action) => action !== "access.denied"))
      .toEqual(["tenant.status_changed", "tenant.status_changed"]);
  });

  it("tests a key that was just typed, by one request, and does not say it", async () => {
    for (const path of ["/admin/tenants/new", ACME]) {
      asked = [];
      const html = await expectPage(
        await test(path, { webKey: WEB_KEY, name: "Typed name" }),
      );
      expect(html).toContain("ClientTether accepted the key");
      expect(html).toContain('value="Typed name"');
      expect(html).not.toContain("canary");
      expect(asked).toHaveLength(1);
      const [{ url, headers }] = asked as [typeof asked[0]];
      expect(url.pathname).toContain("read_sales_cycle_list");
      expect(headers.get("x-web-key")).toBe(WEB_KEY);
      expect(headers.get("x-access-token")).toBe("shared-token");
    }
    expect((await getTenant(app.store, acme.id)).webKeyLast4).toBeNull();
    expect(await actions()).toEqual([
      "tenant.connection_tested",
      "tenant.connection_tested",
    ]);
  });

  it("tests the saved key where none was typed", async () => {
    await save({ webKey: WEB_KEY, accessToken: TOKEN });
    const html = await expectPage(await test(ACME));
    expect(html).toContain("ClientTether accepted the key");
    expect(asked[0]?.headers.get("x-web-key")).toBe(WEB_KEY);
    expect(asked[0]?.headers.get("x-access-token")).toBe(TOKEN);
  });

  it("says in a sentence why ClientTether did not take the key, and asks once", async () => {
    const cases: Array<[() => Response, string]> = [
      [() => new Response("no", { status: 401 }), "refused the web key"],
      [() => new Response("", { status: 503 }), "ClientTether answered 503"],
      [
        () => Response.redirect("https://evil.example/", 302),
        "redirects are refused",
      ],
      [() => new Response("<html>"), "ClientTether"],
      [() => {
        throw new TypeError(`cannot send ${WEB_KEY}`);
      }, "ClientTether"],
    ];
    for (const [answers, says] of cases) {
      asked = [];
      answer = answers;
      const html = await expectPage(await test(ACME, { webKey: WEB_KEY }));
      expect(html).toContain('role="alert"');
      expect(html).toContain(says);
      expect(html).not.toContain("canary");
      expect(asked).toHaveLength(1);
    }
    const log = await entries();
    expect(log.every(({ outcome }) => outcome === "failed")).toBe(true);
    expect(JSON.stringify([log, app.log.entries])).not.toMatch(/canary/);
  });

  it("says that there is no key to test, and asks nobody", async () => {
    const html = await expectPage(await test(ACME));
    expect(html).toContain("There is no web key to test with");
    expect(asked).toEqual([]);
  });

  it("says that a saved key cannot be opened any more", async () => {
    await save({ webKey: WEB_KEY });
    const other = await createTestApp({
      store: app.store,
      clock: app.clock,
      services: {
        secrets: createSecrets(new Uint8Array(32).fill(8).toBase64()),
      },
    });
    const admin = await other.signedIn(await other.createUser("agency_admin"));
    const html = await expectPage(
      await admin.post(ACME, { ...FORM, do: "test" }),
    );
    expect(html).toContain("cannot be opened any more");
  });

  it("changes nothing by GET, for another site, or for a form it does not know", async () => {
    const query = new URLSearchParams({ ...FORM, name: "x", do: "save" });
    await expectPage(await browser.get(`${ACME}?${query}`));
    const form = { ...FORM, name: "x", do: "save" };
    const foreign = { origin: "https://evil.example" };
    await expectPage(await browser.post(ACME, form, foreign), 403);
    await expectPage(await browser.post(ACME, { ...form, do: "purge" }), 400);
    expect(await getTenant(app.store, acme.id)).toEqual(acme);
  });

  it("answers what is no brand with the same 404", async () => {
    const names = ["nope", "%00", "a%2Fb", "x".repeat(3000), "%ED%A0%80"];
    for (const name of names) {
      for (const rest of ["", "/runs", "/quarantine"]) {
        const got = await browser.get(`/admin/tenants/${name}${rest}`);
        expect([400, 404]).toContain(got.status);
        await got.body?.cancel();
      }
    }
  });

  it("finds a brand whose slug is the name of a page", async () => {
    const tenant = await createTestBrand(app.store, "new", app.clock);
    const html = await expectPage(await browser.get("/admin/tenants"));
    expect(html).toContain(`href="/admin/tenants/${tenant.id}"`);
    expect(
      await expectPage(await browser.get(`/admin/tenants/${tenant.id}`)),
    ).toContain("Brand new");
  });

  it("deletes a brand when its slug is typed, and shows what was removed", async () => {
    const bravo = await createTestBrand(app.store, "bravo", app.clock);
    const path = `${ACME}/delete`;
    const viewer = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
    expect(await expectPage(await browser.get(path))).toContain(
      "This cannot be undone",
    );
    for (const confirmation of ["", "Acme", "bravo", "yes"]) {
      const html = await expectPage(
        await browser.post(path, { confirmation }),
        422,
      );
      expect(html).toContain('id="confirmation-problem"');
    }
    await expectPage(await viewer.getIn("acme", "/reports"));
    expect(PIECES.bytes).toBeGreaterThan(0);
    await expectRedirect(
      await browser.post(path, { confirmation: "acme" }),
      `/admin/tenants/${acme.id}/delete`,
    );
    expect(PIECES.bytes).toBe(0);
    const html = await expectPage(
      await browser.get(`/admin/tenants/${acme.id}/delete`),
    );
    expect(html).toContain("Brand acme is deleted");
    expect(html).toContain("may still hold the brand");
    expect(html).toContain("leads");
    await expectPage(await viewer.getIn("acme", "/reports"), 404);
    await expectPage(await browser.get(ACME), 404);
    const list = await expectPage(await browser.get("/admin/tenants"));
    expect(list).not.toContain("Brand acme");
    expect(list).toContain("Brand bravo");
    expect(await getTenant(app.store, bravo.id)).toEqual(bravo);
    expect((await entries()).find(({ action }) => action === "tenant.purged"))
      .toMatchObject({ actor: { kind: "user" }, tenantId: acme.id });
    await expectPage(await browser.post(path, { confirmation: "acme" }), 404);
    await expectPage(await browser.get("/admin/tenants/nope/delete"), 404);
  });

  it("goes on with a deletion that was cut off", async () => {
    await setTenantStatus(app.store, acme.id, "purged");
    const list = await expectPage(await browser.get("/admin/tenants"));
    expect(list).toContain(`href="${ACME}/delete"`);
    for (const rest of ["", "/runs", "/quarantine"]) {
      await expectPage(await browser.get(ACME + rest), 404);
    }
    expect(await expectPage(await browser.get(`${ACME}/delete`))).toContain(
      "A deletion was cut off",
    );
    await expectRedirect(
      await browser.post(`${ACME}/delete`, { confirmation: "acme" }),
      `/admin/tenants/${acme.id}/delete`,
    );
  });
});
