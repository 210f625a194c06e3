import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { tenantKeys } from "../../lib/store/keys.ts";
import { createTenant, openStore, restoreBackup } from "../../lib/store/mod.ts";
import { MIGRATIONS } from "../../lib/store/migrations/migrations.ts";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { allRows } from "../_dump.ts";
import { Crash, crashAt, hookedKv } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import {
  backUp,
  type Bytes,
  comparable,
  kept,
  keptOpen,
  linesOf,
  packed,
  restore,
  whole,
} from "./_backup.ts";

/** The schema of this release. */
const SCHEMA = MIGRATIONS.at(-1)!.version;

let rig: SyncRig;
/** The database that is restored into. */
let kv: Deno.Kv;
beforeEach(async () => {
  rig = await createRig({ brand: { leads: 6 } });
  kv = await Deno.openKv(":memory:");
});
afterEach(async () => {
  kv.close();
  await rig[Symbol.asyncDispose]();
});

async function syncedBackup(): Promise<Bytes> {
  await rig.sync();
  return await backUp(rig.store, rig);
}

/** A store with a tenant and a session, as another agency's. */
async function fill(kv: Deno.Kv): Promise<void> {
  const store = await openStore({ kv });
  const input = { name: "Other", timezone: "UTC" };
  const { id } = await createTenant(store, input, rig.clock);
  await kv.set(tenantKeys(id).lead("1"), { name: "Somebody" });
  await kv.set(["sessions", "hash"], { userId: "u" });
}

const valuesOf = async (kv: Deno.Kv) => comparable(await allRows(kv));

describe("restoreBackup()", () => {
  it("makes the store what it was, row for row", async () => {
    const backup = await syncedBackup();
    const restored = await restore(backup, { kv });
    expect(restored).toMatchObject({
      storeId: rig.store.id,
      resumed: false,
      rows: linesOf(backup).length - 2,
    });
    expect(await valuesOf(kv)).toStrictEqual(kept(await allRows(rig.kv)));
    await assertSound(kv, rig.tenant.id);
  });

  it("leaves a store that syncs on as if nothing had been", async () => {
    await restore(await syncedBackup(), { kv });
    const store = await openStore({ kv, expectedId: rig.store.id });
    rig.clock.advance(HOUR);
    rig.deps.store = store;
    const report = await rig.sync();
    expect(report).toMatchObject({ status: "success", recordsUpdated: 0 });
  });

  it("keeps the order of the hot list's ranks, endless ones too", async () => {
    const k = tenantKeys(rig.tenant.id);
    const keys = [-5, -0, 0, Infinity].map((rank) =>
      [...k.hotListItems(), rank, "x"] as const
    );
    for (const key of keys) await rig.kv.set(key, { units: -0 });
    await restore(await backUp(rig.store, rig), { kv });
    const list = kv.list({ prefix: k.hotListItems() });
    const ranks = (await Array.fromAsync(list)).map(({ key }) => key[3]);
    expect(ranks).toStrictEqual([-5, -0, 0, Infinity]);
    for (const key of keys) await rig.kv.delete(key);
  });

  it("brings an older schema up to date", async () => {
    const [header = "", ...rest] = linesOf(await syncedBackup());
    const old = header.replace(
      `"schemaVersion":${SCHEMA}`,
      '"schemaVersion":0',
    );
    expect(old).not.toBe(header);
    await restore(whole([old, ...rest.slice(0, -1)]), { kv });
    expect((await kv.get(["schema_version"])).value).toBe(SCHEMA);
  });

  it("takes a database that was only ever opened as empty", async () => {
    const { id } = await openStore({ kv });
    await kv.set(["throttle", "sign_in", "hash"], { attempts: 1 });
    await restore(await syncedBackup(), { kv });
    expect(id).not.toBe(rig.store.id);
    expect(await valuesOf(kv)).toStrictEqual(kept(await allRows(rig.kv)));
  });

  it("leaves a database alone that is not empty", async () => {
    await fill(kv);
    const before = await allRows(kv);
    const restoring = restore(await syncedBackup(), { kv });
    await expect(restoring).rejects.toThrow(
      "Cannot restore: the database is not empty; --replace clears it first, with all it holds",
    );
    await expect(restoring).rejects.toHaveProperty("name", "UsageError");
    expect(await allRows(kv)).toEqual(before);
  });

  it("clears such a database first where that is asked for", async () => {
    await fill(kv);
    await restore(await syncedBackup(), { kv, replace: true });
    expect(await valuesOf(kv)).toStrictEqual(kept(await allRows(rig.kv)));
  });

  it("refuses a backup of another store than PORTAL_STORE_ID names", async () => {
    const restoring = restore(await syncedBackup(), {
      kv,
      expectedId: "another",
    });
    await expect(restoring).rejects.toThrow(
      `Cannot restore: the backup is of the store '${rig.store.id}', but PORTAL_STORE_ID asks for 'another'`,
    );
    expect(await allRows(kv)).toEqual([]);
  });
});

