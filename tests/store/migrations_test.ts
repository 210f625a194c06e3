import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { TerminalError } from "../../lib/domain/mod.ts";
import { createKvPort, type KvPort } from "../../lib/store/_kv.ts";
import { keys } from "../../lib/store/keys.ts";
import { openStore } from "../../lib/store/mod.ts";
import {
  migrate,
  type Migration,
  MIGRATIONS,
} from "../../lib/store/migrations/migrations.ts";
import { allRows } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";

let kv: Deno.Kv;
let port: KvPort;
let ran: number[];

beforeEach(async () => {
  kv = await Deno.openKv(":memory:");
  port = createKvPort(kv);
  ran = [];
});
afterEach(() => kv.close());

function step(version: number, run = () => Promise.resolve()): Migration {
  return {
    version,
    name: `step ${version}`,
    run: async () => {
      await run();
      ran.push(version);
    },
  };
}

const version = async () => (await kv.get(keys.schemaVersion())).value;

describe("migrate()", () => {
  it("runs every step in order on an empty database", async () => {
    expect(await migrate(port, [step(1), step(2), step(3)])).toBe(3);
    expect(ran).toEqual([1, 2, 3]);
    expect(await version()).toBe(3);
  });

  it("runs only the steps that are new to a database", async () => {
    await migrate(port, [step(1), step(2)]);
    await migrate(port, [step(1), step(2), step(3), step(4)]);
    expect(ran).toEqual([1, 2, 3, 4]);
  });

  it("goes on at the step that a crash interrupted", async () => {
    const crash = () => Promise.reject(new Error("the process died"));
    const crashing = migrate(port, [step(1), step(2, crash), step(3)]);
    await expect(crashing).rejects.toThrow("the process died");
    expect(await version()).toBe(1);
    expect(await migrate(port, [step(1), step(2), step(3)])).toBe(3);
    expect(ran).toEqual([1, 2, 3]);
  });

  it("repeats a step that was done but not noted when the process died", async () => {
    const dies = () => {
      throw new Error("the process died");
    };
    const dying = createKvPort(hookedKv(kv, { beforeCommit: dies }));
    await expect(migrate(dying, [step(1)])).rejects.toThrow("died");
    await migrate(port, [step(1)]);
    expect(ran).toEqual([1, 1]);
    expect(await version()).toBe(1);
  });

  it("starts again from what is there when another process migrates at the same time", async () => {
    const other = [step(1), step(2)];
    const mine = [
      step(1, async () => {
        if (ran.length === 0) await migrate(createKvPort(kv), other);
      }),
      step(2),
    ];
    expect(await migrate(port, mine)).toBe(2);
    expect(ran).toEqual([1, 2, 1]);
  });

  it("refuses a database that is newer than the code and changes nothing", async () => {
    await kv.set(keys.schemaVersion(), 9);
    const before = await allRows(kv);
    await expect(migrate(port, [step(1), step(2)])).rejects.toThrow(
      "Cannot use this database: its schema is version 9, this release knows up to 2. Install the newer release.",
    );
    expect(ran).toEqual([]);
    expect(await allRows(kv)).toEqual(before);
  });
});

describe("MIGRATIONS", () => {
  it("are numbered upwards from 1", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(
      MIGRATIONS.map((_, n) => n + 1),
    );
  });
});

describe("openStore()", () => {
  it("makes the store's id once", async () => {
    const first = await openStore({ kv: hookedKv(kv, {}) });
    const second = await openStore({ kv: hookedKv(kv, {}) });
    expect(first.id).toMatch(/^[0-9A-Z]{26}$/);
    expect(second.id).toBe(first.id);
    expect(await first.health()).toBe(true);
  });

  it("takes the id of whoever was faster when two processes boot at once", async () => {
    const slow = hookedKv(kv, {
      // The first commit notes the schema, the second the id.
      beforeCommit: (n) => n === 2 ? kv.set(keys.storeId(), "theirs") : null,
    });
    expect((await openStore({ kv: slow })).id).toBe("theirs");
  });

  it("accepts the id that PORTAL_STORE_ID names", async () => {
    const { id } = await openStore({ kv });
    expect((await openStore({ kv, expectedId: id })).id).toBe(id);
  });

  it("refuses a database with another id: it may be a throwaway", async () => {
    const own = await Deno.openKv(":memory:");
    const opening = openStore({ kv: own, expectedId: "EXPECTED" });
    await expect(opening).rejects.toThrow(TerminalError);
    await expect(opening).rejects.toThrow(
      /^Cannot use this database: its id is '[0-9A-Z]{26}', but PORTAL_STORE_ID asks for 'EXPECTED'\. Is the right database attached\?$/,
    );
  });

  it("closes the database that it refuses", async () => {
    const own = await Deno.openKv(":memory:");
    await own.set(keys.schemaVersion(), 99);
    await expect(openStore({ kv: own })).rejects.toThrow(TerminalError);
    expect(() => own.close()).toThrow();
  });

  it("says that an unhealthy database is one, without an exception", async () => {
    let down = false;
    const hooks = {
      beforeGet() {
        if (down) throw new Error("gone");
      },
    };
    const store = await openStore({ kv: hookedKv(kv, hooks) });
    down = true;
    expect(await store.health()).toBe(false);
  });
});
