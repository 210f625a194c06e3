import { gunzipSync } from "node:zlib";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { NotFoundError } from "../../lib/domain/mod.ts";
import {
  createSavedView,
  createUser,
  listAudit,
  listSavedViews,
  setTenantStatus,
} from "../../lib/store/mod.ts";
import {
  type EraseOptions,
  erasePerson,
  verifyTenant,
} from "../../lib/sync/mod.ts";
import { allRows, differences, dump } from "../_dump.ts";
import { crashAt } from "../_kv.ts";
import { createRig, type RigOptions, type SyncRig } from "../_sync.ts";
import { brandOf, expectSame, hour } from "./_replay.ts";

/** Stands in every text that ClientTether holds about the person. */
const CANARY = "Zeldwick";
const PERSON = "9000017";
const LONG = `${CANARY} asked again. `.repeat(3_000);

const erase = (rig: Pick<SyncRig, "deps" | "tenant">, options?: EraseOptions) =>
  erasePerson(rig.deps, rig.tenant.id, PERSON, options);

/** A synced tenant with a person of whom there is something in every stream, in several runs' raw. */
async function withPerson(options: RigOptions = {}): Promise<SyncRig> {
  const rig = await createRig({ tenant: { id: "acme" }, ...options });
  putPerson(rig, "QR Returned");
  await rig.sync();
  putPerson(rig, "Deal Structure");
  await hour(rig);
  brandOf(rig).removeOpportunity("9000021");
  await hour(rig);
  await saveViews(rig);
  return rig;
}

/** Two users have views that search for the person or are named for them. */
async function saveViews({ store, tenant, clock }: SyncRig): Promise<void> {
  for (
    const [email, ...views] of [
      ["one@example.com", ["Mine", `search=${CANARY}&sort=name`]],
      ["two@example.com", [`About ${CANARY}`, "stage=Lost"]],
    ] as const
  ) {
    const user = await createUser(store, {
      ...{ email, name: "Somebody", passwordHash: null },
      membership: { scope: tenant.id, role: "tenant_viewer" },
    }, clock);
    for (const [name, query] of views) {
      const view = { list: "leads", name, query };
      await createSavedView(store, tenant.id, user.id, view, clock);
    }
  }
}

function putPerson(rig: SyncRig, stage: string): void {
  const brand = brandOf(rig);
  const names = { firstName: "Imogen", lastName: CANARY };
  brand.putLead({
    ...names,
    client_id: PERSON,
    email: `${CANARY}@example.com`,
    contact_type: "1",
    clients_sales_cycle: stage,
    created: "2026-03-01 10:00:00",
  });
  for (const opportunity_id of ["9000020", "9000021"]) {
    brand.putOpportunity({
      ...names,
      opportunity_id,
      client_id: PERSON,
      contact_type: "1",
      contact_sales_cycle: stage,
      deal_size: "100000",
    });
  }
  brand.putNote({
    id: "9000030",
    contact_id: PERSON,
    content: `Called ${CANARY}`,
    date: "2026-03-11 09:00:00",
  });
  brand.putNote({
    id: "9000031",
    contact_id: PERSON,
    content: `${LONG} ${stage}`,
    date: "2026-03-11 09:30:00",
  });
  brand.putActivity({
    id: "9000040",
    contact_id: PERSON,
    contact_name: `Imogen ${CANARY}`,
    scheduled_at: "2026-03-12 09:00:00",
  });
  // Too large to be kept: it goes to quarantine.
  brand.putActivity({
    id: "9000041",
    contact_id: PERSON,
    description: LONG,
    scheduled_at: "2026-03-12 10:00:00",
  });
}

