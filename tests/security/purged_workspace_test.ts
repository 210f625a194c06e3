import { describe, it } from "@std/testing/bdd";
import { listTenants, purgeTenant } from "../../lib/store/mod.ts";
import { expect } from "@std/expect";
import { createTestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import {
  expectJson,
  expectPage,
  expectProblem,
  expectRedirect,
} from "../routes/_assert.ts";

describe("a tenant that was purged", () => {
  it("is lost to the sessions that had chosen it, from the next request on", async () => {
    const app = await createTestApp();
    try {
      const acme = await createTestBrand(app.store, "acme", app.clock);
      const bravo = await createTestBrand(app.store, "bravo", app.clock);
      const member = await app.signedIn(
        await app.createUser("tenant_viewer", acme.id, bravo.id),
      );
      const agency = await app.signedIn(await app.createUser("agency_admin"));
      for (const browser of [member, agency]) {
        await browser.post("/select-workspace", { tenant: "acme" });
        await expectJson(await browser.get("/api/sync/status"));
      }
      await purgeTenant(app.store, acme.id, app);
      for (const browser of [member, agency]) {
        await expectProblem(
          await browser.getIn("acme", "/api/sync/status"),
          404,
        );
        await expectPage(await browser.getIn("acme", "/dashboard"), 404);
      }
      await expectRedirect(
        await member.get("/dashboard"),
        "/dashboard?w=bravo",
      );
      const [left] = await listTenants(app.store);
      expect(left?.tenant.slug).toBe("bravo");
    } finally {
      await app.close();
    }
  });
});
