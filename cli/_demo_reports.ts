import {
  changeReport,
  findReport,
  listAllReports,
  listTenants,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";

const SUMMARY = `A steady week. The broker networks brought the better talks, \
and two candidates went on to the FDD.

Next week: call back everybody whose review call is done, and fill the two \
places that are left on discovery day.`;

/** Publishes every brand's reports but the newest, which is left to the agency as a draft. */
export async function publishReports({ store, clock }: Portal): Promise<void> {
  for (const { tenant: { id } } of await listTenants(store)) {
    const [, ...earlier] = await listAllReports(store, id);
    for (const { week, title, publishedAt } of earlier) {
      if (publishedAt !== null) continue;
      const stored = await findReport(store, id, week);
      if (!stored) continue;
      const text = { title, summary: SUMMARY };
      const change = { text, publish: true };
      const at = { week, stamp: stored.stamp };
      await changeReport(store, id, at, change, clock);
    }
  }
}
