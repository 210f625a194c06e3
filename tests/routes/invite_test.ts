import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hashToken, INVITE_MS } from "../../lib/auth/mod.ts";
import {
  getUserByEmail,
  listAudit,
  listMemberships,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { linkIn } from "../_mail.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const EMAIL = "new@example.com";
const ACCOUNT = {
  name: "Robin Example",
  password: TEST_PASSWORD,
  again: TEST_PASSWORD,
};

describe("/invite/[token]", () => {
  let app: TestApp;
  let acme: Tenant;
  let agency: User;
  let admin: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    agency = await app.createUser("agency_admin");
    admin = await app.signedIn(agency);
  });

  afterEach(() => app.close());

  /** The path of a new invitation's link. */
  async function invite(form: Record<string, string> = {}): Promise<string> {
    const answer = await admin.post("/admin/invitations", {
      do: "invite",
      email: EMAIL,
      role: "tenant_viewer",
      tenant: "acme",
      ...form,
    });
    return linkIn(await expectPage(answer));
  }

  it("says who is invited to what, and changes nothing by that", async () => {
    const path = await invite();
    for (let n = 0; n < 3; n++) {
      const html = await expectPage(await app.browser().get(path));
      expect(html).toContain("Brand acme");
      expect(html).toContain("viewer");
      expect(html).toContain(EMAIL);
      expect(html).toContain(`action="${path}"`);
      expect(html).toContain(
        `href="/login?next=${encodeURIComponent(path)}"`,
      );
    }
    expect(await getUserByEmail(app.store, EMAIL)).toBe(null);
  });

  it("lets no cache and no other site learn the link", async () => {
    const answer = await app.browser().get(await invite());
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.headers.get("referrer-policy")).toBe("same-origin");
    const html = await expectPage(answer);
    expect(html).toContain('<meta name="robots" content="noindex"');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it("makes the account, signs in and opens the brand", async () => {
    const path = await invite();
    const browser = app.browser();
    await expectRedirect(
      await browser.post(path, ACCOUNT),
      "/dashboard?w=acme",
    );
    await expectPage(await browser.get("/reports?w=acme"));
    const again = app.browser();
    const form = { email: EMAIL, password: TEST_PASSWORD };
    await expectRedirect(await again.post("/login", form), "/dashboard");
  });

  it("makes an agency admin who sees every brand", async () => {
    const path = await invite({ role: "agency_admin", tenant: "" });
    const browser = app.browser();
    const html = await expectPage(await browser.get(path));
    expect(html).toContain("all brands of the agency");
    await expectRedirect(await browser.post(path, ACCOUNT), "/");
    await expectPage(await browser.get("/admin/users"));
  });

  it("says what is wrong, keeps the name and no password, and stays good", async () => {
    const path = await invite();
    const browser = app.browser();
    const wrong: [Partial<typeof ACCOUNT>, string][] = [
      [{ again: "not the same" }, "not typed the same way twice"],
      [{ password: "short", again: "short" }, "too short"],
      [{ name: " " }, "The name is missing"],
    ];
    for (const [form, sentence] of wrong) {
      const answer = await browser.post(path, { ...ACCOUNT, ...form });
      expect(answer.headers.getSetCookie()).toEqual([]);
      const html = await expectPage(answer, 422);
      expect(html).toContain('role="alert"');
      expect(html).toContain(sentence);
      expect(html).toContain(`value="${form.name ?? ACCOUNT.name}"`);
      expect(html).not.toContain(`"${TEST_PASSWORD}"`);
    }
    await expectRedirect(
      await browser.post(path, ACCOUNT),
      "/dashboard?w=acme",
    );
  });

  it("takes neither role nor tenant nor address from the form", async () => {
    await createTestBrand(app.store, "rival", app.clock);
    const path = await invite();
    const answer = await app.browser().post(path, {
      ...ACCOUNT,
      email: "other@example.com",
      role: "agency_admin",
      tenant: "rival",
      scope: "*",
    });
    await expectRedirect(answer, "/dashboard?w=acme");
    expect(await getUserByEmail(app.store, "other@example.com")).toBe(null);
    const { id } = (await getUserByEmail(app.store, EMAIL))!;
    expect(await listMemberships(app.store, id)).toMatchObject([
      { scope: acme.id, role: "tenant_viewer" },
    ]);
  });

  it("gives somebody who has an account the role by signing in", async () => {
    const robin = await app.createUser("tenant_viewer");
    const path = await invite({ email: robin.email });
    const browser = app.browser();
    const known = await browser.post(path, ACCOUNT);
    expect(await expectPage(known, 422)).toContain("sign in");
    const credentials = { email: robin.email, password: TEST_PASSWORD };
    await expectRedirect(
      await browser.post("/login", { ...credentials, next: path }),
      path,
    );
    const before = browser.cookies.get("session");
    const html = await expectPage(await browser.get(path));
    expect(html).toContain("Accept");
    expect(html).not.toContain('type="password"');
    await expectRedirect(await browser.post(path), "/dashboard?w=acme");
    expect(browser.cookies.get("session")).not.toBe(before);
    await expectPage(await browser.get("/reports?w=acme"));
    await expectPage(await browser.get(path), 404);
  });

  it("looks the same for an address with an account and one without", async () => {
    const robin = await app.createUser("tenant_viewer");
    const pages: string[] = [];
    for (const email of [robin.email, EMAIL]) {
      const path = await invite({ email });
      const html = await expectPage(await app.browser().get(path));
      pages.push(
        html.replaceAll(email, "EMAIL").replaceAll(path, "PATH")
          .replaceAll(encodeURIComponent(path), "PATH")
          .replaceAll(/nonce="[^"]*"/g, ""),
      );
    }
    expect(pages[0]).toBe(pages[1]);
  });

  it("is for nobody who is signed in with another address", async () => {
    const path = await invite();
    const html = await expectPage(await admin.get(path));
    expect(html).toContain("signed in with another address");
    await expectPage(await admin.post(path, ACCOUNT), 422);
    expect(await getUserByEmail(app.store, EMAIL)).toBe(null);
  });

  it("looks the same when it is used, over, withdrawn and unknown", async () => {
    const used = await invite();
    await (await app.browser().post(used, ACCOUNT)).body?.cancel();
    const over = await invite({ email: "over@example.com" });
    app.clock.advance(INVITE_MS);
    const later = await app.signedIn(agency);
    admin = later;
    const withdrawn = await invite({ email: "withdrawn@example.com" });
    const id = hashToken(withdrawn.split("/").at(-1)!).slice(0, 16);
    await expectRedirect(
      await later.post("/admin/invitations", { do: "revoke", id }),
      "/admin/invitations?done=revoke",
    );
    const bodies = new Set<string>();
    const unknown = `/invite/${"A".repeat(43)}`;
    for (const path of [used, over, withdrawn, unknown, "/invite/x"]) {
      for (
        const answer of [
          await app.browser().get(path),
          await app.browser().post(path, ACCOUNT),
        ]
      ) {
        const html = await expectPage(answer, 404);
        bodies.add(html.replaceAll(/nonce="[^"]*"/g, ""));
      }
    }
    expect(bodies.size).toBe(1);
  });

  it("stands in the audit log, and its token nowhere", async () => {
    const path = await invite();
    const browser = app.browser();
    await (await browser.post(path, ACCOUNT, {
      origin: "https://evil.example",
    }))
      .body?.cancel();
    await (await browser.post(path, ACCOUNT)).body?.cancel();
    const { rows } = await listAudit(app.store, { limit: 10 });
    expect(rows.map(({ action, actor, tenantId }) => [
      action,
      actor.name,
      tenantId,
    ])).toEqual([
      ["invitation.accepted", EMAIL, acme.id],
      ["invitation.made", agency.email, acme.id],
    ]);
    const text = JSON.stringify([rows, app.log.entries]);
    expect(text).toContain("/invite/[token]");
    expect(text).not.toContain(path.split("/").at(-1));
    expect(text).not.toContain(TEST_PASSWORD);
  });
});
