import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { BrowserContext, Page } from "playwright-core";
import { Secret, TOTP } from "otpauth";
import { getUser } from "../../lib/store/mod.ts";
import { inspectAll } from "./_axe.ts";
import { Stage } from "./_browser.ts";
import { PASSWORD } from "./_portal.ts";

describe("Second factor and passkeys", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
    // A passkey belongs to a host's name; an address of numbers has none.
    stage.portal.url = stage.portal.url.replace("127.0.0.1", "localhost");
  });
  afterAll(() => stage.close());

  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  const press = (page: Page, name: string) =>
    page.getByRole("button", { name }).click();
  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret.replaceAll(" ", "")) })
      .generate({ timestamp: stage.portal.clock.now() });
  const inspected = async (page: Page) => {
    expect(await inspectAll(page)).toEqual([]);
  };

  /** Gives the page an authenticator that verifies its user; returns its id and the session to ask it by. */
  async function authenticator(context: BrowserContext, page: Page) {
    const cdp = await context.newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const { authenticatorId } = await cdp.send(
      "WebAuthn.addVirtualAuthenticator",
      {
        options: {
          protocol: "ctap2",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
        },
      },
    );
    return { cdp, authenticatorId };
  }

  async function fillCode(page: Page, code: string) {
    await page.locator("input[name=code]").fill(code);
  }

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    it(`a person turns the second factor on, signs in by it and by a recovery code, and turns it off, ${how} JavaScript`, async () => {
      let secret = "";
      let recovery = "";
      await stage.visit(
        { as: "viewer", javaScriptEnabled },
        async ({ page, glance }) => {
          await glance("/account");
          await page.getByRole("link", { name: "Set up a second factor" })
            .click();
          await heading(page, "Second factor");
          await page.getByLabel("Your password").fill(PASSWORD);
          await press(page, "Set up a second factor");
          secret = await page.locator("[data-secret]").innerText();
          await fillCode(page, codeOf(secret));
          await press(page, "Turn on");
          const codes = page.getByRole("listitem");
          const texts = await codes.allInnerTexts();
          recovery = texts.find((text) => /^\w{4}(-\w{4}){3}$/.test(text))!;
          await page.getByRole("link", { name: "I have kept them" }).click();
          await page.getByText("The second factor is on.").waitFor();
        },
      );
      stage.portal.clock.advance(60_000);
      for (const code of [() => codeOf(secret), () => recovery]) {
        await stage.visit({ javaScriptEnabled }, async ({ page, glance }) => {
          await glance("/login");
          await stage.signIn(page, "viewer");
          await heading(page, "Second factor");
          await fillCode(page, "000000");
          await press(page, "Sign in");
          await page.getByRole("alert").waitFor();
          await fillCode(page, code());
          await press(page, "Sign in");
          await heading(page, "Dashboard");
        });
      }
      await stage.visit(
        { javaScriptEnabled },
        async ({ page, glance }) => {
          stage.portal.clock.advance(60_000);
          await glance("/login");
          await stage.signIn(page, "viewer");
          await fillCode(page, codeOf(secret));
          await press(page, "Sign in");
          await heading(page, "Dashboard");
          await glance("/account/second-factor");
          await page.getByLabel("Your password").last().fill(PASSWORD);
          await press(page, "Turn the second factor off");
          await page.getByText("The second factor is off.").waitFor();
        },
      );
      // Sessions that are begun for the user of before are dead.
      const { store, users } = stage.portal;
      users.viewer = await getUser(store, users.viewer.id);
    });
  }

  it("a passkey is added, signs in without password and code, and signs in no more once removed", async () => {
    await stage.visit(
      { as: "both" },
      async ({ page, context, open, complaints }) => {
        const { cdp, authenticatorId } = await authenticator(context, page);
        await open("/account/passkeys");
        await page.getByLabel("Name of the passkey").fill("Laptop");
        await page.getByLabel("Your password").fill("wrong");
        await press(page, "Add a passkey");
        await page.getByText("The password is not right.").waitFor();
        await page.getByLabel("Your password").fill(PASSWORD);
        await press(page, "Add a passkey");
        await page.getByText("The passkey is added.").waitFor();
        await page.getByText("never used").waitFor();
        const { credentials } = await cdp.send("WebAuthn.getCredentials", {
          authenticatorId,
        });
        expect(credentials.map(({ isResidentCredential, rpId }) => ({
          isResidentCredential,
          rpId,
        }))).toEqual([{ isResidentCredential: true, rpId: "localhost" }]);

        const signIn = async () => {
          await context.clearCookies();
          await open("/login?next=/hot-list");
          await press(page, "Sign in with a passkey");
        };
        await signIn();
        await heading(page, "Choose a workspace");
        await open("/account/passkeys");
        await page.getByText("last used").waitFor();

        // A copy of the key whose counter lags behind is not believed.
        const putBack = async (signCount: number) => {
          await cdp.send("WebAuthn.clearCredentials", { authenticatorId });
          await cdp.send("WebAuthn.addCredential", {
            authenticatorId,
            credential: { ...credentials[0]!, signCount },
          });
        };
        await putBack(0);
        await signIn();
        await page.getByText("Sign-in with the passkey failed.").waitFor();
        await putBack(100);
        await signIn();
        await heading(page, "Choose a workspace");

        // Without a verified user the authenticator gives no answer.
        await cdp.send("WebAuthn.setUserVerified", {
          authenticatorId,
          isUserVerified: false,
        });
        await signIn();
        await page.getByText("No passkey was used.").waitFor();
        await cdp.send("WebAuthn.setUserVerified", {
          authenticatorId,
          isUserVerified: true,
        });

        await signIn();
        await heading(page, "Choose a workspace");
        await open("/account/passkeys");
        const row = page.getByRole("listitem").filter({ hasText: "Laptop" });
        await row.locator("summary").click();
        await row.getByLabel("Your password").fill("wrong");
        await press(page, "Remove Laptop");
        await page.getByText("The password is not right.").waitFor();
        await inspected(page);
        await row.getByLabel("Your password").fill(PASSWORD);
        await press(page, "Remove Laptop");
        await page.getByText("You have no passkey yet").waitFor();
        await signIn();
        await page.getByText("Sign-in with the passkey failed.").waitFor();
        // The wrong passwords are the only thing that a browser complains of.
        expect(complaints.filter((text) => !text.includes("422"))).toEqual([]);
      },
    );
  });

  it("hides the passkey's button where JavaScript is missing", async () => {
    await stage.visit(
      { javaScriptEnabled: false },
      async ({ page, glance }) => {
        await glance("/login");
        const button = page.getByText("Sign in with a passkey");
        expect(await button.isVisible()).toBe(false);
      },
    );
  });

  it("axe finds nothing on these pages, wide or narrow, light or dark", async () => {
    await stage.visit({ as: "agency" }, async ({ page, open }) => {
      await open("/login");
      for (
        const path of [
          "/account",
          "/account/passkeys?done=add",
          "/account/second-factor",
        ]
      ) {
        await open(path);
        await inspected(page);
      }
      await open("/admin/security");
      await inspected(page);
      await press(page, "Demand it of every admin");
      await page.getByRole("alert").waitFor();
      await inspected(page);
      await open("/account/second-factor");
      await page.getByLabel("Your password").fill(PASSWORD);
      await press(page, "Set up a second factor");
      await page.locator("[data-secret]").waitFor();
      await inspected(page);
      const secret = await page.locator("[data-secret]").innerText();
      await fillCode(page, "000000");
      await press(page, "Turn on");
      await page.getByRole("alert").waitFor();
      await inspected(page);
      await fillCode(page, codeOf(secret));
      await press(page, "Turn on");
      await page.getByText("I have kept them").waitFor();
      await inspected(page);
      await open("/account/second-factor");
      await inspected(page);
      await page.context().clearCookies();
      await open("/login");
      await inspected(page);
      await stage.signIn(page, "agency");
      await heading(page, "Second factor");
      await inspected(page);
    });
  });
});
