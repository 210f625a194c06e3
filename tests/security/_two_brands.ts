import type { BrandConfig } from "../../lib/clienttether/simulator/mod.ts";
import { openTenant, type Tenant } from "../../lib/store/mod.ts";
import { syncTenant } from "../../lib/sync/mod.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { createRig, type SyncRig, TEST_ACCESS_TOKEN } from "../_sync.ts";
import { BIRCH } from "../browser/_birch.ts";
import { BRAND } from "../routes/_reader.ts";

/** Stands in every text of the other brand; no one else may receive it. */
export const CANARY = "CANARYQX7";
const FOREIGN_KEY = "foreign-web-key";
/** Fields of ClientTether whose text people write. */
const TEXTS = /name|comp|source|note|content|description|city|assigned/i;

/** A portal with two synced brands: one's own, and one whose every text holds the canary. */
export interface TwoBrands extends Disposable {
  rig: SyncRig;
  app: TestApp;
  own: Tenant;
  foreign: Tenant;
  /** Cursor of a list of the other brand. */
  foreignCursor: string;
}

export async function openTwoBrands(): Promise<TwoBrands> {
  const { name: _, webKey: __, ...foreignBrand } = withCanary(
    { ...BIRCH, cycles: [] },
  ) as BrandConfig;
  const rig = await createRig({
    brand: BRAND,
    tenant: { name: "Birch Bakery", slug: "birch-bakery" },
    more: {
      [FOREIGN_KEY]: {
        ...foreignBrand,
        cycles: BIRCH.cycles!,
        accessToken: TEST_ACCESS_TOKEN,
        timezone: BIRCH.timezone,
      },
    },
  });
  await rig.sync();
  const foreign = await rig.addTenant(`${CANARY} Foods`, FOREIGN_KEY);
  const report = await syncTenant(rig.deps, foreign.id);
  if (report.status !== "success") {
    throw new Error(`Cannot sync the other brand: ${report.errorMessage}`);
  }
  const app = await createTestApp({ store: rig.store, clock: rig.clock });
  const data = await openTenant(rig.store, foreign.id);
  const { cursor } = await data.listNotes({ limit: 2 });
  return {
    rig,
    app,
    own: rig.tenant,
    foreign,
    foreignCursor: cursor!,
    [Symbol.dispose]: () => rig.dispose(),
  };
}

/** The same records with the canary in every text, and with ids of their own. */
function withCanary(value: unknown, field = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => withCanary(one, field));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, withCanary(one, key)]),
    );
  }
  if (typeof value !== "string") return value;
  if (/sales_cycle/.test(field)) return value;
  if (/_?id$/i.test(field) && /^\d+$/.test(value)) return `9${value}`;
  return TEXTS.test(field) ? `${CANARY} ${value}` : value;
}
