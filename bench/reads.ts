import { createTenant, openStore, type Tenant } from "../lib/store/mod.ts";
import { pageGuard } from "../lib/web/mod.ts";
import { createTestApp } from "../tests/_app.ts";
import { TestClock } from "../tests/_clock.ts";
import { installRecords } from "../tests/_data.ts";
import { temporaryDatabase } from "./_children.ts";
import type { Bench } from "./_figures.ts";
import { largeBrand } from "./_large_brand.ts";

const SIZES = [100, 100_000];
/** Pages of figures, and how many reads they may cost. */
const FIGURES = { atMost: 3 };
/** Lists and what belongs to one person. */
const LISTS = { atMost: 6 };
const PAGES: Record<string, { atMost: number }> = {
  "/dashboard": FIGURES,
  "/reports": FIGURES,
  "/pipeline": FIGURES,
  "/schedule": FIGURES,
  "/leads": LISTS,
  "/leads?source=Referral&search=9&period=28d": LISTS,
  "/hot-list": LISTS,
  "/notes": LISTS,
  "/notes/n1": LISTS,
  "/leads/1": LISTS,
  "/changes": LISTS,
  "/pipeline/entries": LISTS,
  "/pipeline/moves": LISTS,
  "/pipeline/opportunities": LISTS,
  "/pipeline/quiet": LISTS,
  "/pipeline/stalled": LISTS,
  "/pipeline/value": LISTS,
};
const GUARD_ALONE = "/guard-alone";

/**
 * What each page asks the database for, beside what its guard does: a read is one get, getMany or list. Everything
 * is asked of a store that has just been opened, so that no cache spares a read.
 */
export const benchReads: Bench = async (report) => {
  for (const leads of SIZES) {
    await using database = await temporaryDatabase();
    const { path } = database;
    const tenant = await install(path, leads);
    const guard = await readsOf(path, tenant, GUARD_ALONE);
    for (const [page, goal] of Object.entries(PAGES)) {
      report({
        name: `reads.${leads}.${page}`,
        value: await readsOf(path, tenant, page) - guard,
        unit: "KV reads",
        goal,
      });
    }
  }
};

async function install(path: string, leads: number): Promise<Tenant> {
  const clock = new TestClock();
  const store = await openStore({ path, clock });
  try {
    const tenant = await createTenant(store, {
      slug: "large",
      name: "Large Brand",
      timezone: "America/New_York",
    }, clock);
    await installRecords(store, tenant, largeBrand(leads), clock);
    return tenant;
  } finally {
    store.close();
  }
}

/** Reads of one page for a reader who has never been here. */
async function readsOf(
  path: string,
  tenant: Tenant,
  page: string,
): Promise<number> {
  let reads = 0;
  const clock = new TestClock();
  const store = await openStore({
    path,
    clock,
    observe: ({ kind }) => kind === "commit" || reads++,
  });
  try {
    const app = await createTestApp({
      store,
      clock,
      extend: (inner) =>
        inner.get(GUARD_ALONE, pageGuard, () => new Response()),
    });
    const reader = await app.createUser("tenant_viewer", tenant.id);
    const browser = await app.signedIn(reader);
    reads = 0;
    const answer = await browser.getIn(tenant.slug, page);
    await answer.text();
    if (!answer.ok) throw new Error(`${page} answers ${answer.status}`);
    return reads;
  } finally {
    store.close();
  }
}
