import type { Simulator } from "../lib/clienttether/simulator/mod.ts";
import type { Clock } from "../lib/domain/mod.ts";
import { listTenants } from "../lib/store/mod.ts";
import { syncTenant } from "../lib/sync/mod.ts";
import { type Config, openPortal, type Portal } from "../lib/web/mod.ts";
import { addBrands, setPeople } from "./_demo_people.ts";
import { publishReports } from "./_demo_reports.ts";
import { HISTORY_DAYS } from "./_demo_state.ts";
import type { Progress } from "./_io.ts";

/** Between two of the history's syncs. */
const STEP_MS = 6 * 3_600_000;

export interface History {
  config: Config;
  simulator: Simulator;
  /** Of every user. */
  password: string;
  /** Epoch milliseconds: where the history begins and ends. */
  startAt: number;
  until: number;
  progress: Progress;
}

/** Brands, people and history: made at the first start, brought up to date at later ones. */
export async function makeHistory(history: History): Promise<void> {
  const { config, simulator, password } = history;
  let at = history.startAt;
  const clock: Clock = { now: () => at, sleep: () => Promise.resolve() };
  const portal = await openPortal(config, {
    clock,
    fetch: (url, init) => simulator.fetch(url, init),
  });
  try {
    await addBrands(portal);
    await setPeople(portal, password);
    for (const next of await instants(portal, history)) {
      at = next;
      simulator.advanceTo(at);
      for (const { tenant } of await listTenants(portal.store)) {
        await syncTenant(portal.sync, tenant.id);
      }
    }
    await publishReports(portal);
  } finally {
    history.progress.end();
    await portal.close();
  }
}

/** When to look at the CRM, from the last time to now; tells how far it has come. */
async function instants(
  { store }: Portal,
  { startAt, until, progress }: History,
): Promise<Iterable<number>> {
  const from = Math.max(
    startAt,
    ...(await listTenants(store)).map(({ lastSyncAt }) =>
      Date.parse(lastSyncAt ?? "") || 0
    ),
  );
  return (function* () {
    let shown = 0;
    for (let at = from; at < until; at += STEP_MS) {
      const tenths = Math.floor((at - from) / (until - from) * 10);
      if (tenths > shown) {
        progress.step(
          `Making ${HISTORY_DAYS} days of history ... ${tenths * 10}%`,
        );
      }
      shown = tenths;
      yield at;
    }
    yield until;
  })();
}
