import type { Change } from "./_batch.ts";
import { giveWay, isTimeToGiveWay } from "./give_way.ts";
import type { Lease } from "./lease.ts";

/**
 * Lets `work` make the next change while the database takes the one before: commits go in their order, one at a
 * time, and the next waits for the one before it. All are done, or one has failed, when this resolves.
 */
export async function oneBehind(
  lease: Pick<Lease, "commit">,
  work: (commit: (change: Change) => Promise<void>) => Promise<void>,
): Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  try {
    await work(async (change) => {
      await underWay;
      if (isTimeToGiveWay()) await giveWay();
      underWay = lease.commit(change);
      // Its failure is heard by the next commit, or below.
      underWay.catch(() => {});
    });
  } finally {
    await underWay;
  }
}
