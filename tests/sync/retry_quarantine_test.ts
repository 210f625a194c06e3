import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { StreamName } from "../../lib/domain/mod.ts";
import {
  listQuarantine,
  type Quarantined,
  setTenantStatus,
  SyncWriter,
} from "../../lib/store/mod.ts";
import { retryQuarantine, verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const LEAD = {
  client_id: "L",
  firstName: "Robin",
  lastName: "Example",
  clients_sales_cycle: "New Lead",
  created: "2026-03-01 10:00:00",
  last_modified_date: "2026-03-02 10:00:00",
};
const DEAL = {
  opportunity_id: "O",
  client_id: "L",
  contact_sales_cycle: "Deal Structure",
  deal_size: "50000",
  last_modified_date: "2026-03-02 10:00:00",
};
const NOTE = { id: "N", contact_id: "L", date: "2026-03-02 10:00:00" };

/** Puts a row into quarantine as rules that were stricter would have. */
async function put(
  rig: SyncRig,
  stream: StreamName,
  id: string,
  raw: unknown,
  more: Partial<Quarantined> = {},
): Promise<void> {
  const writer = await SyncWriter.open(rig.store, rig.tenant.id, rig.clock, {
    owner: "earlier",
    runId: "earlier",
  });
  await writer!.changeQuarantine(stream, [{
    id,
    stream,
    reason: "refused by an earlier rule",
    raw: typeof raw === "string" ? raw : JSON.stringify(raw),
    hash: "earlier",
    firstSeenAt: "2026-03-10T15:00:00.000Z",
    lastSeenAt: "2026-03-11T15:00:00.000Z",
    ...more,
  }], []);
  await writer!.lease.release({ sets: [], deletes: [] });
}

const retry = (rig: SyncRig, streams?: StreamName[]) =>
  retryQuarantine(rig, rig.tenant.id, streams);

const left = (rig: SyncRig) =>
  Array.fromAsync(listQuarantine(rig.store, rig.tenant.id));

async function stored(
  { kv, tenant }: SyncRig,
  kind: string,
  id: string,
): Promise<unknown> {
  return (await kv.get(["t", tenant.id, kind, id])).value;
}

async function differences(rig: SyncRig): Promise<string[]> {
  const { differences, remarks } = (await verifyTenant(rig, rig.tenant.id))!;
  return [...differences, ...remarks];
}

describe("retryQuarantine()", () => {
  it("writes what is good by today's rules as a sync would, with its index rows and figures", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await (await rig.data()).syncState();
    await put(rig, "leads", "L", LEAD);
    await put(rig, "opportunities", "O", DEAL);
    await put(rig, "notes", "N", NOTE);
    const counts = { written: 1, superseded: 0, kept: 0, truncated: 0 };
    expect(await retry(rig)).toEqual({
      leads: counts,
      opportunities: counts,
      notes: counts,
    });
    expect(await left(rig)).toEqual([]);
    const data = await rig.data();
    const after = await data.syncState();
    expect(after).toMatchObject({
      lastSyncAt: before.lastSyncAt,
      runId: before.runId,
      prospects: before.prospects + 1,
      dataVersion: before.dataVersion + 1,
      counts: { leads: 41, notes: before.counts.notes! + 1 },
    });
    const { rows } = await data.listHotList({ limit: 200, offset: 0 });
    expect(rows.find(({ id }) => id === "O")).toMatchObject({
      candidateName: "Robin Example",
      weightedIffCents: expect.any(Number),
    });
    expect(await differences(rig)).toEqual([]);
  });

  it("leaves nothing to do for a sync that meets the same records", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    await rig.sync();
    const raw = (stream: "leads" | "opportunities", id: string) =>
      brand.rows(stream).find((row) =>
        row.client_id === id || row.opportunity_id === id
      );
    brand.putLead(LEAD);
    brand.putOpportunity(DEAL);
    await put(rig, "leads", "L", raw("leads", "L"));
    await put(rig, "opportunities", "O", raw("opportunities", "O"));
    await retry(rig);
    rig.clock.advance(HOUR);
    const report = await rig.sync();
    expect(report).toMatchObject({ status: "success", recordsUpdated: 0 });
    expect(await differences(rig)).toEqual([]);
  });

  it("keeps the others, with their newest reason", async () => {
    await using rig = await createRig();
    await rig.sync();
    await put(rig, "cycles", "77", { sales_cycle_id: "77" });
    await put(rig, "leads", "gone", "not JSON at all");
    await put(rig, "leads", "L", LEAD);
    expect(await retry(rig)).toEqual({
      cycles: { written: 0, superseded: 0, kept: 1, truncated: 0 },
      leads: { written: 1, superseded: 0, kept: 1, truncated: 0 },
    });
    expect(await left(rig)).toMatchObject([
      { id: "77", reason: "name is missing", hash: "earlier" },
      { id: "gone", reason: "raw text cannot be read" },
    ]);
    const [row] = await left(rig);
    expect(row).toMatchObject({
      firstSeenAt: "2026-03-10T15:00:00.000Z",
      lastSeenAt: "2026-03-11T15:00:00.000Z",
    });
  });

  it("reads the stream that is asked for alone", async () => {
    await using rig = await createRig();
    await rig.sync();
    await put(rig, "leads", "L", LEAD);
    await put(rig, "notes", "N", NOTE);
    expect(Object.keys((await retry(rig, ["notes"]))!)).toEqual(["notes"]);
    expect((await left(rig)).map(({ id }) => id)).toEqual(["L"]);
  });

  it("never overwrites what was changed later upstream", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const newer = { ...LEAD, last_modified_date: "2026-03-03 10:00:00" };
    brand.putLead({ ...newer, lastName: "Newer" });
    await rig.sync();
    await put(rig, "leads", "L", { ...LEAD, lastName: "Older" });
    expect(await retry(rig)).toEqual({
      leads: { written: 0, superseded: 1, kept: 0, truncated: 0 },
    });
    expect(await left(rig)).toEqual([]);
    expect(await stored(rig, "leads", "L")).toMatchObject({
      lastName: "Newer",
    });
    expect(await differences(rig)).toEqual([]);
  });

  it("replaces an older version, and leaves no row of it behind", async () => {
    await using rig = await createRig();
    rig.simulator.brand(TEST_WEB_KEY).putLead(LEAD);
    await rig.sync();
    await put(rig, "leads", "L", {
      ...LEAD,
      created: "2026-03-05 10:00:00",
      last_modified_date: "2026-03-06 10:00:00",
    });
    await retry(rig);
    expect(await stored(rig, "leads", "L")).toMatchObject({
      createdAt: "2026-03-05T15:00:00.000Z",
    });
    expect(await differences(rig)).toEqual([]);
  });

  it("takes the newest of several rows that turn out to be one record", async () => {
    await using rig = await createRig();
    await rig.sync();
    await put(rig, "notes", "no id, 1", { ...NOTE, content: "first" });
    await put(rig, "notes", "no id, 2", { ...NOTE, content: "second" }, {
      lastSeenAt: "2026-03-11T16:00:00.000Z",
    });
    expect(await retry(rig)).toEqual({
      notes: { written: 1, superseded: 1, kept: 0, truncated: 0 },
    });
    expect(await stored(rig, "ct_notes", "N")).toMatchObject({
      content: "second",
    });
    await put(rig, "notes", "no id, 3", { ...NOTE, content: "third" });
    expect(await retry(rig)).toMatchObject({ notes: { superseded: 1 } });
    expect(await stored(rig, "ct_notes", "N")).toMatchObject({
      content: "second",
    });
  });

  it("knows whose note it is where the note does not say so", async () => {
    await using rig = await createRig();
    await rig.sync();
    const { contact_id: _, ...note } = NOTE;
    await put(rig, "notes", "N", note, { contactId: "7" });
    await retry(rig);
    expect(await stored(rig, "ct_notes", "N")).toMatchObject({
      contactId: "7",
    });
  });

  it("tells which are kept only in part, and leaves them as they are", async () => {
    await using rig = await createRig();
    await rig.sync();
    await put(rig, "leads", "L", '{"client_id":"L","wh', { truncated: true });
    expect(await retry(rig)).toEqual({
      leads: { written: 0, superseded: 0, kept: 1, truncated: 1 },
    });
    expect(await left(rig)).toMatchObject([
      { reason: "refused by an earlier rule", truncated: true },
    ]);
  });

  it("costs the lease alone where nothing is in quarantine", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await (await rig.data()).syncState();
    expect(await retry(rig)).toEqual({});
    expect(await (await rig.data()).syncState()).toEqual(before);
    expect((await rig.sync()).status).toBe("success");
  });

  it("gives way to a sync, and does nothing to a tenant that is not active", async () => {
    await using rig = await createRig();
    await rig.sync();
    await put(rig, "leads", "L", LEAD);
    const writer = await SyncWriter.open(rig.store, rig.tenant.id, rig.clock, {
      owner: "another",
      runId: "another",
    });
    expect(await retry(rig)).toBeNull();
    await writer!.lease.release({ sets: [], deletes: [] });
    await setTenantStatus(rig.store, rig.tenant.id, "suspended");
    expect(await retry(rig)).toBeNull();
    expect(await left(rig)).toHaveLength(1);
  });

  it("killed at any commit is made good by the next sync", async () => {
    for (let n = 1; n <= 9; n++) {
      await using rig = await createRig();
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      await rig.sync();
      brand.putLead(LEAD);
      brand.putOpportunity(DEAL);
      await put(rig, "leads", "L", LEAD);
      await put(rig, "opportunities", "O", DEAL);
      const { store } = await rig.another(crashAt(n, "after"));
      const { id } = rig.tenant;
      await retryQuarantine({ store, clock: rig.clock }, id).catch(() => {});
      rig.clock.advance(HOUR);
      expect([n, (await rig.sync()).status]).toEqual([n, "success"]);
      expect([n, await differences(rig)]).toEqual([n, []]);
      expect([n, await left(rig)]).toEqual([n, []]);
    }
  });
});