describe("restoreBackup() of a file that is no good", () => {
  const flipped = (bytes: Bytes, at: number) =>
    bytes.with(at, bytes[at]! ^ 0x10) as Bytes;
  const text = (words: string) => new TextEncoder().encode(words) as Bytes;
  const lines = (change: (lines: string[]) => string[]) => (backup: Bytes) =>
    packed(change(linesOf(backup)));
  const header = (from: string, to: string) => (backup: Bytes) => {
    const [first = "", ...rest] = linesOf(backup);
    expect(first).toContain(from);
    return whole([first.replace(from, to), ...rest.slice(0, -1)]);
  };
  const withRow = (row: string) => (backup: Bytes) =>
    whole([...linesOf(backup).slice(0, -1), row]);
  const DAMAGED = "the file is damaged, or no backup of Tetherboard";

  const cases: Record<string, [(backup: Bytes) => Bytes, string]> = {
    "an empty file": [() => text(""), DAMAGED],
    "a text": [() => text("Dear Sir or Madam"), DAMAGED],
    "a file that is cut in its middle": [
      (backup) => backup.slice(0, backup.length / 2),
      DAMAGED,
    ],
    "a file without its last byte": [(backup) => backup.slice(0, -1), DAMAGED],
    "a file with a bit flipped": [
      (backup) => flipped(backup, Math.floor(backup.length / 2)),
      DAMAGED,
    ],
    "a file with a wrong gzip checksum": [
      (backup) => flipped(backup, backup.length - 6),
      DAMAGED,
    ],
    "another gzip file": [
      () => packed(["some", "log"]),
      "(a line is no JSON)",
    ],
    "another JSON file": [
      () => packed(['{"format":"another"}']),
      "(its first line is not a backup's)",
    ],
    "a gzip of nothing": [
      () => packed([""]),
      "(a line is no JSON)",
    ],
    "a file without its last line": [
      lines((all) => all.slice(0, -1)),
      "(its end is missing)",
    ],
    "a file without one row": [
      lines((all) => all.toSpliced(2, 1)),
      "(it holds 3 rows of 4)",
    ],
    "a file with one row changed": [
      lines((all) => all.with(1, all[1]!.replace("Test", "Rest"))),
      "(its checksum is wrong)",
    ],
    "a file that goes on after its end": [
      lines((all) => [...all, all[1]!]),
      "(something follows its last line)",
    ],
    "a file with a row of the portal's own bookkeeping": [
      withRow('[["restore"],{"sha256":""}]'),
      "(a row cannot be read: it belongs into no backup)",
    ],
    "a file with a row that has no key": [
      withRow("[[],1]"),
      "(a row cannot be read: its key is none)",
    ],
    "a file with a value of a kind that is not known": [
      withRow('[["x"],{"$future":"1"}]'),
      "(a row cannot be read: it holds a value of an unknown kind)",
    ],
    "a file with an endless line": [
      withRow(`[["x"],"${"x".repeat(3_000_000)}"]`),
      "(a line is too long)",
    ],
    "a file of a newer format": [
      header('"version":1', '"version":2'),
      "Cannot restore: the backup has format 2, this release knows up to 1. Install the newer release",
    ],
    "a file of a newer schema": [
      header(`"schemaVersion":${SCHEMA}`, '"schemaVersion":99'),
      `Cannot restore: the backup's schema is version 99, this release knows up to ${SCHEMA}. Install the newer release`,
    ],
  };

  for (const [what, [make, message]] of Object.entries(cases)) {
    it(`refuses ${what} and does not even open the database`, async () => {
      const bad = make(await backUp(rig.store, rig));
      const dir = await Deno.makeTempDir();
      const path = `${dir}/portal.sqlite3`;
      try {
        const restoring = restore(bad, { path, replace: true });
        await expect(restoring).rejects.toThrow(message);
        await expect(restoring).rejects.toHaveProperty("name", "TerminalError");
        expect(await Array.fromAsync(Deno.readDir(dir))).toEqual([]);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    });
  }
});

describe("restoreBackup(), cut off and run again", () => {
  let backup: Bytes;
  let wanted: unknown[];
  beforeEach(async () => {
    // Large rows, so that the whole takes several commits.
    const k = tenantKeys(rig.tenant.id);
    for (let n = 0; n < 64; n++) {
      const value = new Uint8Array(50_000).fill(n);
      await rig.kv.set(k.report(`week ${n}`), value);
    }
    backup = await syncedBackup();
    wanted = kept(await allRows(rig.kv));
  });

  /** Restores until the nth commit of it; answers whether there was one. */
  async function crashed(n: number, when: "before" | "after") {
    const dying = hookedKv(keptOpen(kv), crashAt(n, when));
    return await restore(backup, { kv: dying, replace: true }).then(
      () => false,
      (error) => {
        if (error instanceof Crash) return true;
        throw error;
      },
    );
  }

  async function empty() {
    kv.close();
    kv = await Deno.openKv(":memory:");
  }

  for (const when of ["before", "after"] as const) {
    it(`ends the same wherever it died, ${when} a commit`, async () => {
      let finished = 0;
      let resumed = 0;
      let n = 1;
      for (;; n++) {
        await empty();
        await fill(kv);
        if (!await crashed(n, when)) break;
        const marked = (await kv.get(["restore"])).value !== null;
        if (marked) {
          await expect(openStore({ kv: keptOpen(kv) })).rejects.toThrow(
            "Cannot use this database: a restore of it was not finished. Run: portal restore FILE again",
          );
          const states = (await allRows(kv)).filter(({ key }) =>
            key[2] === "state" && key[1] === rig.tenant.id
          );
          const { phase, rows } = (await kv.get<{
            phase: string;
            rows: number;
          }>(["restore"])).value!;
          // A portal that runs all the same must take no tenant for whole before it is.
          if (phase === "clearing" || rows < wanted.length - 2) {
            expect(states).toEqual([]);
          }
        }
        const again = await restore(backup, { kv, replace: !marked });
        expect(again.resumed).toBe(marked);
        expect(await valuesOf(kv)).toStrictEqual(wanted);
        if (marked) resumed++;
        else finished++;
      }
      expect(await valuesOf(kv)).toStrictEqual(wanted);
      expect(n).toBeGreaterThan(8);
      expect(resumed).toBeGreaterThan(6);
      expect(finished).toBeGreaterThan(0);
    });
  }

  it("does not write again what is written", async () => {
    await crashed(6, "before");
    const { rows } = (await kv.get<{ rows: number }>(["restore"])).value!;
    expect(rows).toBeGreaterThan(0);
    const written: unknown[] = [];
    await restore(backup, {
      kv,
      observe: ({ kind, keys }) => kind === "commit" && written.push(...keys),
    });
    expect(written.length).toBeLessThan(wanted.length - rows + 10);
  });

  it("goes on with no other file, unless it is to begin anew", async () => {
    await crashed(5, "before");
    rig.clock.advance(HOUR);
    const other = await backUp(rig.store, rig);
    const restoring = restore(other, { kv });
    await expect(restoring).rejects.toThrow(
      /^Cannot restore: the restore of another backup, begun 20\d\d-.*, was not finished\. Give that file again, or --replace to begin anew with this one$/,
    );
    await expect(restoring).rejects.toHaveProperty("name", "UsageError");
    const anew = await restore(other, { kv, replace: true });
    expect(anew.resumed).toBe(false);
    expect(await valuesOf(kv)).toStrictEqual(kept(await allRows(rig.kv)));
  });

  it("lets one of two at the same time win", async () => {
    let second: unknown;
    const slow = hookedKv(keptOpen(kv), {
      beforeCommit: async (n) => {
        if (n === 4) second = await restore(backup, { kv });
      },
    });
    await expect(restore(backup, { kv: slow })).rejects.toThrow(
      "Cannot restore: another restore of this database is under way",
    );
    expect(second).toMatchObject({ resumed: true });
    expect(await valuesOf(kv)).toStrictEqual(wanted);
  });

  it("notices a file that was changed between its two readings", async () => {
    const other = whole(linesOf(backup).slice(0, -2));
    const files = [backup, other];
    const restoring = restoreBackup(
      () => Promise.resolve(new Blob([files.shift()!]).stream()),
      { kv: keptOpen(kv) },
    );
    await expect(restoring).rejects.toThrow(
      "Cannot restore: the file was changed while it was restored",
    );
    await restore(backup, { kv });
    expect(await valuesOf(kv)).toStrictEqual(wanted);
  });
});
