import type { Recent } from "../../domain/mod.ts";
import type { Change } from "../_batch.ts";
import { encodeDoc } from "../_doc.ts";
import type { Key } from "../keys.ts";
import type { DayViews } from "../tenant/views.ts";
import type { Leased } from "./leased.ts";

/** Adds the figures of a day to a change, all three. `version` names the parts of large ones. */
export async function addViews(
  at: Leased,
  change: Change,
  { leads, pipeline, kpis }: DayViews,
  version: string,
): Promise<void> {
  const { k } = at;
  const docs: [Key, unknown][] = [
    [k.leadMetrics(leads.day), leads],
    [k.pipelineView(pipeline.day), pipeline],
    [k.kpis(kpis.day), kpis],
  ];
  for (const [key, doc] of docs) await addDoc(at, change, key, doc, version);
}

/** Adds what is new, summed up, to a change. `version` names the parts of a large one. */
export function addRecent(
  at: Leased,
  change: Change,
  recent: Recent,
  version: string,
): Promise<void> {
  return addDoc(at, change, at.k.recent(), recent, version);
}

/** The parts are written before the change, the parts of the version before go with it. */
async function addDoc(
  { port, lease }: Leased,
  change: Change,
  key: Key,
  doc: unknown,
  version: string,
): Promise<void> {
  const { head, parts } = encodeDoc(doc, version);
  for (const { suffix, value } of parts) {
    await lease.commit({
      sets: [{ key: [...key, ...suffix], value }],
      deletes: [],
    });
  }
  const old = port.list({ prefix: key });
  for await (const row of old) {
    if (row.key[key.length] !== version) change.deletes.push(row.key);
  }
  change.sets.push({ key, value: head });
}
