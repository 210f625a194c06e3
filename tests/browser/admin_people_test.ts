import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import {
  beginSecondFactor,
  enableSecondFactor,
  getUser,
  listAudit,
  listMemberships,
} from "../../lib/store/mod.ts";
import { secrets } from "../_sync.ts";
import { inspectAll } from "./_axe.ts";
import { BIRCH } from "./_birch.ts";
import { Stage } from "./_browser.ts";

const ERASE = "/admin/tenants/birch-bakery/erase";

describe("The agency's pages of people", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
    const brand = stage.portal.simulator.brand(BIRCH.webKey);
    for (const [client_id, firstName] of LEADS) {
      brand.putLead({
        client_id,
        firstName,
        lastName: "Zeldwick",
        contact_type: "1",
        clients_sales_cycle: "New Lead",
        created: "2026-03-01 10:00:00",
      });
    }
    await stage.portal.sync(stage.portal.birch);
  });
  afterAll(() => stage.close());

  const LEADS = [["9000017", "Imogen"], ["9000018", "Ivor"]] as const;
  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  const press = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) =>
    page.getByRole("link", { name, exact: true }).click();
  const said = (page: Page, text: string) =>
    page.getByRole("status").filter({ hasText: text }).first().waitFor();
  const latest = async () =>
    (await listAudit(stage.portal.store, { limit: 1 })).rows[0]?.action;

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    const [id, first] = LEADS[javaScriptEnabled ? 0 : 1];
    const inspected = async (page: Page) => {
      if (javaScriptEnabled) expect(await inspectAll(page)).toEqual([]);
    };

    it(`a person is found, erased after the id was typed, and certified, ${how} JavaScript`, () =>
      stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/tenants/birch-bakery");
          await follow(page, "Erase a person of this brand");
          await inspected(page);
          await page.getByLabel("Name, market or id").fill(first);
          await press(page, "Search");
          await page.getByRole("link", { name: `${first} Zeldwick` }).waitFor();
          await inspected(page);
          await follow(page, `${first} Zeldwick`);
          await heading(page, `Erase ${first} Zeldwick`);
          const field = page.getByLabel(`Type ${id} to confirm`);
          await field.fill("Zeldwick");
          await press(page, "Erase this person");
          await page.getByText(`This is not '${id}'.`).first().waitFor();
          await inspected(page);
          await page.getByLabel("Keep out of later syncs").check();
          await field.fill(id);
          await press(page, "Erase this person");
          await heading(page, "The person is erased");
          await page.getByText("Backups that were written before").waitFor();
          await inspected(page);
          expect(await page.content()).not.toContain("Zeldwick");
          expect(await latest()).toBe("person.erased");
          await stage.portal.sync(stage.portal.birch);
          await glance(`${ERASE}?search=${first}`);
          await page.getByText(`Nobody matches '${first}'.`).waitFor();
        },
      ));

    it(`a role is changed, a session ended, an account closed and opened, ${how} JavaScript`, async () => {
      const { portal } = stage;
      const { viewer } = portal.users;
      // Of the account that was closed before, every session has ended.
      portal.users.viewer = await getUser(portal.store, viewer.id);
      await stage.visit({ as: "viewer" }, (theirs) =>
        stage.visit(
          { as: "agency", javaScriptEnabled },
          async ({ page, glance }) => {
            await theirs.glance("/dashboard");
            await glance("/admin/users?tenant=birch-bakery");
            await follow(page, "Vera Viewer");
            await heading(page, "Vera Viewer");
            await inspected(page);
            await page.getByLabel(/^Birch Bakery/).selectOption(
              "tenant_admin",
            );
            await press(page, "Change the role in Birch Bakery");
            await said(page, "The role is given.");
            expect(await listMemberships(portal.store, viewer.id))
              .toMatchObject([{ role: "tenant_admin" }]);
            await theirs.glance("/people");
            await heading(theirs.page, "People");
            await page.getByRole("button", { name: /^Sign out\W.*signed in/ })
              .first().click();
            await said(page, "That is signed out");
            await theirs.glance("/dashboard");
            await theirs.page.waitForURL(/\/login\?next=/);
            await press(page, "Disable");
            await said(page, "The account is disabled");
            await stage.signIn(theirs.page, "viewer");
            await theirs.page.getByText("Sign-in failed").waitFor();
            await press(page, "Enable");
            await said(page, "The account is active again");
            await page.getByLabel(/^Birch Bakery/).selectOption(
              "tenant_viewer",
            );
            await press(page, "Change the role in Birch Bakery");
            await said(page, "The role is given.");
          },
        ));
    });

    it(`a second factor is demanded of every admin, and a lost one taken away, ${how} JavaScript`, async () => {
      const { store, users: { agency } } = stage.portal;
      await stage.visit({ as: "agency", javaScriptEnabled }, async (visit) => {
        await visit.glance("/admin/security");
        await press(visit.page, "Demand it of every admin");
        await visit.page.getByRole("alert").waitFor();
      });
      await giveSecondFactor(stage, agency.id);
      stage.portal.users.agency = await getUser(store, agency.id);
      await stage.visit({ as: "agency", javaScriptEnabled }, async (visit) => {
        const { page, glance } = visit;
        await glance("/admin/security");
        await press(page, "Demand it of every admin");
        await said(page, "Saved.");
        await page.getByText("Every admin must have a second factor").waitFor();
        await inspected(page);
        await press(page, "Leave it to everybody");
        await said(page, "Saved.");
        await glance(`/admin/users/${agency.id}`);
        await page.getByText("A second factor since").waitFor();
        await press(page, "Take them away");
        await page.waitForURL(/\/login/);
        expect(await latest()).toBe("second_factor.disabled");
      });
      stage.portal.users.agency = await getUser(store, agency.id);
    });
  }

  it("axe finds nothing on the pages of an account, wide or narrow, light or dark", () =>
    stage.visit({ as: "viewer" }, async ({ page, glance }) => {
      for (
        const path of ["", "/password", "/second-factor", "/passkeys"]
      ) {
        await glance(`/account${path}`);
        expect(await inspectAll(page)).toEqual([]);
      }
    }));
});

/** As if somebody had set up an authenticator app. */
async function giveSecondFactor(
  { portal: { store, clock } }: Stage,
  userId: string,
): Promise<void> {
  const totp = await secrets.seal(userId, "totp", "JBSWY3DPEHPK3PXP");
  const until = new Date(clock.now() + 60_000).toISOString();
  await beginSecondFactor(store, userId, totp, { session: "s", until });
  const factor = { totp, step: 1, recoveryHashes: [] };
  await enableSecondFactor(store, userId, factor, clock);
}
