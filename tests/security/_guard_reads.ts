import type { Context } from "fresh";
import {
  getTenantIdBySlug,
  listTenantNames,
  openStore,
  openTenant,
  type Role,
} from "../../lib/store/mod.ts";
import { apiGuard, pageGuard, type State } from "../../lib/web/mod.ts";
import { createTestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";

/** The reads of one page, behind a guard and for a reader whom it would believe. */
export interface GuardReads {
  role: Role;
  guard: "page" | "api";
  /** Of the first request of a session, and of the next one in the same workspace. */
  guarded: number;
  again: number;
  believed: number;
}

/**
 * Counts what the database is asked for by one and the same page, once behind the guard and once with a
 * middleware in its place that believes the address: it opens the tenant that the slug names, and lists the
 * tenants for the agency's menu. A read is one get, getMany or list.
 */
export async function measureGuardReads(): Promise<GuardReads[]> {
  let reads = 0;
  const store = await openStore({
    path: ":memory:",
    observe: ({ kind }) => kind === "commit" || reads++,
  });
  const page = async (ctx: Context<State>) => {
    // What is never kept in memory costs each of the requests the same.
    const rows = await ctx.state.workspace!.store.listRuns(5);
    return ctx.json({ rows: rows.length });
  };
  const believe = (menu: boolean) => async (ctx: Context<State>) => {
    const slug = ctx.url.searchParams.get("w")!;
    const data = await openTenant(
      store,
      (await getTenantIdBySlug(store, slug))!,
    );
    if (menu) await listTenantNames(store);
    const { tenant, opened: sync } = data;
    ctx.state.workspace = {
      tenant,
      store: data,
      sync,
      role: "agency_admin",
      visit: null,
    };
    return await ctx.next();
  };
  const app = await createTestApp({
    store,
    extend: (inner) =>
      inner.get("/page", pageGuard, page).get("/api/page", apiGuard, page)
        .get("/believed", believe(false), page)
        .get("/believed-menu", believe(true), page),
  });
  const acme = await createTestBrand(store, "acme", app.clock);
  const other = await createTestBrand(store, "other", app.clock);
  const count = async (ask: Promise<Response>) => {
    reads = 0;
    const answer = await ask;
    await answer.body?.cancel();
    if (answer.status !== 200) throw new Error(`Got ${answer.status}`);
    return reads;
  };
  const found: GuardReads[] = [];
  const roles = ["tenant_viewer", "tenant_admin", "agency_admin"] as const;
  for (const role of roles) {
    const user = await app.createUser(role, acme.id, other.id);
    for (const guard of ["page", "api"] as const) {
      const browser = await app.signedIn(user);
      const hasMenu = guard === "page" && role === "agency_admin";
      const stranger = app.browser();
      const path = guard === "page" ? "/page" : "/api/page";
      found.push({
        role,
        guard,
        guarded: await count(browser.getIn("acme", path)),
        again: await count(browser.getIn("acme", path)),
        believed: await count(
          stranger.getIn("acme", hasMenu ? "/believed-menu" : "/believed"),
        ),
      });
    }
  }
  store.close();
  return found;
}
