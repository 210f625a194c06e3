import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { PIECES } from "../../components/kept.ts";
import {
  createSavedView,
  listAudit,
  openTenant,
  setTenantStatus,
  SyncWriter,
} from "../../lib/store/mod.ts";
import { erasePerson } from "../../lib/sync/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { expectPage } from "./_assert.ts";

const PATH = "/admin/tenants/test-brand/erase";
const PERSON = "9000017";

describe("/admin/tenants/[slug]/erase", () => {
  let rig: SyncRig;
  let app: TestApp;
  let browser: TestBrowser;

  beforeEach(async () => {
    rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    brand.putLead({
      client_id: PERSON,
      firstName: "Imogen",
      lastName: "Zeldwick",
      email: "imogen@example.com",
      contact_type: "1",
      clients_sales_cycle: "QR Returned",
      created: "2026-03-01 10:00:00",
    });
    brand.putOpportunity({
      opportunity_id: "9000020",
      client_id: PERSON,
      contact_type: "1",
      contact_sales_cycle: "QR Returned",
      deal_size: "100000",
    });
    await rig.sync();
    app = await createTestApp({ store: rig.store, clock: rig.clock });
    browser = await app.signedIn(await app.createUser("agency_admin"));
  });

  afterEach(() => rig.dispose());

  const erase = (form: Record<string, string>) =>
    browser.post(PATH, { id: PERSON, confirmation: PERSON, ...form });
  const stored = async () => {
    const data = await openTenant(app.store, rig.tenant.id);
    const { rows } = await data.listLeads({ limit: 10_000 });
    return rows.filter(({ name }) => name.includes("Zeldwick")).length;
  };

  it("finds the person by name and by id", async () => {
    for (const search of ["zeldwick", PERSON]) {
      const html = await expectPage(
        await browser.get(`${PATH}?search=${search}`),
      );
      expect(html).toContain(`href="${PATH}?id=${PERSON}"`);
      expect(html.match(/Imogen Zeldwick/g)).toHaveLength(1);
    }
    expect(await expectPage(await browser.get(`${PATH}?search=nobody`)))
      .toContain("Nobody matches 'nobody'");
  });

  it("shows who it is and what would go, and removes nothing", async () => {
    const html = await expectPage(await browser.get(`${PATH}?id=${PERSON}`));
    expect(html).toContain("imogen@example.com");
    expect(html).toMatch(/Opportunities<\/th><td[^>]*>1</);
    expect(html).toContain(`Type ${PERSON} to confirm`);
    expect(await stored()).toBe(1);
  });

  it("counts the saved views that search for the person, and clears them", async () => {
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const theirs = await app.signedIn(user);
    for (const [name, query] of [["Her", "search=zeldwick"], ["Web", ""]]) {
      await createSavedView(app.store, rig.tenant.id, user.id, {
        ...{ list: "leads", name: name!, query: query || "source=Web" },
      }, rig.clock);
    }
    const html = await expectPage(await browser.get(`${PATH}?id=${PERSON}`));
    expect(html).toMatch(/Saved views that search[^<]*<\/th><td[^>]*>1</);
    expect(html).toContain("Saved views of lists that search for the person");
    await erase({});
    const views = await expectPage(
      await theirs.getIn(rig.tenant.slug, "/saved-views"),
    );
    expect(views).not.toContain("zeldwick");
    expect(views).not.toContain("Her");
    expect(views).toContain("Web");
  });

  it("erases after the id was typed, and shows a certificate that names nobody", async () => {
    const answer = await erase({ keepOut: "yes" });
    expect(answer.status).toBe(303);
    const location = answer.headers.get("location")!;
    expect(location).not.toContain(PERSON);
    const html = await expectPage(await browser.get(location));
    expect(html).toContain("The person is erased");
    expect(html).toContain("Later syncs leave the person out");
    expect(html).toContain("Backups that were written before");
    for (const name of ["Zeldwick", PERSON]) expect(html).not.toContain(name);
    expect(await stored()).toBe(0);
    const { rows: [entry] } = await listAudit(app.store, { limit: 1 });
    expect(entry).toMatchObject({
      action: "person.erased",
      actor: { kind: "user" },
      tenantId: rig.tenant.id,
      detail: { keepOut: true, "removed.leads": 1, "removed.opportunities": 1 },
    });
    await rig.sync();
    expect(await stored()).toBe(0);
  });

  it("keeps no piece of a page on which the person stood", async () => {
    const page = await browser.getIn(rig.tenant.slug, "/leads");
    expect(await expectPage(page)).toContain("Zeldwick");
    expect(PIECES.bytes).toBeGreaterThan(0);
    await erase({ confirmation: "somebody else" });
    expect(PIECES.bytes).toBeGreaterThan(0);
    await erase({ keepOut: "yes" });
    expect(PIECES.bytes).toBe(0);
  });

  it("lets ClientTether bring the person back where nobody said otherwise, and says so", async () => {
    const answer = await erase({});
    const html = await expectPage(
      await browser.get(answer.headers.get("location")!),
    );
    expect(html).toContain("The next sync brings back");
    await rig.sync();
    expect(await stored()).toBe(1);
  });

  it("removes nothing where something else was typed", async () => {
    for (const confirmation of ["", "9000018", "Imogen Zeldwick"]) {
      const answer = await erase({ confirmation });
      const html = await expectPage(answer, 422);
      expect(html).toContain(`This is not '${PERSON}'`);
      expect(html).not.toMatch(/name="keepOut"[^>]*checked/);
    }
    await expectPage(await browser.post(PATH, {}), 422);
    expect(await stored()).toBe(1);
  });

  it("says why it cannot erase", async () => {
    const nobody = { id: "nobody", confirmation: "nobody" };
    expect(await expectPage(await erase(nobody), 422))
      .toContain("holds nothing about lead 'nobody'");
    const writer = await SyncWriter.open(app.store, rig.tenant.id, app.clock, {
      owner: "test",
      runId: "test",
    });
    expect(await expectPage(await erase({}), 422))
      .toContain("is under way: try again");
    await writer!.lease.release({ sets: [], deletes: [] });
    await setTenantStatus(app.store, rig.tenant.id, "inactive");
    expect(await expectPage(await erase({}), 422))
      .toContain("activate it first");
    expect(await stored()).toBe(1);
  });

  it("offers to go on where an erasure was cut off, and counts all of it", async () => {
    const other = await rig.another(crashAt(3, "after"));
    await expect(
      erasePerson(other.deps, rig.tenant.id, PERSON, { keepOut: true }),
    ).rejects.toThrow();
    rig.clock.advance(60_000);
    const list = await expectPage(await browser.get(PATH));
    expect(list).toContain("Cut off before their end");
    expect(list).toContain(`href="${PATH}?id=${PERSON}"`);
    const html = await expectPage(await browser.get(`${PATH}?id=${PERSON}`));
    expect(html).toContain("An erasure was cut off");
    const answer = await erase({});
    expect(answer.status).toBe(303);
    const certificate = await expectPage(
      await browser.get(answer.headers.get("location")!),
    );
    expect(certificate).toMatch(/Lead<\/th><td[^>]*>1</);
    expect(await expectPage(await browser.get(PATH)))
      .not.toContain("Cut off before their end");
  });

  it("knows no certificate of another brand, nor one that there is not", async () => {
    const answer = await erase({});
    const location = answer.headers.get("location")!;
    await createTestBrand(app.store, "other", app.clock);
    const paths = [
      location.replace("test-brand", "other"),
      `${PATH}?done=x`,
      "/admin/tenants/nope/erase",
    ];
    for (const path of paths) await expectPage(await browser.get(path), 404);
  });
});
