import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hashToken } from "../../lib/auth/mod.ts";
import {
  listAudit,
  listMembers,
  listMemberships,
  setMembership,
  type Tenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import {
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestBrowser,
} from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { createTestMailer, linkIn } from "../_mail.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const EMAIL = "new@example.com";
const PEOPLE = "/people?w=acme";

describe("/people", () => {
  let app: TestApp;
  let acme: Tenant;
  let rival: Tenant;
  let admin: User;
  let viewer: User;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    rival = await createTestBrand(app.store, "rival", app.clock);
    admin = await app.createUser("tenant_admin", acme.id);
    viewer = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(admin);
  });

  afterEach(() => app.close());

  const people = async (path = PEOPLE, by = browser) =>
    await expectPage(await by.get(path));
  const post = (form: Record<string, string>, by = browser, path = PEOPLE) =>
    by.post(path, form);
  const invite = (email = EMAIL, by = browser) =>
    post({ do: "invite", email }, by);
  const idOf = (path: string) =>
    hashToken(path.split("/").at(-1)!).slice(0, 16);
  const roles = async () =>
    Object.fromEntries(
      (await listMembers(app.store, acme.id))
        .map(({ userId, role }) => [userId, role]),
    );

  it("is for the admins of the brand and the agency; others are told so", async () => {
    await expectRedirect(
      await app.browser().get(PEOPLE),
      "/login?next=%2Fpeople%3Fw%3Dacme",
    );
    const reader = await app.signedIn(viewer);
    await expectPage(await reader.get(PEOPLE), 403);
    await expectPage(await invite(EMAIL, reader), 403);
    await people();
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    await people(PEOPLE, agency);
    const foreign = await browser.get("/people?w=rival");
    await expectPage(foreign, 404);
  });

  it("stands in the menu of those who may open it", async () => {
    const links = async (user: User) => {
      const by = await app.signedIn(user);
      const html = await expectPage(await by.getIn("acme", "/reports"));
      return html.includes('href="/people?w=acme"');
    };
    expect(await links(admin)).toBe(true);
    expect(await links(await app.createUser("agency_admin"))).toBe(true);
    expect(await links(viewer)).toBe(false);
  });

  it("lists the members of this brand, and nobody of another", async () => {
    const stranger = await app.createUser("tenant_viewer", rival.id);
    const both = await app.createUser("tenant_viewer", acme.id, rival.id);
    const html = await people();
    for (const { email } of [admin, viewer, both]) {
      expect(html).toContain(email);
    }
    expect(html).not.toContain(stranger.email);
    expect(html).not.toContain("rival");
    expect(html).not.toMatch(/scrypt|sessionEpoch|passwordHash/);
  });

  it("offers to remove viewers, and admins to the agency alone", async () => {
    const removable = (html: string) =>
      [...html.matchAll(
        /value="remove"\/?><input[^>]*name="id" value="(\w+)"/g,
      )]
        .map(([, id]) => id).sort();
    expect(removable(await people())).toEqual([viewer.id]);
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    expect(removable(await people(PEOPLE, agency)))
      .toEqual([admin.id, viewer.id].sort());
  });

  it("shows the link of an invitation once", async () => {
    const answer = await invite();
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const html = await expectPage(answer);
    const path = linkIn(html);
    expect(html).toContain(`value="http://localhost:8000${path}"`);
    const again = await people();
    expect(again).toContain(EMAIL);
    expect(again).not.toContain(path);
    const guest = app.browser();
    const account = {
      name: "Robin",
      password: TEST_PASSWORD,
      again: TEST_PASSWORD,
    };
    await expectRedirect(await guest.post(path, account), "/dashboard?w=acme");
    expect(await people()).toContain("Robin");
  });

  it("sends the invitation where there is mail, and shows the link where that fails", async () => {
    const mail = createTestMailer();
    const mailing = await createTestApp({
      store: app.store,
      clock: app.clock,
      services: { mail, publicUrl: "http://localhost:8000" },
    });
    const by = await mailing.signedIn(admin);
    await expectRedirect(await invite(EMAIL, by), "/people?w=acme&done=sent");
    expect(mail.sent).toHaveLength(1);
    expect(mail.sent[0]?.to).toBe(EMAIL);
    expect(mail.sent[0]?.subject).toContain("Brand acme");
    const html = await people("/people?w=acme&done=sent", by);
    expect(html).toContain("on its way");
    expect(html).not.toContain("/invite/");
    mail.refuses = true;
    const failed = await expectPage(await invite("sam@example.com", by));
    const path = linkIn(failed);
    expect(JSON.stringify(mailing.log.entries)).not.toContain(path);
    await expectPage(await app.browser().get(path));
  });

  it("invites viewers of this brand, whatever the form says", async () => {
    const answer = await post({
      do: "invite",
      email: EMAIL,
      role: "agency_admin",
      tenant: "rival",
      scope: "*",
    });
    const path = linkIn(await expectPage(answer));
    const html = await expectPage(await app.browser().get(path));
    expect(html).toContain("Brand acme");
    expect(html).toContain("viewer");
  });

  it("says what is wrong with an invitation", async () => {
    for (const email of ["", "robin", viewer.email, admin.email]) {
      const html = await expectPage(await invite(email), 422);
      expect(html).toContain('role="alert"');
      expect(html).toContain("Cannot invite");
      if (email) expect(html).toContain(`value="${email}"`);
    }
  });

  it("says the same of an address with an account elsewhere and of one without", async () => {
    const elsewhere = await app.createUser("tenant_viewer", rival.id);
    const agency = await app.createUser("agency_admin");
    const disabled = await app.createUser("tenant_viewer");
    await updateUser(
      app.store,
      disabled.id,
      { status: "disabled" },
      app.clock,
    );
    const bodies = new Set<string>();
    const emails = [elsewhere, agency, disabled].map(({ email }) => email);
    for (const email of [...emails, EMAIL]) {
      const html = await expectPage(await invite(email));
      const path = linkIn(html);
      await (await post({ do: "revoke", id: idOf(path) })).body?.cancel();
      bodies.add(
        html.replaceAll(email, "EMAIL").replaceAll(path, "PATH")
          .replaceAll(idOf(path), "ID").replaceAll(/nonce="[^"]*"/g, ""),
      );
    }
    expect(bodies.size).toBe(1);
  });

  it("removes a viewer, who is out with the next request and keeps the account", async () => {
    const both = await app.createUser("tenant_viewer", acme.id, rival.id);
    const theirs = await app.signedIn(both);
    await expectPage(await theirs.getIn("acme", "/reports"));
    await expectRedirect(
      await post({ do: "remove", id: both.id }),
      "/people?w=acme&done=remove",
    );
    await expectPage(await theirs.getIn("acme", "/reports"), 404);
    await expectPage(await theirs.getIn("rival", "/reports"));
    expect(await listMemberships(app.store, both.id)).toHaveLength(1);
  });

  it("removes neither admins nor other brands' people for an admin of the brand", async () => {
    const second = await app.createUser("tenant_admin", acme.id);
    const stranger = await app.createUser("tenant_viewer", rival.id);
    const agency = await app.createUser("agency_admin");
    const before = await roles();
    for (const id of [admin, second, stranger, agency].map(({ id }) => id)) {
      await expectPage(await post({ do: "remove", id }), 404);
    }
    for (const id of ["", "nobody", "__proto__"]) {
      await expectPage(await post({ do: "remove", id }), 404);
    }
    expect(await roles()).toEqual(before);
    expect(await listMemberships(app.store, stranger.id)).toHaveLength(1);
    expect(await listMemberships(app.store, agency.id)).toHaveLength(1);
    const by = await app.signedIn(agency);
    await expectRedirect(
      await post({ do: "remove", id: second.id }, by),
      "/people?w=acme&done=remove",
    );
  });

  it("withdraws this brand's invitations to viewers, and no others", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const inviteAs = async (role: string, tenant: string) => {
      const form = { do: "invite", email: EMAIL, role, tenant };
      const answer = await agency.post("/admin/invitations", form);
      return linkIn(await expectPage(answer));
    };
    const theirs = [
      await inviteAs("tenant_viewer", "rival"),
      await inviteAs("tenant_admin", "acme"),
      await inviteAs("agency_admin", ""),
    ];
    for (const path of theirs) {
      await expectPage(await post({ do: "revoke", id: idOf(path) }), 404);
      await expectPage(await app.browser().get(path));
    }
    await expectPage(await post({ do: "revoke", id: "" }), 404);
    const own = linkIn(await expectPage(await invite("sam@example.com")));
    const html = await people();
    expect(html).toContain(idOf(own));
    for (const path of theirs) expect(html).not.toContain(idOf(path));
    await expectRedirect(
      await post({ do: "revoke", id: idOf(own) }),
      "/people?w=acme&done=revoke",
    );
    await expectPage(await app.browser().get(own), 404);
  });

  it("obeys with the next request when an admin is one no more", async () => {
    const path = linkIn(await expectPage(await invite()));
    const { store, clock } = app;
    await setMembership(store, admin.id, acme.id, "tenant_viewer", clock);
    await expectPage(await browser.get(PEOPLE), 403);
    await expectPage(await post({ do: "remove", id: viewer.id }), 403);
    await expectPage(await app.browser().get(path), 404);
  });

  it("changes nothing by GET and refuses a form that asks for nothing known", async () => {
    await people(`${PEOPLE}&do=remove&id=${viewer.id}`);
    expect(Object.keys(await roles())).toHaveLength(2);
    for (const action of ["", "promote", "constructor"]) {
      await expectPage(await post({ do: action, id: viewer.id }), 400);
    }
  });

  it("notes in the audit log who did what where", async () => {
    const path = linkIn(await expectPage(await invite()));
    await (await post({ do: "revoke", id: idOf(path) })).body?.cancel();
    await (await post({ do: "remove", id: viewer.id })).body?.cancel();
    const { rows } = await listAudit(app.store, { limit: 10 });
    expect(rows.map(({ action, target }) => [action, target])).toEqual([
      ["membership.removed", viewer.id],
      ["invitation.revoked", idOf(path)],
      ["invitation.made", idOf(path)],
    ]);
    for (const { actor, tenantId, requestId } of rows) {
      expect(actor).toEqual({ kind: "user", id: admin.id, name: admin.email });
      expect(tenantId).toBe(acme.id);
      expect(requestId).toMatch(/^\w{26}$/);
    }
  });
});
