import { createTestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
Deno.test("probe", async () => {
  const app = await createTestApp();
  const acme = await createTestBrand(app.store, "acme", app.clock);
  const user = await app.createUser("tenant_viewer", acme.id);
  const b = await app.signedIn(user);
  for (const p of ["/", "/login", "/api/health", "/nope", "/api/nope", "/api/sync/status","/api/dashboard/leads","/api/dashboard/pipeline","/api/dashboard/hot-list","/api/dashboard/notes","/api/dashboard/notes/acme-n2","/api/dashboard/schedule","/api/reports","/dashboard", "/select-workspace", "/api/sync/trigger"]) {
    const r = await b.get(p);
    console.log(p, r.status, Object.fromEntries(r.headers), (await r.text()).slice(0, 900));
  }
  console.log(JSON.stringify(app.log.entries), app.log.entries.map(e=>e.properties.error));
  app.close();
});
