import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  beginSecondFactor,
  enableSecondFactor,
  getUser,
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
import { secrets } from "../_sync.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

describe("/admin/users and /admin/invitations", () => {
  let app: TestApp;
  let acme: Tenant;
  let bravo: Tenant;
  let agency: User;
  let user: User;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    bravo = await createTestBrand(app.store, "bravo", app.clock);
    agency = await app.createUser("agency_admin");
    user = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(agency);
  });

  afterEach(() => app.close());

  const pathOf = ({ id }: User) => `/admin/users/${id}`;
  const post = (form: Record<string, string>, whom = user, by = browser) =>
    by.post(pathOf(whom), form);
  const show = async (path: string) =>
    await expectPage(await browser.get(path));
  const done = async (form: Record<string, string>, whom = user) => {
    const path = `${pathOf(whom)}?done=${form.do}`;
    await expectRedirect(await post(form, whom), path);
    expect(await show(path)).toContain('role="status"');
  };
  const roles = async (whom = user) =>
    (await listMemberships(app.store, whom.id))
      .map(({ scope, role }) => [scope, role]);
  const actions = async () =>
    (await listAudit(app.store, { limit: 20, outcome: "done" })).rows
      .map(({ action }) => action).reverse();

  it("are for the agency alone", async () => {
    const paths = ["/admin/users", pathOf(user), "/admin/invitations"];
    const others = [
      await app.signedIn(user),
      await app.signedIn(await app.createUser("tenant_admin", acme.id)),
    ];
    for (const path of paths) {
      const answer = await app.browser().get(path);
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toMatch(/^\/login\?next=/);
      for (const other of others) {
        await expectPage(await other.get(path), 403);
        const form = {
          do: "invite",
          email: "a@example.com",
          role: "agency_admin",
        };
        await expectPage(await other.post(path, form), 403);
      }
      await show(path);
    }
    expect(await actions()).not.toContain("invitation.made");
  });

  it("list everybody with status, roles and the time they were last seen", async () => {
    const both = await app.createUser("tenant_viewer", acme.id, bravo.id);
    await app.signedIn(user);
    const html = await show("/admin/users");
    for (const one of [agency, user, both]) {
      expect(html).toContain(one.email);
      expect(html).toContain(`href="${pathOf(one)}"`);
    }
    expect(html).toContain("Viewer in Brand acme, Viewer in Brand bravo");
    expect(html).toContain("Agency admin");
    expect(html).toContain("11 Mar 2026");
    expect(html).not.toMatch(/scrypt|sessionEpoch/);
  });

  it("find people by name and address", async () => {
    const local = user.email.split("@")[0]!;
    const html = await show(`/admin/users?search=${local.toUpperCase()}`);
    expect(html).toContain(user.email);
    expect(html).not.toContain(`href="${pathOf(agency)}"`);
    expect(await show("/admin/users?search=zzzz")).toContain("Nobody matches");
  });

  it("show fifty at a time, of a search too", async () => {
    for (let n = 0; n < 51; n++) {
      await app.createUser("tenant_viewer", bravo.id);
    }
    const links = (html: string) => html.match(/href="\/admin\/users\/\w+"/g);
    const first = await show("/admin/users?tenant=bravo");
    expect(links(first)).toHaveLength(50);
    expect(first).toContain("1 to 50 of 51, by e-mail");
    const href = "/admin/users?tenant=bravo&amp;page=2";
    expect(first).toContain(`href="${href}"`);
    const second = await show(href.replace("&amp;", "&"));
    expect(links(second)).toHaveLength(1);
    expect(second).toContain("51 of 53 accounts");
  });

  it("change name and address, and say why not", async () => {
    await done({ do: "save", name: "Sam", email: "SAM@example.com" });
    expect(await getUser(app.store, user.id)).toMatchObject({
      name: "Sam",
      email: "sam@example.com",
    });
    const wrong = [
      { name: "", email: "sam@example.com" },
      { name: "Sam", email: "sam" },
      { name: "Sam", email: agency.email },
    ];
    for (const form of wrong) {
      const html = await expectPage(await post({ do: "save", ...form }), 422);
      expect(html).toContain('role="alert"');
      expect(html).toContain(`value="${form.email}"`);
    }
    expect(await actions()).toEqual(["user.changed"]);
  });

  it("give, change and take roles, obeyed by the next request", async () => {
    const theirs = await app.signedIn(user);
    await expectPage(await theirs.getIn("bravo", "/reports"), 404);
    await done({ do: "role", role: "tenant_viewer", tenant: "bravo" });
    await expectPage(await theirs.getIn("bravo", "/reports"));
    await expectPage(await theirs.getIn("acme", "/people"), 403);
    await done({ do: "role", role: "tenant_admin", tenant: "acme" });
    await expectPage(await theirs.getIn("acme", "/people"));
    await done({ do: "withdraw", tenant: "bravo" });
    await expectPage(await theirs.getIn("bravo", "/reports"), 404);
    expect(await roles()).toEqual([[acme.id, "tenant_admin"]]);
    await done({ do: "role", role: "agency_admin", tenant: "acme" });
    await expectPage(await theirs.getIn("bravo", "/people"));
    await expectPage(await theirs.get("/admin/users"));
    await done({ do: "withdraw", tenant: "" });
    await expectPage(await theirs.get("/admin/users"), 403);
    expect(await actions()).toEqual([
      "membership.added",
      "membership.changed",
      "membership.removed",
      "membership.added",
      "membership.removed",
    ]);
  });

  it("refuse roles and brands that there are not", async () => {
    for (const role of ["", "root", "constructor"]) {
      const form = { do: "role", role, tenant: "acme" };
      expect(await expectPage(await post(form), 422)).toContain(
        "Choose a role",
      );
    }
    const form = { do: "role", role: "tenant_viewer" };
    expect(await expectPage(await post(form), 422)).toContain("Choose a brand");
    await expectPage(await post({ ...form, tenant: "nowhere" }), 404);
    await expectPage(await post({ do: "withdraw", tenant: "bravo" }), 404);
    expect(await roles()).toEqual([[acme.id, "tenant_viewer"]]);
  });

  it("disable an account with the next request, and enable it again", async () => {
    const theirs = await app.signedIn(user);
    await done({ do: "disable" });
    expect((await theirs.get("/account")).status).toBe(303);
    const form = { email: user.email, password: TEST_PASSWORD };
    await expectPage(await theirs.post("/login", form), 422);
    const refused = await post({ do: "reset-link" });
    expect(await expectPage(refused, 422)).toContain("the account is disabled");
    await done({ do: "enable" });
    expect((await theirs.get("/account")).status).toBe(303);
    await expectRedirect(await theirs.post("/login", form), "/dashboard");
    expect(await actions()).toEqual([
      "user.disabled",
      "user.enabled",
      "session.started",
    ]);
  });

  it("end every session of a person", async () => {
    const theirs = [await app.signedIn(user), await app.signedIn(user)];
    expect((await show(pathOf(user))).match(/· last used/g)).toHaveLength(2);
    await done({ do: "end-sessions" });
    for (const one of theirs) {
      expect((await one.get("/account")).status).toBe(303);
    }
    expect(await show(pathOf(user))).toContain("Signed in nowhere");
    expect(await actions()).toEqual(["user.sessions_ended"]);
  });

  it("end one session of a person and leave the others", async () => {
    const theirs = [await app.signedIn(user), await app.signedIn(user)];
    const html = await show(pathOf(user));
    const session = /name="session" value="([0-9a-f]+)"/.exec(html)![1]!;
    await done({ do: "end-session", session });
    const left = [];
    for (const one of theirs) left.push((await one.get("/account")).status);
    expect(left.sort()).toEqual([200, 303]);
    expect(await actions()).toEqual(["user.session_ended"]);
    // An id that is another person's, or nobody's, ends nothing.
    const own = (await show(pathOf(agency)))
      .match(/name="session" value="([0-9a-f]+)"/)?.[1];
    expect(own).toBeUndefined();
    await expectPage(await post({ do: "end-session", session: "x" }), 404);
    await done({ do: "end-session", session: "others" });
    expect(await show(pathOf(user))).toContain("Signed in nowhere");
  });

  it("take a lost second factor and passkeys away, and end every session", async () => {
    expect(await show(pathOf(user))).toContain("the password alone signs");
    const totp = await secrets.seal(user.id, "totp", "x");
    const setup = { session: "s", until: "2026-03-11T16:00:00.000Z" };
    await beginSecondFactor(app.store, user.id, totp, setup);
    const factor = { totp, step: 1, recoveryHashes: [] };
    await enableSecondFactor(app.store, user.id, factor, app.clock);
    const theirs = await app.signedIn(await getUser(app.store, user.id));
    expect(await show(pathOf(user))).toContain("A second factor since");
    await done({ do: "reset-factor" });
    expect((await theirs.get("/account")).status).toBe(303);
    expect((await getUser(app.store, user.id)).secondFactorAt).toBeNull();
    expect(await show(pathOf(user))).toContain("the password alone signs");
    expect(await actions()).toEqual(["second_factor.disabled"]);
  });

  it("list the people of one brand, and invite to it", async () => {
    const other = await app.createUser("tenant_viewer", bravo.id);
    const html = await show("/admin/users?tenant=bravo");
    expect(html).toContain("People of Brand bravo");
    expect(html).toContain(other.email);
    expect(html).not.toContain(`href="${pathOf(user)}"`);
    expect(html).toContain('href="/admin/invitations?tenant=bravo"');
    const unknown = await show("/admin/users?tenant=nope");
    expect(unknown).toContain("There is no brand 'nope'");
    expect(unknown).toContain(user.email);
  });

  it("make a reset link that is shown once and sets a password", async () => {
    const answer = await post({ do: "reset-link" });
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const path = linkIn(await expectPage(answer));
    expect(await show(pathOf(user))).not.toContain("/reset/");
    const password = "another horse, no battery";
    const form = { password, again: password };
    await expectRedirect(await app.browser().post(path, form), "/reset/done");
    const signIn = { email: user.email, password };
    await expectRedirect(
      await app.browser().post("/login", signIn),
      "/dashboard",
    );
    expect(await actions()).toEqual([
      "password.reset_link_made",
      "password.reset",
      "session.started",
    ]);
    const { rows } = await listAudit(app.store, { limit: 9 });
    expect(JSON.stringify(rows)).not.toContain(path.split("/").at(-1));
  });

  it("never lock out the last agency admin", async () => {
    for (const form of [{ do: "disable" }, { do: "withdraw", tenant: "" }]) {
      const html = await expectPage(await post(form, agency), 422);
      expect(html).toContain("last agency admin");
    }
    expect(await roles(agency)).toEqual([["*", "agency_admin"]]);
    const second = await app.createUser("agency_admin");
    await done({ do: "withdraw", tenant: "" }, second);
    await expectPage(await post({ do: "disable" }, agency), 422);
    expect(await actions()).toEqual(["membership.removed"]);
  });

  it("do not find a person that there is not", async () => {
    for (const id of ["nobody", "%00", "__proto__", "a%2fb"]) {
      await expectPage(await browser.get(`/admin/users/${id}`), 404);
      const form = { do: "disable" };
      await expectPage(await browser.post(`/admin/users/${id}`, form), 404);
    }
    for (const action of ["", "delete", "constructor"]) {
      await expectPage(await post({ do: action }), 400);
    }
  });

  it("change nothing by GET", async () => {
    await show(`${pathOf(user)}?do=disable`);
    await show("/admin/invitations?do=invite&email=a@example.com");
    expect((await getUser(app.store, user.id)).status).toBe("active");
    expect(await actions()).toEqual([]);
  });

  it("invite to any role and brand, and say why not", async () => {
    const invite = (form: Record<string, string>) =>
      browser.post("/admin/invitations", {
        do: "invite",
        email: "new@example.com",
        role: "tenant_admin",
        tenant: "bravo",
        ...form,
      });
    const path = linkIn(await expectPage(await invite({})));
    const html = await show("/admin/invitations");
    expect(html).toContain("new@example.com");
    expect(html).toContain("Admin · Brand bravo");
    expect(html).not.toContain(path);
    const wrong: [Record<string, string>, number][] = [
      [{ email: "new" }, 422],
      [{ role: "root" }, 422],
      [{ tenant: "" }, 422],
      [{ email: user.email, role: "tenant_viewer", tenant: "acme" }, 422],
      [{ tenant: "nowhere" }, 404],
      [{ do: "promote" }, 400],
      [{ do: "revoke", id: "nothing" }, 404],
    ];
    for (const [form, status] of wrong) {
      await expectPage(await invite(form), status);
    }
    expect(await actions()).toEqual(["invitation.made"]);
  });
});
