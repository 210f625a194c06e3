import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hashToken, SESSION_IDLE_MS } from "../../lib/auth/mod.ts";
import {
  deleteSessionOfUser,
  endSessionsOfUser,
  type KvOperation,
  openStore,
  removeMembership,
  sessionId,
  setMembership,
  setTenantStatus,
  type Tenant,
  updateTenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { SessionHints } from "../../lib/store/_session_hints.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { strayKeys } from "./_kv_spy.ts";
import { statusOf } from "./_sign_in.ts";

const HERE = "/api/sync/status?w=acme";
const PAGE = "/reports?w=acme";

describe("A session that has been in a workspace before", () => {
  let app: TestApp;
  let acme: Tenant;
  let bravo: Tenant;
  let user: User;
  let browser: TestBrowser;
  const operations: KvOperation[] = [];

  beforeEach(async () => {
    const store = await openStore({
      path: ":memory:",
      observe: (operation) => operations.push(operation),
    });
    app = await createTestApp({ store });
    acme = await createTestBrand(store, "acme", app.clock);
    bravo = await createTestBrand(store, "bravo", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
    browser = await enter(user);
  });

  afterEach(() => app.store.close());

  /** Signs in and is let in once, so that the process knows where the session goes. */
  async function enter(who: User): Promise<TestBrowser> {
    const entered = await app.signedIn(who);
    expect(await statusOf(entered, HERE)).toBe(200);
    return entered;
  }

  async function operationsOf(ask: Promise<unknown>): Promise<KvOperation[]> {
    operations.length = 0;
    await ask;
    return [...operations];
  }

  it("is read with its user and the workspace at once", async () => {
    const [read, roles, ...more] = await operationsOf(statusOf(browser, HERE));
    expect([read?.kind, roles?.kind, more]).toEqual(["getMany", "list", []]);
    expect(read?.keys).toContainEqual(["tenants", acme.id]);
    expect(roles?.keys).toEqual([["memberships", user.id]]);
  });

  const losses: [string, string, () => Promise<unknown>, number][] = [
    [
      "ended by its owner",
      HERE,
      () => {
        const hash = hashToken(browser.cookies.get("session")!);
        return deleteSessionOfUser(app.store, user.id, sessionId(hash));
      },
      401,
    ],
    [
      "ended by an admin",
      HERE,
      () => endSessionsOfUser(app.store, user.id),
      401,
    ],
    [
      "of a user who is disabled",
      HERE,
      () => updateUser(app.store, user.id, { status: "disabled" }, app.clock),
      401,
    ],
    [
      "of a user with a new password",
      HERE,
      () => updateUser(app.store, user.id, { passwordHash: "new" }, app.clock),
      401,
    ],
    [
      "left idle",
      HERE,
      () => Promise.resolve(app.clock.advance(SESSION_IDLE_MS)),
      401,
    ],
    [
      "of a user without a role there",
      HERE,
      () => removeMembership(app.store, user.id, acme.id),
      404,
    ],
    [
      "of a user without a role there, on a page",
      PAGE,
      () => removeMembership(app.store, user.id, acme.id),
      404,
    ],
    [
      "in a workspace that is closed",
      HERE,
      () => setTenantStatus(app.store, acme.id, "inactive"),
      404,
    ],
  ];
  for (const [what, path, lose, status] of losses) {
    it(`is refused with the next request where it is ${what}`, async () => {
      expect(await statusOf(browser, path)).toBe(200);
      await lose();
      expect(await statusOf(browser, path)).toBe(status);
    });
  }

  it("obeys a role that was changed, and one that was given", async () => {
    const people = () => statusOf(browser, "/people?w=acme");
    expect(await people()).toBe(403);
    await setMembership(
      app.store,
      user.id,
      acme.id,
      "tenant_admin",
      app.clock,
    );
    expect(await people()).toBe(200);
    await setMembership(
      app.store,
      user.id,
      bravo.id,
      "tenant_viewer",
      app.clock,
    );
    const page = await browser.get(PAGE);
    expect(await page.text()).toContain(bravo.name);
  });

  it("reads nothing of a workspace once it has been refused there", async () => {
    await removeMembership(app.store, user.id, acme.id);
    expect(await statusOf(browser, HERE)).toBe(404);
    const reach = {
      tenantId: null,
      userIds: new Set([user.id]),
      signsIn: false,
    };
    const read = await operationsOf(statusOf(browser, HERE));
    expect(strayKeys(read, reach)).toEqual([]);
  });

  it("reads nothing of another workspace that it names", async () => {
    const reach = {
      tenantId: acme.id,
      userIds: new Set([user.id]),
      signsIn: false,
    };
    const there = HERE.replace("acme", "bravo");
    const read = await operationsOf(statusOf(browser, there));
    expect(strayKeys(read, reach)).toEqual([]);
    expect(await statusOf(browser, there)).toBe(404);
  });

  it("follows a slug to the tenant that has it now", async () => {
    const agency = await enter(await app.createUser("agency_admin"));
    const nameOf = async () => {
      const page = await agency.get(PAGE);
      return page.status === 200
        ? /<title>[^<]*/.exec(await page.text())?.[0]
        : (await page.body?.cancel(), page.status);
    };
    expect(await nameOf()).toContain(acme.name);
    await updateTenant(app.store, acme.id, { slug: "acme-two" }, app.clock);
    expect(await nameOf()).toBe(404);
    await updateTenant(app.store, bravo.id, { slug: "acme" }, app.clock);
    expect(await nameOf()).toContain(bravo.name);
    // A member goes by the same address to what is not theirs.
    expect(await statusOf(browser, HERE)).toBe(404);
  });
});

describe("What a process remembers of sessions", () => {
  it("is bounded: the one used least lately is read in turn again", () => {
    const hints = new SessionHints(2);
    const hint = { userId: "u", slug: "acme", tenantId: "t" };
    hints.set("a", hint);
    hints.set("b", hint);
    hints.set("a", hint);
    hints.set("c", hint);
    expect([hints.get("a"), hints.get("b"), hints.get("c")])
      .toEqual([hint, undefined, hint]);
  });
});
