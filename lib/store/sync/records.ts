import type { RecordOf, StreamName } from "../../domain/mod.ts";
import type { Change } from "../_batch.ts";
import { commitAll } from "../_commit_all.ts";
import { oneBehind } from "../_commit_behind.ts";
import { PendingBatch } from "../_pending_batch.ts";
import { type ApplyOptions, RecordChanges } from "../_record_changes.ts";
import type { HotPlace, Row, StoredOpportunity } from "../_records.ts";
import { idPart, type TenantKeys } from "../keys.ts";
import { giveWay, isTimeToGiveWay } from "../give_way.ts";
import { bucketOf, type StreamIndex } from "../sync_index.ts";
import type { Leased } from "./leased.ts";

/** One new or changed record with the content hash that stands for it. */
export interface Upsert<S extends StreamName> {
  record: RecordOf[S];
  /** See `StreamIndex`. */
  hash: string;
}

/** Writes new and changed records and removes others (encoded ids), each with its index rows and its bucket. */
export async function applyRecords<S extends StreamName>(
  { port, k, lease }: Leased,
  index: StreamIndex & { stream: S },
  upserts: Upsert<S>[],
  removals: string[],
  options: ApplyOptions,
): Promise<void> {
  const work = inBucketOrder([
    ...upserts.map(({ record, hash }) => ({
      part: idPart(record.id),
      record,
      hash,
    })),
    ...removals.map((part) => ({ part, record: null, hash: null })),
  ]);
  const changes = await RecordChanges.of(port, k, index, work, options);
  const pending = new PendingBatch(k, index);
  await oneBehind(lease, async (commit) => {
    for (const { part, record, hash } of work) {
      if (isTimeToGiveWay()) await giveWay();
      const { before, ...change } = record
        ? await changes.put(part, record)
        : await changes.remove(part);
      if (before.length > 0) {
        await commitAll(
          lease,
          before.map((row) => ({ sets: [row], deletes: [] })),
        );
      }
      if (!pending.add(part, hash, change)) {
        await commit(pending.take());
        pending.add(part, hash, change);
      }
    }
    if (!pending.empty) await commit(pending.take());
  });
}

/** What belongs into one bucket stands together, so that few operations write the same bucket. */
function inBucketOrder<W extends { part: string }>(work: W[]): W[] {
  const buckets: W[][] = [];
  for (const one of work) (buckets[bucketOf(one.part)] ??= []).push(one);
  return buckets.flat();
}

/** An opportunity with the place in the hot list that it gets; null where it has none any more. */
export interface HotMove {
  stored: StoredOpportunity;
  hot: HotPlace | null;
}

/** The record with its new place, and its row of the hot list in place of the old one. */
export function hotMove(k: TenantKeys, { stored, hot }: HotMove): Change {
  const next: StoredOpportunity = { ...stored, hot };
  const sets: Row[] = [{ key: k.opportunity(next.id), value: next }];
  if (hot) {
    sets.push({ key: k.hotListItem(hot.rank, next.id), value: hot.item });
  }
  const gone = stored.hot && stored.hot.rank !== hot?.rank
    ? [k.hotListItem(stored.hot.rank, next.id)]
    : [];
  return { sets, deletes: gone };
}
