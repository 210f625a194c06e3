import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { inspectAll } from "./_axe.ts";
import { Stage } from "./_browser.ts";

const PASSWORD = "a long enough passphrase";

describe("Inviting, accepting, resetting", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  const press = (page: Page, name: string | RegExp) =>
    page.getByRole("button", { name }).click();
  /** The one-time link that the page shows. */
  const link = (page: Page) =>
    page.locator("input[readonly]").first().inputValue();

  /** Accepts as somebody who has no account, in a browser of their own. */
  const accept = (
    href: string,
    name: string,
    then: (page: Page) => Promise<void>,
    javaScriptEnabled = true,
  ) =>
    stage.visit({ javaScriptEnabled }, async ({ page }) => {
      await page.goto(href);
      await heading(page, "Your invitation");
      await page.getByLabel("Your name").fill(name);
      for (const field of ["Password", "Password again"]) {
        await page.getByLabel(field, { exact: true }).fill(PASSWORD);
      }
      await press(page, "Accept and sign in");
      await then(page);
    });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    const mark = javaScriptEnabled ? "js" : "plain";

    it(`the agency invites an admin, who invites and removes a viewer, ${how} JavaScript`, async () => {
      let adminLink = "";
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/invitations");
          await page.getByLabel("E-mail address")
            .fill(`admin.${mark}@example.com`);
          await page.getByLabel("Role").selectOption("tenant_admin");
          await page.getByLabel(/^Brand/).selectOption("birch-bakery");
          await press(page, "Invite");
          adminLink = await link(page);
        },
      );
      await accept(adminLink, "Ada Admin", async (page) => {
        await heading(page, "Dashboard");
        await page.getByText("Ada Admin").click();
        await page.getByRole("link", { name: "People", exact: true }).click();
        await heading(page, "People");
        await page.getByLabel("E-mail address")
          .fill(`viewer.${mark}@example.com`);
        await press(page, "Invite");
        await accept(await link(page), "Vic Viewer", async (viewer) => {
          await heading(viewer, "Dashboard");
          await page.goto(`${stage.portal.url}/people?w=birch-bakery`);
          await press(page, "Remove Vic Viewer");
          await page.getByText("They are out of this brand").waitFor();
          await viewer.reload();
          expect(await viewer.locator("body").innerText())
            .toContain("Error 404");
        }, javaScriptEnabled);
      }, javaScriptEnabled);
    });

    it(`the agency makes a reset link, and the person sets a password, ${how} JavaScript`, async () => {
      let href = "";
      await stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/admin/users?search=both");
          await page.getByRole("link", { name: "Bela Both" }).click();
          await heading(page, "Bela Both");
          await press(page, "Make a reset link");
          href = await link(page);
        },
      );
      await stage.visit({ javaScriptEnabled }, async ({ page }) => {
        await page.goto(href);
        for (const field of ["Password", "Password again"]) {
          await page.getByLabel(field, { exact: true })
            .fill(`${PASSWORD} ${mark}`);
        }
        await press(page, "Set the password");
        await heading(page, "The password is changed");
        await page.getByRole("link", { name: "Go to the sign-in" }).click();
        await stage.signIn(page, "both", `${PASSWORD} ${mark}`);
        await heading(page, "Choose a workspace");
        await page.goto(href);
        await heading(page, "This link does not work");
      });
    });
  }

  it("axe finds nothing on these pages, wide or narrow, light or dark", async () => {
    let invitation = "";
    let reset = "";
    const { viewer } = stage.portal.users;
    await stage.visit(
      { as: "agency" },
      async ({ page, open, complaints }) => {
        const inspected = async () => {
          expect(await inspectAll(page)).toEqual([]);
        };
        await open("/people?w=birch-bakery");
        await inspected();
        await page.getByLabel("E-mail address").fill("axe@example.com");
        await press(page, "Invite");
        invitation = await link(page);
        await inspected();
        await open("/people?w=birch-bakery&done=revoke");
        await inspected();
        await open("/admin/users");
        await inspected();
        await open("/admin/invitations");
        await inspected();
        await open(`/admin/users/${viewer.id}?done=save`);
        await inspected();
        await press(page, "Make a reset link");
        reset = await link(page);
        await inspected();
        expect(complaints).toEqual([]);
        await page.getByLabel("E-mail address").fill("both@example.com");
        await press(page, "Save");
        await page.getByRole("alert").waitFor();
        await inspected();
      },
    );
    await stage.visit({}, async ({ page, glance }) => {
      const paths = ["/forgot", "/reset/done", "/reset/x"];
      for (const href of [invitation, reset]) {
        paths.push(new URL(href).pathname);
      }
      for (const path of paths) {
        await glance(path);
        expect(await inspectAll(page)).toEqual([]);
      }
      await page.getByLabel("Password", { exact: true }).fill("short");
      await page.getByLabel("Password again").fill("short");
      await press(page, "Set the password");
      await page.getByRole("alert").waitFor();
      expect(await inspectAll(page)).toEqual([]);
    });
  });
});
