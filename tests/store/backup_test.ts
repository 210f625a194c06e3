import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { decodeRow, encodeRow } from "../../lib/store/backup/_codec.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { tenantKeys } from "../../lib/store/keys.ts";
import { Lease, LEASE_MS, type LeaseValue } from "../../lib/store/lease.ts";
import {
  type BackupProgress,
  createSession,
  createTenant,
  listSyncDue,
  markSyncDue,
  setTenantStatus,
  type Store,
  takeAttempt,
  writeBackup,
} from "../../lib/store/mod.ts";
import { MIGRATIONS } from "../../lib/store/migrations/migrations.ts";
import { MINUTE, SECOND, TestClock } from "../_clock.ts";
import { allRows, type Dump, dump } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import {
  backUp,
  type Bytes,
  type Comparable,
  comparable,
  kept,
  linesOf,
  restore,
} from "./_backup.ts";

/** The schema of this release. */
const SCHEMA = MIGRATIONS.at(-1)!.version;

let rig: SyncRig;
beforeEach(async () => {
  rig = await createRig({ brand: { leads: 6 } });
});
afterEach(async () => await rig[Symbol.asyncDispose]());

const rowsOf = (backup: Bytes) =>
  linesOf(backup).slice(1, -1).map((line) => decodeRow(JSON.parse(line)));

/** The tenant's rows in a backup, as a sync would leave them. */
async function dumpOf(backup: Bytes): Promise<Dump> {
  const kv = await Deno.openKv(":memory:");
  try {
    await restore(backup, { kv });
    return await dump(kv, rig.tenant.id);
  } finally {
    kv.close();
  }
}

/** Runs `act` once, after the backup has begun to read a tenant's rows and before it has read any. */
async function backUpWhile(act: () => Promise<unknown>): Promise<Bytes> {
  let begun = false;
  const { store } = await rig.another({
    beforeGet: async () => {
      if (!begun) return;
      begun = false;
      await act();
    },
  });
  return await backUp(store, {
    clock: rig.clock,
    onProgress: ({ phase }) => begun = phase === "writing",
  });
}

