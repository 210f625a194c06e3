import type { Lead } from "../../domain/mod.ts";
import { Budget } from "../_batch.ts";
import type { KvPort } from "../_kv.ts";
import { type Row, toLeadRow } from "../_records.ts";
import { prefixes, type TenantKeys, tenantKeys } from "../keys.ts";

/**
 * Schema version 3: the rows that the list of leads is read from also say when a lead changed, who has it and its
 * size. Each is made anew from its lead, so that this may be killed anywhere and run again. No sync may be under way.
 */
export async function widenLeadRows(port: KvPort): Promise<void> {
  const tenants = port.list({ prefix: prefixes.tenants() });
  for await (const { key } of tenants) {
    await widenRowsOf(port, tenantKeys(String(key.at(-1))));
  }
}

async function widenRowsOf(port: KvPort, k: TenantKeys): Promise<void> {
  let sets: Row[] = [];
  let budget = new Budget();
  const leads = port.list<Lead>({ prefix: k.leads() });
  for await (const { value: lead } of leads) {
    const row: Row = {
      key: k.leadByCreated(lead.createdAt, lead.id),
      value: toLeadRow(lead),
    };
    if (!budget.take({ sets: [row], deletes: [] })) {
      await port.commit({ sets });
      sets = [];
      budget = new Budget();
      budget.take({ sets: [row], deletes: [] });
    }
    sets.push(row);
  }
  if (sets.length > 0) await port.commit({ sets });
}
