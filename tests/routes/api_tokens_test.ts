import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { API_TOKEN_DAYS, MAX_API_TOKENS } from "../../lib/auth/mod.ts";
import { API_SCOPES, type ApiScope } from "../../lib/domain/mod.ts";
import {
  findUser,
  listApiTokens,
  listAudit,
  removeMembership,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import { bearer, makeToken } from "../_api_token.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { createTestBrand } from "../_data.ts";
import { expectJson, expectPage, expectRedirect } from "./_assert.ts";
import { textOf } from "./_reader.ts";

const DAY = 24 * HOUR;

/** The page of the brand's admins, and that of the agency. */
const PAGES = {
  "/people/tokens?w=acme": "tenant_admin",
  "/admin/tenants/acme/tokens": "agency_admin",
} as const;

for (const [path, role] of Object.entries(PAGES)) {
  describe(`${path} for a ${role}`, () => {
    let app: TestApp;
    let acme: Tenant;
    let rival: Tenant;
    let user: User;
    let browser: TestBrowser;

    beforeEach(async () => {
      app = await createTestApp();
      acme = await createTestBrand(app.store, "acme", app.clock);
      rival = await createTestBrand(app.store, "rival", app.clock);
      user = await app.createUser(role, acme.id);
      browser = await app.signedIn(user);
    });

    afterEach(() => app.close());

    const html = async (by = browser) => await expectPage(await by.get(path));
    const create = (
      fields: Record<string, string> = {},
      scopes: readonly ApiScope[] = ["leads", "status"],
    ) =>
      browser.post(path, {
        do: "create",
        name: "Weekly sheet",
        days: "90",
        ...Object.fromEntries(scopes.map((scope) => [`scope-${scope}`, "yes"])),
        ...fields,
      });
    const tokenIn = (page: string) => /tb_[A-Za-z0-9_-]{43}/.exec(page)?.[0];
    const made = async (...args: Parameters<typeof create>) =>
      tokenIn(await expectPage(await create(...args)))!;
    const ask = (token: string, at = "/api/dashboard/leads") =>
      app.fetch(at, { headers: bearer(token) });

    it("makes a token that works, and shows it once", async () => {
      expect(textOf(await html())).toContain("No token yet.");
      const answer = await create();
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      const page = await expectPage(answer);
      const token = tokenIn(page)!;
      expect(page).toContain(`value="${token}"`);
      await expectJson(await ask(token));
      const again = await html();
      expect(again).not.toContain(token.slice(3));
      expect(again).toContain(`…${token.slice(-4)}`);
      expect(textOf(again)).toContain("Opens Leads, Status");
      expect(textOf(again)).toContain(`by ${user.name}`);
    });

    it("shows with the token a command that it can answer, whatever its scope", async () => {
      for (const { name } of API_SCOPES) {
        const page = await expectPage(await create({}, [name]));
        const [, token, at] =
          /Bearer (tb_[\w-]+)&quot; http:\/\/localhost:8000([^"]+)"/
            .exec(page)!;
        await expectJson(await ask(token!, at));
      }
    });

    it("belongs to this brand, whatever is posted along", async () => {
      const token = await made({
        w: "rival",
        tenant: "rival",
        tenantId: rival.id,
        scope: "notes",
      });
      await expectJson(await ask(token, "/api/dashboard/leads?w=acme"));
      expect((await ask(token, "/api/dashboard/leads?w=rival")).status)
        .toBe(404);
      expect((await ask(token, "/api/dashboard/notes")).status).toBe(403);
      expect(await listApiTokens(app.store, rival.id)).toEqual([]);
    });

    it("offers everything but the notes first, for 90 days", async () => {
      const boxes = [
        ...(await html()).matchAll(/<input type="checkbox"[^>]*>/g),
      ]
        .map(([box]) => [
          /name="scope-([\w-]+)"/.exec(box)![1],
          /\schecked/.test(box),
        ]);
      expect(boxes).toEqual([
        ["leads", true],
        ["pipeline", true],
        ["hot-list", true],
        ["notes", false],
        ["schedule", true],
        ["reports", true],
        ["status", true],
      ]);
      expect(await html()).toMatch(
        /value="90"[^>]*selected|selected[^>]*value="90"/,
      );
    });

    it("offers the choices of days that there are", async () => {
      const days = [...(await html()).matchAll(/<option[^>]*value="(\d+)"/g)]
        .map(([, value]) => Number(value));
      expect(days).toEqual([...API_TOKEN_DAYS]);
    });

    it("says what is wrong with a form, and keeps what was typed", async () => {
      const wrong: [Record<string, string>, ApiScope[], string][] = [
        [{ name: " " }, ["leads"], "The name is missing"],
        [{}, [], "Choose what the token opens"],
        [{ days: "3650" }, ["leads"], "Choose how long the token is good"],
        [{ days: "" }, ["leads"], "Choose how long the token is good"],
      ];
      for (const [fields, scopes, says] of wrong) {
        const page = await expectPage(await create(fields, scopes), 422);
        expect(page).toContain('role="alert"');
        expect(textOf(page)).toContain(says);
        expect(tokenIn(page)).toBe(undefined);
      }
      const page = await expectPage(await create({ name: "A <b>" }, []), 422);
      expect(page).toContain('value="A &lt;b>"');
      expect(await listApiTokens(app.store, acme.id)).toEqual([]);
    });

    it("says that there are as many as there may be", async () => {
      for (let n = 0; n < MAX_API_TOKENS; n++) {
        await makeToken(app, user, acme.id);
      }
      const page = await expectPage(await create(), 422);
      expect(textOf(page)).toContain("revoke one first");
    });

    it("revokes a token, which is refused with its next request", async () => {
      const token = await made();
      const page = await html();
      const id = /name="id" value="(\w+)"/.exec(page)![1]!;
      const answer = await browser.post(path, { do: "revoke", id });
      const back = path.includes("?")
        ? `${path}&done=revoke`
        : `${path}?done=revoke`;
      await expectRedirect(answer, back);
      expect((await ask(token)).status).toBe(401);
      const after = await expectPage(await browser.get(back));
      expect(textOf(after)).toContain("That token is revoked");
      expect(textOf(after)).toContain("Revoked");
      expect(after).not.toContain('value="revoke"');
      await expectRedirect(
        await browser.post(path, { do: "revoke", id }),
        back,
      );
    });

    it("revokes no token of another brand, and none that there is not", async () => {
      const agency = await app.createUser("agency_admin");
      const foreign = await makeToken(app, agency, rival.id);
      for (const id of [foreign.id, "", "nothing", "__proto__"]) {
        await expectPage(await browser.post(path, { do: "revoke", id }), 404);
      }
      await expectJson(await ask(foreign.token));
      expect(await html()).not.toContain(foreign.id);
    });

    it("shows of each token what it opens, who made it, and its use and end", async () => {
      const { token, id } = await makeToken(app, user, acme.id, {
        name: "BI",
        scopes: ["hot-list"],
      });
      expect(textOf(await html())).toContain("never used");
      await (await ask(token, "/api/dashboard/hot-list")).body?.cancel();
      expect(textOf(await html())).toContain("last used");
      app.clock.advance(30 * DAY);
      browser = await app.signedIn((await findUser(app.store, user.id))!);
      expect(textOf(await html())).toContain("Expired");
      expect(await html()).not.toContain(id);
    });

    it("marks a token whose maker left, and lets it be revoked", async () => {
      const leaver = await app.createUser("tenant_admin", acme.id);
      const { id, token } = await makeToken(app, leaver, acme.id);
      await removeMembership(app.store, leaver.id, acme.id);
      expect((await ask(token)).status).toBe(401);
      const page = await html();
      expect(textOf(page)).toContain("Stopped with its maker");
      expect(page).toContain(id);
    });

    it("is closed to viewers, other brands' admins and strangers", async () => {
      const viewer = await app.createUser("tenant_viewer", acme.id);
      const stranger = await app.createUser("tenant_admin", rival.id);
      for (const one of [viewer, stranger]) {
        const by = await app.signedIn(one);
        for (
          const answer of [
            await by.get(path),
            await by.post(path, {
              do: "create",
              name: "x",
              days: "30",
              "scope-leads": "yes",
            }),
          ]
        ) {
          expect([403, 404]).toContain(answer.status);
          await answer.body?.cancel();
        }
      }
      const answer = await app.browser().get(path);
      expect(answer.status).toBe(303);
      expect(await listApiTokens(app.store, acme.id)).toEqual([]);
    });

    it("changes nothing by GET, and refuses a form that asks for nothing known", async () => {
      const { id, token } = await makeToken(app, user, acme.id);
      const query = path.includes("?") ? "&" : "?";
      await expectPage(await browser.get(`${path}${query}do=revoke&id=${id}`));
      await expectJson(await ask(token));
      for (const action of ["", "rotate", "constructor"]) {
        await expectPage(await browser.post(path, { do: action, id }), 400);
      }
    });

    it("writes into the audit log who made and revoked what", async () => {
      const token = await made();
      const [stored] = await listApiTokens(app.store, acme.id);
      const id = stored!.tokenHash.slice(0, 16);
      await (await browser.post(path, { do: "revoke", id })).body?.cancel();
      await (await browser.post(path, { do: "revoke", id })).body?.cancel();
      const { rows } = await listAudit(app.store, {
        limit: 9,
        action: "api_token",
      });
      expect(rows.map(({ action, target }) => [action, target])).toEqual([
        ["api_token.revoked", id],
        ["api_token.created", id],
      ]);
      for (const { actor, tenantId } of rows) {
        expect(actor).toEqual({ kind: "user", id: user.id, name: user.email });
        expect(tenantId).toBe(acme.id);
      }
      expect(rows[1]?.detail).toMatchObject({
        name: "Weekly sheet",
        scopes: "leads, status",
      });
      expect(JSON.stringify(rows)).not.toContain(token.slice(3));
      expect(JSON.stringify(app.log.entries)).not.toContain(token.slice(3));
    });
  });
}

describe("the ways to the tokens", () => {
  it("lead from People and from the brand's settings", async () => {
    const app = await createTestApp();
    try {
      await createTestBrand(app.store, "acme", app.clock);
      const agency = await app.signedIn(await app.createUser("agency_admin"));
      const people = await expectPage(await agency.get("/people?w=acme"));
      expect(people).toContain('href="/people/tokens?w=acme"');
      const brand = await expectPage(await agency.get("/admin/tenants/acme"));
      expect(brand).toContain('href="/admin/tenants/acme/tokens"');
    } finally {
      app.close();
    }
  });
});
