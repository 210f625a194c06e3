import type { Change } from "../_batch.ts";
import { commitAll } from "../_commit_all.ts";
import type { KvPort } from "../_kv.ts";
import { rowsOf, type StoredOf, type StoredOpportunity } from "../_records.ts";
import { type Key, prefixes, tenantKeys } from "../keys.ts";

/** Records read and written at a time. */
const PAGE = 500;

/**
 * Schema version 3: activities have an index by contact, and the rows of the schedule and the hot list name the person.
 * Every row is written as this release makes it from its record, so that this may be killed anywhere and run again.
 * No sync may be under way.
 */
export async function namePeople(port: KvPort): Promise<void> {
  for await (const { key } of port.list({ prefix: prefixes.tenants() })) {
    const k = tenantKeys(String(key.at(-1)));
    await rewrite<StoredOf["activities"]>(
      port,
      k.activities(),
      (activity) => rowsOf(k, "activities", activity).slice(1),
    );
    await rewrite<StoredOpportunity>(
      port,
      k.opportunities(),
      (opportunity) => {
        const { hot, clientId } = opportunity;
        if (!hot) return [];
        const { id, clientId: _before, ...others } = hot.item;
        // In the order in which a sync compares and writes them.
        const item = { id, clientId, ...others };
        return rowsOf(k, "opportunities", {
          ...opportunity,
          hot: { ...hot, item },
        });
      },
    );
  }
}

/** Writes the rows that `rowsOf` makes of each record, in as few operations as fit. */
async function rewrite<T>(
  port: KvPort,
  prefix: Key,
  rowsOf: (record: T) => Change["sets"],
): Promise<void> {
  let changes: Change[] = [];
  const flush = async () => {
    await commitAll(writer(port), changes);
    changes = [];
  };
  for await (const { value } of port.list<T>({ prefix }, { pageSize: PAGE })) {
    const sets = rowsOf(value);
    if (sets.length > 0) changes.push({ sets, deletes: [] });
    if (changes.length >= PAGE) await flush();
  }
  await flush();
}

function writer(port: KvPort) {
  return {
    async commit(change: Change): Promise<void> {
      await port.commit(change);
    },
  };
}
