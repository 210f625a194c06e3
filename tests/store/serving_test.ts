import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  systemClock,
  TransientError,
  UsageError,
} from "../../lib/domain/mod.ts";
import { createKvPort, type KvPort } from "../../lib/store/_kv.ts";
import { valueFormat } from "../../lib/store/_value_format.ts";
import { keys } from "../../lib/store/keys.ts";
import {
  createTenant,
  type DenoRelease,
  openStore,
  openStorePatiently,
  servingDeno,
  THIS_DENO,
} from "../../lib/store/mod.ts";
import { guestPort, noteServing } from "../../lib/store/serving.ts";
import { allRows } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";
import { createRig } from "../_sync.ts";
import { backUp, keptOpen, linesOf, restore } from "./_backup.ts";

const EARLIER: DenoRelease = { deno: "2.5.0", format: 15 };
const LATER: DenoRelease = { deno: "2.9.6", format: 16 };
/** Reads less than this one writes, whichever this is. */
const UNABLE: DenoRelease = { ...EARLIER, format: THIS_DENO.format - 1 };
/** The address of a database elsewhere. */
const REMOTE = "https://kv.example.com:4512/db";

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await Deno.makeTempDir();
  path = `${dir}/portal.sqlite3`;
});
afterEach(() => Deno.remove(dir, { recursive: true }));

/** The stored bytes of each value, and how Deno KV says that they are to be read. */
function storedValues(): { v: Uint8Array; v_encoding: number }[] {
  const db = new DatabaseSync(path);
  try {
    return db.prepare("SELECT v, v_encoding FROM kv").all() as {
      v: Uint8Array;
      v_encoding: number;
    }[];
  } finally {
    db.close();
  }
}

describe("valueFormat()", () => {
  it("is what this Deno writes", async () => {
    const kv = await Deno.openKv(path);
    await kv.set(["value"], { of: "any kind" });
    kv.close();
    const [{ v } = { v: [] }] = storedValues();
    expect([v[0], v[1]]).toEqual([0xff, valueFormat(Deno.version.v8)]);
  });

  it("is that of the release before, or of the first that has another", () => {
    const formats = ["11.2.214.9", "14.8.99", "14.9.207.2", "15.0.245.2"]
      .map(valueFormat);
    expect(formats).toEqual([15, 15, 16, 16]);
  });
});

describe("the Deno that serves", () => {
  it("is noted where a process serves, in bytes that every Deno can read, and by no other process", async () => {
    (await openStore({ path })).close();
    const before = storedValues().length;
    (await openStorePatiently({ path })).close();
    const added = storedValues();
    expect(added.length).toBe(before + 1);
    const BYTES = 3;
    expect(
      added.filter(({ v_encoding }) => v_encoding === BYTES).map(({ v }) =>
        JSON.parse(new TextDecoder().decode(v))
      ),
    ).toEqual([THIS_DENO]);
    const store = await openStore({ path });
    expect(await servingDeno(store)).toEqual(THIS_DENO);
    store.close();
  });

  describe("over a database", () => {
    let kv: Deno.Kv;
    let port: KvPort;
    let commits: number;
    beforeEach(async () => {
      commits = 0;
      kv = await Deno.openKv(":memory:");
      port = createKvPort(hookedKv(kv, { beforeCommit: () => commits++ }));
    });
    afterEach(() => port.close());
    const change = { sets: [{ key: keys.settings(), value: "changed" }] };
    const stored = async () => (await kv.get(keys.settings())).value;

    it("is written where it is another one, and not again", async () => {
      await noteServing(port, null, EARLIER);
      await noteServing(port, EARLIER, EARLIER);
      expect(commits).toBe(1);
      await noteServing(port, EARLIER, LATER);
      expect(commits).toBe(2);
    });

    it("is written anew where the row is damaged", async () => {
      const store = await openStore({ kv: keptOpen(kv) });
      await kv.set(keys.serving(), new TextEncoder().encode("{"));
      expect(await servingDeno(store)).toBe(null);
      await noteServing(port, null, LATER);
      expect(await servingDeno(store)).toEqual(LATER);
    });

    it("is left for the next start where it cannot be written now", async () => {
      const full = () => {
        throw new TransientError("Cannot write: its disk is full");
      };
      const port = createKvPort(hookedKv(kv, { beforeCommit: full }), {
        clock: systemClock,
      });
      await noteServing(port, null, LATER);
      expect((await kv.get(keys.serving())).value).toBe(null);
    });

    it("keeps a guest from writing what it could not read, and from nothing else", async () => {
      await noteServing(port, null, EARLIER);
      const guest = guestPort(port, LATER);
      await expect(guest.commit(change)).rejects.toThrow(UsageError);
      await expect(guest.commit(change)).rejects.toThrow(
        "Cannot write to this database: the portal runs on Deno 2.5.0, which cannot read what Deno 2.9.6 writes; " +
          "run this with npx -y deno@2.5.0",
      );
      expect(await stored()).toBe(null);
      expect((await guest.get(keys.serving())).versionstamp).not.toBe(null);
    });

    it("lets a guest write whose values it can read, or where none has served yet", async () => {
      for (const serving of [null, LATER] as const) {
        if (serving) await noteServing(port, null, serving);
        for (const own of serving ? [EARLIER, LATER] : [LATER]) {
          await kv.delete(keys.settings());
          expect((await guestPort(port, own).commit(change)).ok).toBe(true);
          expect(await stored()).toBe("changed");
        }
      }
    });

    it("is in no backup, and stays through a restore", async () => {
      await using rig = await createRig({ brand: { leads: 6 } });
      await noteServing(createKvPort(rig.kv), null, LATER);
      (await openStore({ kv: keptOpen(kv) })).close();
      await noteServing(port, null, UNABLE);
      const backup = await backUp(rig.store, rig);
      const [serving] = keys.serving();
      expect(
        linesOf(backup).filter((line) => line.includes(`"${String(serving)}"`)),
      )
        .toEqual([]);
      await restore(backup, { kv, replace: true });
      const store = await openStore({ kv: keptOpen(kv) });
      expect(await servingDeno(store)).toEqual(UNABLE);
    });

    it("keeps commands and restores over a database elsewhere from writing, not those beside the portal", async () => {
      (await openStore({ kv: keptOpen(kv) })).close();
      await noteServing(port, null, UNABLE);
      const before = await allRows(kv);
      await using rig = await createRig({ brand: { leads: 6 } });
      const backup = await backUp(rig.store, rig);
      const refused = expect.stringContaining(
        "run this with npx -y deno@2.5.0",
      );
      const elsewhere = { kv: keptOpen(kv), path: REMOTE };
      const store = await openStore(elsewhere);
      const input = { name: "Acme", timezone: "UTC" };
      for (
        const work of [
          () => createTenant(store, input, systemClock),
          () => restore(backup, { ...elsewhere, replace: true }),
        ]
      ) {
        await expect(work()).rejects.toMatchObject({
          name: "UsageError",
          message: refused,
        });
      }
      expect(await servingDeno(store)).toEqual(UNABLE);
      expect(await allRows(kv)).toEqual(before);
      const beside = await openStore({ kv: keptOpen(kv) });
      await createTenant(beside, input, systemClock);
    });
  });
});