describe("encodeRow()", () => {
  const text = fc.string({ unit: "binary" });
  const leaf = fc.oneof(
    text,
    fc.constantFrom("$bytes", "$plain", "\ud800", "__proto__", "\n"),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.uint8Array(),
  );
  const name = fc.oneof(
    text,
    fc.constantFrom("$bytes", "$plain", "$number", "$undefined", "$x"),
  ).filter((name) => name !== "__proto__");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(name, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const part = fc.oneof(
    text,
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.uint8Array(),
  );

  it("keeps every key and value that the database can hold", () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        value,
        (key, value) => {
          const line = encodeRow({ key, value });
          expect(line).not.toContain("\n");
          expect(decodeRow(JSON.parse(line))).toStrictEqual({ key, value });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps a counter of the database", () => {
    const row = { key: ["n"], value: new Deno.KvU64(2n ** 63n) };
    expect(decodeRow(JSON.parse(encodeRow(row)))).toStrictEqual(row);
  });

  for (
    const [kind, value] of [
      ["Date", new Date(0)],
      ["Map", { in: [new Map()] }],
      ["Uint16Array", new Uint16Array(1)],
    ] as const
  ) {
    it(`refuses a ${kind} with the key of the row`, () => {
      expect(() => encodeRow({ key: ["odd", 1], value })).toThrow(
        `Cannot back up the row ["odd",1]: a backup cannot hold a ${kind}`,
      );
    });
  }
});

describe("writeBackup()", () => {
  it("begins with what the file is and ends with its rows and checksum", async () => {
    const backup = await backUp(rig.store, rig);
    const lines = linesOf(backup);
    expect(JSON.parse(lines[0]!)).toEqual({
      format: "tetherboard-backup",
      version: 1,
      schemaVersion: SCHEMA,
      storeId: rig.store.id,
      createdAt: "2026-03-11T15:00:00.000Z",
    });
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      rows: lines.length - 2,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("holds every row, the directory first", async () => {
    await rig.sync();
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    await rig.kv.set(["of a later version", 1n], { a: new Uint8Array([1]) });
    await rig.kv.set(["t", "nobody's", "leads", "1"], "without a directory");
    const rows = rowsOf(await backUp(rig.store, rig));
    const firsts = [...new Set(rows.map(({ key }) => key[0]))];
    expect(firsts).toEqual([
      "tenants",
      "tenants_by_slug",
      "of a later version",
      "sync_due",
      "t",
    ]);
    const stored = (await allRows(rig.kv)).filter(({ key }) =>
      !["schema_version", "store_id"].includes(String(key[0]))
    );
    const textsOf = (some: readonly Comparable[]) =>
      some.map((row) => JSON.stringify(row)).sort();
    // A whole number of the key is text here, since JSON has none so large.
    const plain = (some: readonly Comparable[]) =>
      some.map(({ key, value }) => ({ key: key.map(String), value }));
    expect(textsOf(plain(comparable(rows)))).toEqual(
      textsOf(plain(kept(stored))),
    );
  });

  it("leaves out sessions, links, challenges and throttles, which a restore would revive", async () => {
    await createSession(rig.store, "hash", {
      userId: "u",
      epoch: 0,
      tenantId: null,
      createdAt: "2026-03-11T15:00:00.000Z",
      seenAt: "2026-03-11T15:00:00.000Z",
      expiresAt: "2026-03-11T19:00:00.000Z",
    }, rig.clock);
    const limit = { attempts: 5, windowMs: MINUTE };
    await takeAttempt(rig.store, "sign_in", "a@example.com", limit, rig.clock);
    await rig.kv.set(["links", "hash"], { purpose: "reset" });
    await rig.kv.set(["challenges", "hash"], { kind: "sign_in" });
    const keys = rowsOf(await backUp(rig.store, rig)).map(({ key }) => key[0]);
    expect(new Set(keys)).toEqual(new Set(["tenants", "tenants_by_slug", "t"]));
  });

  it("leaves out the packed text of notes, which names versions of rows", async () => {
    const kinds = async () =>
      rowsOf(await backUp(rig.store, rig)).map(({ key }) => key[2]);
    rig.deps.notesTextFrom = 1;
    rig.simulator.brand(TEST_WEB_KEY).putNote({ id: "n", content: "Called" });
    await rig.sync();
    const prefix = tenantKeys(rig.tenant.id).notesTexts();
    expect((await Array.fromAsync(rig.kv.list({ prefix }))).length)
      .toBeGreaterThan(0);
    expect(await kinds()).toContain("ct_notes");
    expect(await kinds()).not.toContain("notes_text");
  });

  it("keeps secrets as they are stored, encrypted", async () => {
    const text = linesOf(await backUp(rig.store, rig)).join("\n");
    expect(text).toContain("clienttetherWebKey");
    expect(text).not.toContain(TEST_WEB_KEY);
    expect(text).not.toContain(
      new TextEncoder().encode(TEST_WEB_KEY).toBase64().slice(0, -4),
    );
  });

  it("tells of each tenant by its slug", async () => {
    await rig.addTenant("Zeta", "no key");
    const told: BackupProgress[] = [];
    await backUp(rig.store, {
      clock: rig.clock,
      onProgress: (progress) => told.push(progress),
    });
    expect(told).toEqual([
      { phase: "writing", tenant: "test-brand", index: 1, of: 2, rows: 4 },
      { phase: "writing", tenant: "zeta", index: 2, of: 2, rows: 6 },
    ]);
  });

  it("gives the lease back and writes it as free", async () => {
    const backup = await backUp(rig.store, rig);
    const { value } = await rig.kv.get<LeaseValue>(
      tenantKeys(rig.tenant.id).syncLease(),
    );
    const free = { owner: null, runId: null, expiresAt: 0, fence: 1 };
    expect(value).toEqual(free);
    const lease = rowsOf(backup).find(({ key }) => key[2] === "sync_lease");
    expect(lease?.value).toEqual(free);
  });

  it("reads a tenant that is not active without its lease", async () => {
    await setTenantStatus(rig.store, rig.tenant.id, "suspended");
    const rows = rowsOf(await backUp(rig.store, rig));
    const kinds = rows.filter(({ key }) => key[0] === "t")
      .map(({ key, value }) => [key[2], value]);
    expect(kinds).toEqual([["state", "suspended"]]);
  });

  it("gives the lease back when the file cannot be written", async () => {
    const k = tenantKeys(rig.tenant.id);
    for (let n = 0; n < 40; n++) {
      const value = crypto.getRandomValues(new Uint8Array(60_000));
      await rig.kv.set(k.report(`week ${n}`), value);
    }
    let wasHeld = false;
    const to = new WritableStream<Bytes>({
      write: async () => {
        const { value } = await rig.kv.get<LeaseValue>(k.syncLease());
        wasHeld = value!.owner !== null;
        throw new Error("the disk is full");
      },
    });
    await expect(writeBackup(rig.store, to, rig)).rejects.toThrow(
      "the disk is full",
    );
    const { value } = await rig.kv.get<LeaseValue>(k.syncLease());
    expect([wasHeld, value!.owner]).toEqual([true, null]);
  });
});

describe("writeBackup() while syncs run", () => {
  it("waits for a sync under way and holds all that it wrote", async () => {
    const waiting = Promise.withResolvers<void>();
    const synced = Promise.withResolvers<void>();
    const told: string[] = [];
    const patient = {
      now: () => rig.clock.now(),
      sleep: () => synced.promise,
    };
    let backup: Promise<Bytes> | undefined;
    const fetch = rig.deps.fetch;
    rig.deps.fetch = async (url, init) => {
      backup ??= backUp(rig.store, {
        clock: patient,
        onProgress: ({ phase }) => {
          told.push(phase);
          if (phase === "waiting") waiting.resolve();
        },
      });
      await waiting.promise;
      return await fetch(url, init);
    };
    expect((await rig.sync()).status).toBe("success");
    const after = await dump(rig.kv, rig.tenant.id);
    synced.resolve();
    expect(await dumpOf(await backup!)).toEqual(after);
    expect(told).toEqual(["waiting", "writing"]);
  });

  it("lets no sync start meanwhile, which keeps its mark", async () => {
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    rig.simulator.brand(TEST_WEB_KEY).putLead({ client_id: "new" });
    await markSyncDue(rig.store, rig.tenant.id, rig.clock);
    const statuses: string[] = [];
    const backup = await backUpWhile(async () => {
      statuses.push((await rig.sync()).status);
    });
    expect(statuses).toEqual(["busy"]);
    expect(await dumpOf(backup)).toEqual(before);
    expect(await listSyncDue(rig.store)).toEqual([rig.tenant.id]);
    expect((await rig.sync()).recordsUpdated).toBeGreaterThan(0);
  });

  it("gives up after ten minutes with one sentence", async () => {
    const k = tenantKeys(rig.tenant.id);
    const who = { owner: "long", runId: "long" };
    const port = createKvPort(rig.kv);
    const lease = await Lease.take(port, k, rig.clock, who);
    class Renewing extends TestClock {
      override async sleep(ms: number) {
        rig.clock.advance(ms);
        await super.sleep(ms);
        if (rig.clock.now() % (10 * SECOND) === 0) await lease!.renew();
      }
    }
    await expect(backUp(rig.store, { clock: new Renewing() })).rejects.toThrow(
      "Cannot back up tenant 'test-brand': a sync of it did not end within 10 minutes",
    );
  });

  it("is no backup when a sync took the lease over", async () => {
    const backup = backUpWhile(async () => {
      rig.clock.advance(LEASE_MS);
      expect((await rig.sync()).status).toBe("success");
    });
    await expect(backup).rejects.toThrow(
      "Cannot back up tenant 'test-brand': its status changed, or a sync took its lease, while it was read; try again",
    );
  });

  it("is no backup when a tenant became active while it was read", async () => {
    await setTenantStatus(rig.store, rig.tenant.id, "inactive");
    const backup = backUpWhile(() =>
      setTenantStatus(rig.store, rig.tenant.id, "active")
    );
    await expect(backup).rejects.toThrow("Cannot back up tenant 'test-brand'");
  });
});

describe("writeBackup() while tenants are made", () => {
  /** Makes a tenant after each of the first `times` reads of the database. */
  async function busyStore(times: number): Promise<Store> {
    let opened = false;
    let n = 0;
    const { store } = await rig.another({
      beforeGet: async () => {
        if (!opened || n >= times) return;
        const input = { name: `Brand ${n++}`, timezone: "UTC" };
        await createTenant(rig.store, input, rig.clock);
      },
    });
    opened = true;
    return store;
  }

  it("holds the directory as it stood at one moment", async () => {
    const rows = rowsOf(await backUp(await busyStore(9), rig));
    const idsOf = (kind: string, id: (row: typeof rows[number]) => unknown) =>
      rows.filter(({ key }) => key[0] === kind).map(id).sort();
    const ids = idsOf("tenants", ({ key }) => key[1]);
    expect(ids).toHaveLength(10);
    expect(idsOf("tenants_by_slug", ({ value }) => value)).toEqual(ids);
    const states = rows.filter(({ key }) => key[2] === "state");
    expect(states.map(({ key }) => key[1]).sort()).toEqual(ids);
  });

  it("gives up when the directory never holds still", async () => {
    await expect(backUp(await busyStore(Infinity), rig)).rejects.toThrow(
      "brands or users were changed again and again",
    );
  });
});
