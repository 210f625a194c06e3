import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  removeMembership,
  setTenantStatus,
  type Tenant,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectJson, expectProblem } from "./_assert.ts";

/** Every guarded endpoint by its file, with an address of brand "acme" and whether it holds records. */
const ENDPOINTS: Record<
  string,
  { path: string; method?: "POST"; records?: true; stream?: true }
> = {
  "dashboard/hot-list.ts": { path: "/api/dashboard/hot-list", records: true },
  "dashboard/leads.ts": { path: "/api/dashboard/leads" },
  "dashboard/notes/[id].ts": {
    path: "/api/dashboard/notes/acme-n2",
    records: true,
  },
  "dashboard/notes/index.ts": { path: "/api/dashboard/notes", records: true },
  "dashboard/pipeline.ts": { path: "/api/dashboard/pipeline" },
  "dashboard/schedule.ts": { path: "/api/dashboard/schedule", records: true },
  "reports.ts": { path: "/api/reports" },
  "sync/events.ts": { path: "/api/sync/events", stream: true },
  "sync/status.ts": { path: "/api/sync/status" },
  "sync/trigger.ts": { path: "/api/sync/trigger", method: "POST" },
};
const READING = Object.values(ENDPOINTS).filter(({ method, stream }) =>
  !method && !stream
);
const FOLDER = new URL("../../routes/api/(workspace)/", import.meta.url);

function endpointFiles(folder = FOLDER, prefix = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const name = prefix + entry.name;
    if (entry.isDirectory) {
      return endpointFiles(new URL(`${entry.name}/`, folder), `${name}/`);
    }
    return name === "_middleware.ts" ? [] : [name];
  });
}

describe("isolation of tenants in the JSON endpoints", () => {
  let app: TestApp;
  let acme: Tenant;
  let bravo: Tenant;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    bravo = await createTestBrand(app.store, "bravo", app.clock);
    const user = await app.createUser("tenant_viewer", acme.id);
    browser = await app.signedIn(user);
  });

  afterEach(() => app.close());

  const ask = (
    who: TestBrowser,
    { path, method }: { path: string; method?: "POST" },
    query = "",
  ) => method ? who.post(path + query) : who.get(path + query);

  it("every endpoint stands in this suite's table", () => {
    expect(endpointFiles().sort()).toEqual(Object.keys(ENDPOINTS).sort());
  });

  it("every endpoint asks for a session", async () => {
    for (const endpoint of Object.values(ENDPOINTS)) {
      const answer = await ask(app.browser(), endpoint, "?w=acme");
      await expectProblem(answer, 401);
    }
  });

  it("every endpoint answers 404 for a foreign workspace, as for one that does not exist", async () => {
    for (const endpoint of Object.values(ENDPOINTS)) {
      const answers: string[] = [];
      const slugs = ["bravo", "nowhere", "", "*", "%00", bravo.id, "BRAVO"];
      for (const slug of slugs) {
        const answer = await ask(browser, endpoint, `?w=${slug}`);
        const problem = await expectProblem(answer, 404);
        answers.push(JSON.stringify({ ...problem, requestId: null }));
      }
      expect(new Set(answers).size).toBe(1);
    }
  });

  it("every endpoint refuses two workspaces in one address", async () => {
    for (const endpoint of Object.values(ENDPOINTS)) {
      const answer = await ask(browser, endpoint, "?w=acme&w=bravo");
      await expectProblem(answer, 404);
    }
  });

  it("no endpoint shows anything of another tenant, by whatever name it is asked", async () => {
    const headers = {
      "x-tenant": bravo.id,
      "x-tenant-id": bravo.id,
      "x-forwarded-host": "bravo.example.com",
    };
    const query = `?w=acme&tenant=bravo&tenantId=${bravo.id}&workspace=bravo`;
    for (const { path, records } of READING) {
      const answer = await browser.get(path + query, headers);
      const text = JSON.stringify(await expectJson(answer));
      expect(text).not.toContain("bravo");
      expect(text).not.toContain(bravo.id);
      if (records) expect(text).toContain("acme");
    }
  });

  it("a foreign id in one's own workspace is 404", async () => {
    const path = "/api/dashboard/notes/bravo-n2?w=acme";
    await expectProblem(await browser.get(path), 404);
  });

  it("a cursor of one tenant shows another only its own rows", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const first = await expectJson(
      await agency.getIn("bravo", "/api/dashboard/notes?limit=1"),
    );
    const { cursor } = first.page as { cursor: string };
    expect(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")))
      .not.toContain(bravo.id);
    const query = `?limit=1&cursor=${encodeURIComponent(cursor)}`;
    const answer = await browser.getIn("acme", `/api/dashboard/notes${query}`);
    const text = JSON.stringify(await expectJson(answer));
    expect(text).not.toContain("bravo");
  });

  it("two tabs keep their brands", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    const slugs = ["acme", "bravo"];
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const slug = slugs[n % 2] ?? "";
        const answer = await agency.getIn(slug, "/api/dashboard/hot-list");
        return [slug, JSON.stringify(await expectJson(answer))] as const;
      }),
    );
    for (const [slug, text] of answers) {
      expect(text).toContain(`${slug}-o2`);
      expect(text).not.toContain(slug === "acme" ? "bravo" : "acme");
    }
  });

  it("the next request obeys when the membership ends", async () => {
    const user = await app.createUser("tenant_viewer", acme.id, bravo.id);
    const other = await app.signedIn(user);
    await expectJson(await other.getIn("bravo", "/api/reports"));
    await removeMembership(app.store, user.id, bravo.id);
    await expectProblem(await other.getIn("bravo", "/api/reports"), 404);
  });

  it("a tenant that is not active is closed to its members and open to the agency", async () => {
    const agency = await app.signedIn(await app.createUser("agency_admin"));
    for (const status of ["inactive", "suspended"] as const) {
      await setTenantStatus(app.store, acme.id, status);
      await expectProblem(await browser.getIn("acme", "/api/reports"), 404);
      await expectProblem(await browser.get("/api/reports"), 409);
      await expectJson(await agency.getIn("acme", "/api/reports"));
      const trigger = await agency.post("/api/sync/trigger?w=acme");
      await expectProblem(trigger, 409);
    }
    await setTenantStatus(app.store, acme.id, "purged");
    await expectProblem(await agency.getIn("acme", "/api/reports"), 404);
    expect(app.syncRequests).toEqual([]);
  });

  it("every reading endpoint answers HEAD and OPTIONS, and 405 for what would change something", async () => {
    for (const { path } of READING) {
      const url = `${path}?w=acme`;
      const head = await browser.fetch(url, { method: "HEAD" });
      expect(head.status).toBe(200);
      expect(await head.text()).toBe("");
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const answer = await browser.fetch(url, {
          method,
          headers: { "sec-fetch-site": "same-origin" },
        });
        expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
        await expectProblem(answer, 405);
      }
    }
  });

  it("every reading endpoint may be kept and asked about", async () => {
    for (const { path } of READING) {
      const answer = await browser.getIn("acme", path);
      expect(answer.headers.get("cache-control")).toBe("private, no-cache");
      const etag = answer.headers.get("etag") ?? "";
      await answer.body?.cancel();
      const again = await browser.get(`${path}?w=acme`, {
        "if-none-match": etag,
      });
      expect(again.status).toBe(304);
      expect(again.headers.get("etag")).toBe(etag);
      expect(await again.text()).toBe("");
    }
  });
});