/** The tenant's rows that name the person, raw and packed texts read, as keys. */
async function mentions({ kv, tenant }: SyncRig): Promise<string[]> {
  const found: string[] = [];
  const packed = new Map<string, Uint8Array[]>();
  const names = (text: string) =>
    text.includes(CANARY) || /90000[1-4]\d/.test(text);
  for (const { key, value } of await allRows(kv)) {
    if (key[0] === "t" && key[1] !== tenant.id) continue;
    const at = key.slice(2).join("/");
    const raw = value instanceof Uint8Array && key[2] === "ct_raw_chunks";
    if (raw) {
      const sha256 = String(key[3]);
      packed.set(sha256, [...packed.get(sha256) ?? [], value]);
    } else if (names(at) || names(textOf(value))) found.push(at);
  }
  for (const [sha256, parts] of packed) {
    const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).bytes());
    if (names(gunzipSync(bytes).toString())) found.push(`chunk ${sha256}`);
  }
  return found;
}

/** A value as text, packed texts read. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return bytesText(value);
  const text = JSON.stringify(
    value,
    (_, field) => field instanceof Uint8Array ? bytesText(field) : field,
  );
  return text ?? "";
}

function bytesText(bytes: Uint8Array): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(packed ? gunzipSync(bytes) : bytes);
}

async function expectErased(rig: SyncRig): Promise<void> {
  expect(await mentions(rig)).toEqual([]);
  await expectSame(rig);
  await expectSame(rig, { from: "2026-03-01" });
  const { store, clock, tenant } = rig;
  const found = await verifyTenant({ store, clock }, tenant.id);
  expect(found?.differences).toEqual([]);
  expect(found?.remarks).toEqual([]);
}

describe("erasePerson()", () => {
  it("leaves nothing of the person: records, indexes, quarantine, traces, raw", async () => {
    await using rig = await withPerson();
    expect((await mentions(rig)).length).toBeGreaterThan(15);
    const certificate = await erase(rig);
    await expectErased(rig);
    expect(certificate!.removed).toMatchObject({
      leads: 1,
      opportunities: 1,
      notes: 2,
      activities: 1,
      quarantine: 1,
      tombstones: 1,
      stage_changes: 4,
      saved_views: 2,
    });
    expect(certificate!.removed.raw_lines).toBeGreaterThan(8);
  });

  it("takes no view that only others are found by", async () => {
    await using rig = await withPerson();
    const { store, tenant, clock } = rig;
    const user = await createUser(store, {
      ...{ email: "three@example.com", name: "Somebody", passwordHash: null },
      membership: { scope: tenant.id, role: "tenant_viewer" },
    }, clock);
    for (const query of ["search=imogen", "search=tampa", "source=Web"]) {
      const view = { list: "leads", name: query, query };
      await createSavedView(store, tenant.id, user.id, view, clock);
    }
    await erase(rig);
    const left = await listSavedViews(store, tenant.id, user.id);
    expect(left.map(({ query }) => query)).toEqual([
      "search=tampa",
      "source=Web",
    ]);
  });

  it("takes a view that searches for an earlier name of the person", async () => {
    await using rig = await withPerson();
    brandOf(rig).putLead({
      ...{ client_id: PERSON, firstName: "Imogen", lastName: "Newname" },
      ...{ contact_type: "1", clients_sales_cycle: "Deal Structure" },
    });
    await hour(rig);
    const certificate = await erase(rig);
    expect(certificate!.removed.saved_views).toBe(2);
    expect(await mentions(rig)).toEqual([]);
  });

  it("leaves the others as they would be without the person", async () => {
    await using rig = await withPerson();
    await using without = await createRig({ tenant: { id: "acme" } });
    await without.sync();
    await hour(without);
    await hour(without);
    await erase(rig);
    const others = [
      "sync_state",
      "sync_lease",
      "sync_runs",
      "ct_raw_snapshots",
      "ct_raw_chunks",
    ];
    const one = await dump(without.kv, "acme", others);
    const other = await dump(rig.kv, "acme", others);
    expect(differences(one, other)).toEqual([]);
  });

  it("computes today's figures anew and lets earlier days stand", async () => {
    await using rig = await withPerson();
    const views = async (day: string) => (await rig.data()).views(day);
    const day = "2026-03-11";
    const before = await views(day);
    await hour(rig, 24);
    await erase(rig);
    expect(await views(day)).toEqual(before);
    const today = (await views("2026-03-12")).leads!.totalLeads;
    const { prospects, counts } = await (await rig.data()).syncState();
    expect(prospects).toBe(today);
    expect(counts.leads).toBe(
      (await rig.simulator.brand("test-web-key-one"))
        .counts().leads - 1,
    );
  });

  it("brings the person back with the next sync, unless asked to keep out", async () => {
    await using rig = await withPerson();
    await erase(rig);
    await hour(rig);
    expect(await mentions(rig)).toContain(`leads/${PERSON}`);
    await erase(rig, { keepOut: true });
    const report = await hour(rig);
    expect(report.status).toBe("success");
    expect(await mentions(rig)).toEqual([]);
    putPerson(rig, "FA Sent");
    const next = await hour(rig, 24);
    expect(next.status).toBe("success");
    const { fetched, written, unchanged, quarantined } = next.streams.leads!;
    expect(fetched).toBe(written + unchanged + quarantined);
    await expectErased(rig);
  });

  it("keeps a person out whose notes are read contact by contact", async () => {
    await using rig = await withPerson({ brand: { notesList: false } });
    await erase(rig, { keepOut: true });
    expect(await mentions(rig)).toEqual([]);
    await hour(rig, 24);
    await expectErased(rig);
  });

  it("goes on where it was cut off, at whichever commit, and counts the same", async () => {
    const whole = await withPerson();
    const { removed } = (await erase(whole))!;
    whole.dispose();
    for (const when of ["before", "after"] as const) {
      for (let n = 2;; n++) {
        await using rig = await withPerson();
        const dying = await rig.another(crashAt(n, when));
        const cut = await erase({ ...rig, deps: dying.deps })
          .then(() => false, () => true);
        rig.clock.advance(60_000);
        const again = await erase(rig);
        expect([n, when, again?.removed]).toEqual([n, when, removed]);
        await expectErased(rig);
        const query = { limit: 9, action: "person.erased" };
        expect((await listAudit(rig.store, query)).rows).toHaveLength(1);
        if (cut) continue;
        expect(n).toBeGreaterThan(8);
        break;
      }
    }
  });

  it("takes away what a run left that was cut short, too", async () => {
    await using rig = await withPerson();
    putPerson(rig, "FA Sent");
    const dying = await rig.another(crashAt(5, "after"));
    await dying.sync({ full: true }).catch(() => {});
    rig.clock.advance(60_000);
    await erase(rig);
    expect(await mentions(rig)).toEqual([]);
    brandOf(rig).removeLead(PERSON);
    await erase(rig, { keepOut: true });
    await hour(rig);
    await expectErased(rig);
  });

  it("answers the same certificate when it is run again, and writes one entry that names nobody", async () => {
    await using rig = await withPerson();
    const actor = { kind: "user", id: "u-1", name: "ann@example.com" } as const;
    const first = await erase(rig, { actor, requestId: "r-1" });
    rig.clock.advance(60_000);
    expect(await erase(rig)).toEqual(first);
    const query = { limit: 9, action: "person.erased" };
    const { rows } = await listAudit(rig.store, query);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      actor,
      requestId: "r-1",
      tenantId: "acme",
      target: first!.personHash,
    });
    expect(JSON.stringify(rows)).not.toMatch(/Zeldwick|9000017/);
    const kept = await erase(rig, { keepOut: true });
    expect(kept).toMatchObject({ keepOut: true, total: 0 });
  });

  it("refuses while a sync is under way, and of a tenant that is not active", async () => {
    await using rig = await withPerson();
    const during: unknown[] = [];
    const busy = await rig.another({
      beforeCommit: async (n) => {
        if (n === 2) during.push(await erase(rig));
      },
    });
    await busy.sync();
    expect(during).toEqual([null]);
    await setTenantStatus(rig.store, "acme", "suspended");
    expect(await erase(rig)).toBeNull();
    await setTenantStatus(rig.store, "acme", "active");
  });

  it("says that nothing is known of such a person", async () => {
    await using rig = await withPerson();
    const nobody = erasePerson(rig.deps, "acme", "77", { keepOut: true });
    await expect(nobody).rejects.toBeInstanceOf(NotFoundError);
    expect(await rig.sync()).toMatchObject({ status: "success" });
  });
});
