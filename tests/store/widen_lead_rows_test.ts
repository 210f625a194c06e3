import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { LeadRow } from "../../lib/domain/mod.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { widenLeadRows } from "../../lib/store/migrations/_widen_lead_rows.ts";
import { tenantKeys } from "../../lib/store/keys.ts";
import { differences, dump } from "../_dump.ts";
import { crashAt, hookedKv } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";

/** Takes away what schema version 3 had not in the rows of leads. */
async function asVersionThree({ kv, tenant }: SyncRig): Promise<void> {
  const prefix = tenantKeys(tenant.id).leadsByCreated();
  for await (const { key, value } of kv.list<LeadRow>({ prefix })) {
    const { updatedAt: _, assignedTo: __, dealSizeCents: ___, ...row } = value;
    await kv.set(key, row);
  }
}

describe("widenLeadRows()", () => {
  it("leaves the rows as a sync of today writes them", async () => {
    await using rig = await createRig({ brand: { leads: 300 } });
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    await asVersionThree(rig);
    expect(differences(await dump(rig.kv, rig.tenant.id), before))
      .not.toEqual([]);
    await widenLeadRows(createKvPort(rig.kv));
    expect(differences(await dump(rig.kv, rig.tenant.id), before)).toEqual([]);
  });

  it("changes nothing of rows that are wide already", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    await widenLeadRows(createKvPort(rig.kv));
    expect(differences(await dump(rig.kv, rig.tenant.id), before)).toEqual([]);
  });

  it("ends the same where it was killed and run again", async () => {
    await using rig = await createRig({ brand: { leads: 2000 } });
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    await asVersionThree(rig);
    const dying = createKvPort(
      hookedKv(rig.kv, crashAt(2, "after")),
    );
    await expect(widenLeadRows(dying)).rejects.toThrow();
    await widenLeadRows(createKvPort(rig.kv));
    expect(differences(await dump(rig.kv, rig.tenant.id), before)).toEqual([]);
  });

  it("rows that are not wide yet are read as if nothing were known", async () => {
    await using rig = await createRig();
    await rig.sync();
    await asVersionThree(rig);
    const data = await rig.data();
    const { rows: [row] } = await data.listLeads({ limit: 1 });
    const blank = { updatedAt: null, assignedTo: null, dealSizeCents: null };
    expect(row).toMatchObject(blank);
    const table = await data.leadTable();
    const order = { field: "updatedAt" as const, down: false };
    expect(table.select({ order, limit: 1 }).rows[0]).toMatchObject(blank);
  });
});
