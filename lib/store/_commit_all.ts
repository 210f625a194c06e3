import { Budget, type Change } from "./_batch.ts";
import type { Lease } from "./lease.ts";

/** Commits changes that are independent of each other in as few operations as fit. */
export async function commitAll(
  lease: Pick<Lease, "commit">,
  changes: readonly Change[],
): Promise<void> {
  let batch: Change = { sets: [], deletes: [] };
  let budget = new Budget();
  for (const change of changes) {
    if (!budget.take(change)) {
      await lease.commit(batch);
      batch = { sets: [], deletes: [] };
      budget = new Budget();
      budget.take(change);
    }
    batch.sets.push(...change.sets);
    batch.deletes.push(...change.deletes);
  }
  if (batch.sets.length + batch.deletes.length > 0) await lease.commit(batch);
}
