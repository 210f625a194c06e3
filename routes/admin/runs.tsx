import { Head } from "fresh/runtime";
import { page } from "fresh";
import { adminTenantPath } from "../../components/admin_words.ts";
import { type AdminRun, AdminRuns } from "../../components/AdminRuns.tsx";
import { Card } from "../../components/Card.tsx";
import { type FleetRow, listFleet, type Store } from "../../lib/store/mod.ts";
import { defineSignedIn, openListed } from "../../lib/web/mod.ts";

/** As many runs are shown; of each brand no more are read. */
const SHOWN = 50;

export const handler = defineSignedIn.handlers({
  async GET({ state: { services: { store } } }) {
    const begun = (await listFleet(store))
      .filter(({ status, sync }) => status !== "purged" && sync.startedAt)
      .sort((a, b) => a.sync.startedAt! < b.sync.startedAt! ? 1 : -1)
      // A brand whose latest run is older than those of so many others has none among the latest of all.
      .slice(0, SHOWN);
    const runs = await Promise.all(
      begun.map(({ tenant }) => runsOf(store, tenant)),
    );
    return page({
      runs: runs.flat()
        .sort((a, b) => a.run.startedAt < b.run.startedAt ? 1 : -1)
        .slice(0, SHOWN),
    });
  },
});

async function runsOf(
  store: Store,
  tenant: FleetRow["tenant"],
): Promise<AdminRun[]> {
  const data = await openListed(store, tenant.id);
  const runs = await data?.listRuns(SHOWN) ?? [];
  const path = `${adminTenantPath(tenant)}/runs`;
  return runs.map((run) => ({
    run,
    brand: tenant.name,
    href: `${path}/${run.id}`,
  }));
}

export default defineSignedIn.page<typeof handler>(
  function AdminAllRuns({ data: { runs } }) {
    return (
      <>
        <Head>
          <title>Runs - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Runs</h1>
        <Card
          title="Sync runs of all brands"
          says={`The latest ${SHOWN}. Times in UTC.`}
        >
          <AdminRuns runs={runs} empty="No sync has run yet." />
        </Card>
      </>
    );
  },
);
