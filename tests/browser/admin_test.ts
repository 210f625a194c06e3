import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { findTenant, getTenant, listAudit } from "../../lib/store/mod.ts";
import { inspectAll } from "./_axe.ts";
import { BIRCH } from "./_birch.ts";
import { Stage } from "./_browser.ts";

const BIRCH_PATH = "/admin/tenants/birch-bakery";

describe("The agency's pages", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  const press = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) =>
    page.getByRole("link", { name, exact: true }).click();

  /** Adds a brand, tests its key, changes it, deactivates it, and finds all of it in the audit log. */
  const journey = (name: string, javaScriptEnabled: boolean) =>
    stage.visit({ as: "agency", javaScriptEnabled }, async (visit) => {
      const { page, glance, complaints } = visit;
      await glance("/admin");
      await heading(page, "Brands");
      await follow(page, "Add a brand");
      await heading(page, "Add a brand");
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByLabel("Time zone").fill("Europe/Berlin");
      await page.getByLabel("Web key").fill("wrong-key-1234");
      await press(page, "Test connection");
      expect(await page.getByRole("alert").textContent()).toMatch(
        /^ClientTether .*\.$/,
      );
      expect(await page.getByLabel("Web key").inputValue()).toBe("");
      await page.getByLabel("Web key").fill(BIRCH.webKey);
      await page.getByLabel("Access token").fill(BIRCH.accessToken);
      await press(page, "Add the brand");
      await heading(page, name);
      await press(page, "Test connection");
      expect(await page.getByRole("status").first().textContent())
        .toBe("ClientTether accepted the key.");
      await page.getByLabel("Hot list from").fill("QR Returned");
      await press(page, "Save");
      expect(await page.getByRole("status").first().textContent())
        .toContain("Saved");
      await press(page, "Deactivate");
      await page.getByText("The brand is inactive: it is neither").first()
        .waitFor();
      const { store } = stage.portal;
      const slug = name.toLowerCase().replaceAll(" ", "-");
      const tenant = await findTenant(store, slug);
      expect(tenant).toMatchObject({
        timezone: "Europe/Berlin",
        hotFrom: "QR Returned",
        webKeyLast4: BIRCH.webKey.slice(-4),
      });
      await glance(`/admin/audit?tenant=${slug}`);
      for (
        const action of [
          "tenant.created",
          "tenant.key_changed",
          "tenant.connection_tested",
          "tenant.changed",
          "tenant.status_changed",
        ]
      ) await page.getByRole("cell", { name: action }).first().waitFor();
      expect(await page.content()).not.toContain(BIRCH.webKey);
      // Where scripts are off, Chromium reports those that it does not load.
      if (javaScriptEnabled) expect(complaints).toEqual([]);
    });

  it("add, test, change and deactivate a brand", async () => {
    await journey("Alder Academy", true);
  });

  it("do the same without JavaScript", async () => {
    await journey("Elm Eatery", false);
  });

  it("mark what is wrong in a form, where the field is", async () => {
    await stage.visit(
      { as: "agency", javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance(BIRCH_PATH);
        await page.getByLabel("Time zone").fill("Mars/Olympus");
        await press(page, "Save");
        await page.getByRole("alert").waitFor();
        const zone = page.getByLabel("Time zone");
        expect(await zone.getAttribute("aria-invalid")).toBe("true");
        expect(await zone.inputValue()).toBe("Mars/Olympus");
        const { birch, store } = stage.portal;
        expect((await getTenant(store, birch.id)).timezone)
          .toBe(birch.timezone);
      },
    );
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    it(`filter the audit log, and hand it over as a file, ${how} JavaScript`, async () => {
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/audit");
          await page.getByLabel("Brand").selectOption("Alder Academy");
          await page.getByLabel("Action").fill("tenant");
          await page.getByLabel("Outcome").selectOption("Done");
          await press(page, "Show");
          await page.waitForURL(/tenant=alder-academy.*action=tenant/);
          const log = page.getByRole("table", { name: "Audit log" });
          const rows = log.locator("tbody tr");
          const all = await rows.count();
          expect(all).toBeGreaterThan(3);
          expect(await rows.filter({ hasText: "Alder Academy" }).count())
            .toBe(all);
          expect(await rows.filter({ hasText: "tenant." }).count()).toBe(all);
          await page.getByLabel("Action").fill("tenant.created");
          await press(page, "Show");
          await page.waitForURL(/action=tenant.created/);
          expect(await rows.count()).toBe(1);
          // What was chosen stands in the form.
          expect(await page.getByLabel("Brand").inputValue())
            .toBe("alder-academy");
          const [download] = await Promise.all([
            page.waitForEvent("download"),
            follow(page, "Export as CSV"),
          ]);
          expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/);
          const [, ...lines] = (await Deno.readTextFile(await download.path()))
            .trimEnd().split("\r\n");
          expect(lines).toHaveLength(1);
          expect(lines[0]).toContain('"tenant.created"');
          expect(lines[0]).toContain('"Alder Academy"');
          const { rows: [newest] } = await listAudit(stage.portal.store, {
            limit: 1,
          });
          expect(newest).toMatchObject({
            action: "audit.exported",
            detail: { tenant: "alder-academy", action: "tenant.created" },
          });
          await glance("/admin/audit?from=x");
          await page.getByText("Cannot read the parameter 'from'").waitFor();
        },
      );
    });
  }

  it("are reached by a link that nobody but the agency has", async () => {
    await stage.visit({ as: "agency" }, async ({ page, open }) => {
      await open("/dashboard?w=birch-bakery");
      await page.getByText("Avery Agency").click();
      await follow(page, "Admin");
      await heading(page, "Brands");
    });
    await stage.visit({ as: "viewer" }, async ({ page, open, glance }) => {
      await open("/dashboard?w=birch-bakery");
      expect(await page.getByRole("link", { name: "Admin" }).count()).toBe(0);
      await glance("/admin/tenants");
      await page.getByText("Only the agency may open this page").waitFor();
    });
  });

  for (
    const [slug, name, javaScriptEnabled] of [
      ["alder-academy", "Alder Academy", true],
      ["elm-eatery", "Elm Eatery", false],
    ] as const
  ) {
    const how = javaScriptEnabled ? "with" : "without";
    it(`delete a brand after its slug was typed, and show the certificate, ${how} JavaScript`, async () => {
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance(`/admin/tenants/${slug}`);
          await follow(page, "Delete this brand");
          await heading(page, `Delete ${name}`);
          const field = page.getByLabel(`Type ${slug} to confirm`);
          await field.fill("elm");
          await press(page, "Delete the brand");
          await page.getByText(`This is not '${slug}'.`).waitFor();
          await field.fill(slug);
          await press(page, "Delete the brand");
          await heading(page, `${name} is deleted`);
          await glance("/admin/tenants");
          expect(await page.getByRole("link", { name }).count()).toBe(0);
        },
      );
      const { store, cedar } = stage.portal;
      expect((await getTenant(store, cedar.id)).slug).toBe(cedar.slug);
    });
  }

  it("have no accessibility violation, wide or narrow, light or dark", async () => {
    const { store, birch } = stage.portal;
    await stage.visit({ as: "agency" }, async ({ page, open }) => {
      await open(`${BIRCH_PATH}/runs`);
      const run = await page.getByRole("row").nth(1).getByRole("link")
        .getAttribute("href");
      const paths = [
        "/admin/tenants",
        "/admin/tenants/new",
        "/admin/security",
        `${BIRCH_PATH}/tokens`,
        `${BIRCH_PATH}?done=save`,
        `${BIRCH_PATH}/runs`,
        run!,
        `${BIRCH_PATH}/quarantine`,
        `${BIRCH_PATH}/delete`,
        "/admin/tenants/elm-eatery/delete",
        "/admin/operations",
        "/admin/runs",
        "/admin/audit",
        "/admin/audit?from=x&person=nobody@example.com",
      ];
      for (const path of paths) {
        await open(path);
        expect(await inspectAll(page)).toEqual([]);
      }
      await open(BIRCH_PATH);
      await page.getByLabel("Time zone").fill("Mars/Olympus");
      await press(page, "Save");
      await page.getByRole("alert").waitFor();
      expect(await inspectAll(page)).toEqual([]);
    });
    expect((await getTenant(store, birch.id)).timezone).toBe(birch.timezone);
  });
});
