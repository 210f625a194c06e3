import { runChild, START, startChild, temporaryDatabase } from "./_children.ts";
import type { SimulatorChild } from "./_brand.ts";
import type { SyncCost, SyncJob, SyncResult } from "./_sync_child.ts";

const SIZE = { leads: 200, opportunities: 100, notes: 200, activities: 5 };

/** Many small tenants that are due at once. */
export interface FleetCosts {
  /** All of them, so many at a time. */
  together: SyncCost;
  /** A tenth of them, one after another. */
  alone: SyncCost;
}

/** Lets one tick drain `tenants` tenants of 200 leads, and a tenth of them one after another. */
export async function measureFleet(
  tenants: number,
  concurrency: number,
): Promise<FleetCosts> {
  const brands = Array.from({ length: tenants }, (_, n) => `brand-${n + 1}`);
  await using simulator: SimulatorChild = await startChild(
    "./_simulator.ts",
    Object.fromEntries(brands.map((brand) => [brand, SIZE])),
  );
  const drain = async (some: string[], concurrency: number) => {
    await using database = await temporaryDatabase();
    const job: SyncJob = {
      path: database.path,
      url: simulator.hello.url,
      brands: some,
      rounds: [START],
      concurrency,
    };
    const { rounds } = await runChild<SyncResult>("./_sync_child.ts", job);
    return rounds[0]!;
  };
  return {
    alone: await drain(brands.slice(0, Math.ceil(tenants / 10)), 1),
    together: await drain(brands, concurrency),
  };
}
