import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { gunzipSync } from "node:zlib";
import { LEASE_MS } from "../../lib/store/lease.ts";
import {
  type RawChunk,
  type RawManifest,
  SyncWriter,
} from "../../lib/store/mod.ts";
import { replayTenant, verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { Crash, crashAt } from "../_kv.ts";
import { createRig, mutations, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

/** Rows that say what runs kept and when: after an interruption raw is kept whole. */
const OF_THE_RUNS = ["sync_runs", "ct_raw_snapshots", "ct_raw_chunks"];

function brandOf({ simulator }: SyncRig) {
  return simulator.brand(TEST_WEB_KEY);
}

/** A brand whose first sync of the day is over. */
async function settled(): Promise<SyncRig> {
  const rig = await createRig({ tenant: { id: "acme" } });
  await rig.sync();
  rig.clock.advance(HOUR);
  return rig;
}

/** One lead, one opportunity and one note change. */
function changeThree(rig: SyncRig): void {
  const brand = brandOf(rig);
  const [lead] = brand.rows("leads");
  const [deal] = brand.rows("opportunities");
  const note = brand.rows("notes").at(-1);
  brand.putLead({ ...lead, phone: "555" });
  brand.putOpportunity({ ...deal, deal_size: "501" });
  brand.putNote({ ...note, content: "Changed" });
}

async function manifests({ kv, tenant }: SyncRig) {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === "ct_raw_snapshots")
    .map(({ key, value }) => ({ key, value: value as RawManifest }));
}

function chunksOf({ streams }: RawManifest): RawChunk[] {
  return Object.values(streams).flatMap(({ chunks }) => chunks);
}

async function rowsOf({ kv, tenant }: SyncRig, kind: string) {
  return (await tenantRows(kv, tenant.id)).filter(({ key }) => key[2] === kind);
}

/** Words that gzip finds little in. */
function noise(words: number, seed: number): string {
  return Array.from(
    { length: words },
    (_, n) => Math.sin(n + 1000 * seed).toString(36),
  ).join(" ");
}

async function expectSound(rig: SyncRig): Promise<void> {
  const replay = await replayTenant(rig.deps, rig.tenant.id, { check: true });
  expect(replay.differences).toEqual([]);
  const deep = await verifyTenant(rig, rig.tenant.id);
  expect([deep?.differences, deep?.remarks]).toEqual([[], []]);
}

describe("the raw text of few changes", () => {
  it("stands in the manifest, without a row of its own", async () => {
    await using rig = await settled();
    const before = await rowsOf(rig, "ct_raw_chunks");
    changeThree(rig);
    rig.operations.length = 0;
    expect((await rig.sync()).recordsUpdated).toBe(3);
    expect(mutations(rig.operations)).toBeLessThanOrEqual(27);
    expect((await rowsOf(rig, "ct_raw_chunks")).length).toBe(before.length);
    const chunks = chunksOf((await manifests(rig)).at(-1)!.value);
    expect(chunks.map(({ parts, count }) => [parts, count])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(gunzipSync(chunks[0]!.packed!).toString()).toContain('"555"');
    await expectSound(rig);
  });

  it("has rows where it is large, or the manifest has no room", async () => {
    await using rig = await settled();
    const { store, clock, tenant } = rig;
    const who = { owner: "test", runId: "test" };
    const writer = (await SyncWriter.open(store, tenant.id, clock, who))!;
    const keep = async (words: number, seed = 0) => {
      const raw = writer.rawWriter({ small: true });
      await raw.add(noise(words, seed), true);
      const { chunks: [chunk], marked } = await raw.close();
      expect(marked).toEqual([chunk]);
      expect(await writer.readRaw(chunk!)).toEqual([noise(words, seed)]);
      return chunk!;
    };
    expect(await keep(200)).toMatchObject({ parts: 1 });
    const several = [];
    for (let n = 0; n < 8; n++) several.push(await keep(70, n));
    const inside = several.filter(({ packed }) => packed);
    expect(inside.length).toBeGreaterThan(3);
    expect(inside.length).toBeLessThan(8);
    const bytes = inside.reduce((sum, one) => sum + one.packed!.length, 0);
    expect(bytes).toBeLessThanOrEqual(4096);
    await writer.lease.release({ sets: [], deletes: [] });
  });

  it("of a list with more than one chunk has rows", async () => {
    await using rig = await settled();
    const { store, clock, tenant } = rig;
    const who = { owner: "test", runId: "test" };
    const writer = (await SyncWriter.open(store, tenant.id, clock, who))!;
    const raw = writer.rawWriter({ small: true });
    await raw.add("x".repeat(800 * 1024), true);
    await raw.add("the last, by itself", true);
    const { chunks } = await raw.close();
    expect(chunks.map(({ parts }) => parts)).toEqual([1, 1]);
    await writer.lease.release({ sets: [], deletes: [] });
  });

  it("is stored before the record that comes from it", async () => {
    await using rig = await settled();
    brandOf(rig).putLead({ client_id: "new", firstName: "Robin" });
    // The lease, the run as it begins, the manifest.
    const dying = await rig.another(crashAt(3, "after"));
    await expect(dying.sync()).rejects.toThrow(Crash);
    const { value } = (await manifests(rig)).at(-1)!;
    expect(value).toMatchObject({
      finished: false,
      streams: { leads: { count: 1, applied: false } },
    });
    expect(chunksOf(value)[0]!.packed).toBeInstanceOf(Uint8Array);
    const isNew = ({ key }: { key: Deno.KvKey }) => key.at(-1) === "new";
    expect((await rowsOf(rig, "leads")).some(isNew)).toBe(false);
    rig.clock.advance(LEASE_MS);
    await rig.sync();
    expect((await rowsOf(rig, "leads")).some(isNew)).toBe(true);
    await expectSound(rig);
  });

  it("loses nothing wherever its run was killed", async () => {
    const uninterrupted = async () => {
      await using rig = await settled();
      changeThree(rig);
      await rig.sync();
      return await dump(rig.kv, "acme", OF_THE_RUNS);
    };
    const expected = await uninterrupted();
    let commits = 0;
    for (let killed = true; killed; commits++) {
      for (const when of ["before", "after"] as const) {
        await using rig = await settled();
        changeThree(rig);
        const dying = await rig.another(crashAt(commits + 1, when));
        const error = await dying.sync().catch((error) => error);
        killed = error instanceof Crash;
        rig.clock.advance(LEASE_MS);
        await rig.sync();
        const found = await dump(rig.kv, "acme", OF_THE_RUNS);
        expect(
          differences(withoutCursor(found), withoutCursor(expected)),
        ).toEqual([]);
        await expectSound(rig);
      }
    }
    expect(commits).toBeGreaterThanOrEqual(9);
  });

  it("goes with its manifest when it has expired", async () => {
    await using rig = await settled();
    rig.deps.snapshotRetentionDays = 2;
    for (let hour = 0; hour < 5 * 24; hour++) {
      if (hour < 10) {
        brandOf(rig).putLead({ client_id: "new", firstName: `Robin ${hour}` });
      }
      await rig.sync();
      rig.clock.advance(HOUR);
    }
    const kept = await manifests(rig);
    expect(kept.some(({ value }) => chunksOf(value).some((one) => one.packed)))
      .toBe(false);
    await expectSound(rig);
  });

  it("is looked at by the deep check", async () => {
    await using rig = await settled();
    changeThree(rig);
    await rig.sync();
    const { key, value } = (await manifests(rig)).at(-1)!;
    const [chunk] = value.streams.leads!.chunks;
    const flaws: [Partial<RawChunk>, RegExp][] = [
      [{ packed: chunk!.packed!.subarray(0, -1).slice() }, /is not whole/],
      [{ packed: chunk!.packed!.toReversed() }, /cannot be unpacked/],
      [
        { packed: value.streams.notes!.chunks[0]!.packed! },
        /is not whole|something else/,
      ],
    ];
    for (const [flaw, says] of flaws) {
      const planted = structuredClone(value);
      Object.assign(planted.streams.leads!.chunks[0]!, flaw);
      await rig.kv.set(key, planted);
      const { differences = [] } = await verifyTenant(rig, "acme") ?? {};
      expect(differences).toHaveLength(1);
      expect(differences[0]).toMatch(says);
      expect(differences[0]).toMatch(/^ct_raw_snapshots \/ .*: leads, chunk /);
    }
    await rig.kv.set(key, value);
    await expectSound(rig);
  });
});

/** Where an interrupted run stood, and what the next one read whole, is its own. */
function withoutCursor(rows: Record<string, unknown>) {
  const { sync_state: state, ...rest } = rows;
  const { cursor: _cursor, streams: _streams, lastRun: _lastRun, ...known } =
    state as Record<string, unknown>;
  return { ...rest, sync_state: known };
}
