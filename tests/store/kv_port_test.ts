import { describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { expect } from "@std/expect";
import { DatabaseSync } from "node:sqlite";
import { type Clock, TransientError } from "../../lib/domain/mod.ts";
import { createKvPort, type KvOperation } from "../../lib/store/_kv.ts";
import { openPort } from "../../lib/store/store.ts";
import {
  createTenant,
  markSyncDue,
  openStore,
  type Store,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { hookedKv } from "../_kv.ts";

/** A clock that notes what is slept. */
class SleepLog extends TestClock {
  readonly sleeps: number[] = [];
  override sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    return super.sleep(ms);
  }
}

const locked = () => {
  throw new TypeError("database is locked");
};

/** A clock by the global timers, faked or not. */
const timerClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

async function memory(rows = 0): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  for (let from = 0; from < rows; from += 500) {
    const atomic = kv.atomic();
    const to = Math.min(rows, from + 500);
    for (let n = from; n < to; n++) atomic.set(["row", n], n);
    await atomic.commit();
  }
  return kv;
}

describe("createKvPort() on a locked database", () => {
  it("tries again with growing, jittered pauses until the lock is gone", async () => {
    const kv = await memory();
    const clock = new SleepLog();
    const hooks = { beforeCommit: (n: number) => n <= 3 ? locked() : null };
    const port = createKvPort(hookedKv(kv, hooks), {
      clock,
      random: () => 0.5,
    });
    const outcome = await port.commit({ sets: [{ key: ["a"], value: 1 }] });
    expect(outcome.ok).toBe(true);
    expect(clock.sleeps).toEqual([30, 60, 90]);
    port.close();
  });

  it("gives up at the deadline and says what was in the way", async () => {
    using time = new FakeTime();
    const kv = await memory();
    let tries = 0;
    const port = createKvPort(
      hookedKv(kv, { beforeCommit: () => (tries++, locked()) }),
      { clock: timerClock, random: () => 0 },
    );
    const outcome = port.commit({ sets: [{ key: ["a"], value: 1 }] })
      .catch((error) => error);
    await time.runAllAsync();
    const error = await outcome;
    expect(error).toBeInstanceOf(TransientError);
    expect(error.message).toBe(
      "Cannot write to the database: another process kept the database locked for 5 s",
    );
    expect(tries).toBeGreaterThan(50);
    port.close();
  });

  it("does not try again what failed for another reason", async () => {
    const kv = await memory();
    let tries = 0;
    const hooks = {
      beforeCommit() {
        tries++;
        throw new TypeError("Value too large");
      },
    };
    const port = createKvPort(hookedKv(kv, hooks), { clock: new TestClock() });
    await expect(port.commit({ deletes: [["a"]] })).rejects.toThrow(TypeError);
    expect(tries).toBe(1);
    port.close();
  });
});

describe("createKvPort() on a database that does not answer", () => {
  it("fails each kind of operation at the deadline, and closes when they have ended", async () => {
    using time = new FakeTime();
    const kv = await memory();
    const hung = Promise.withResolvers<void>();
    const wait = () => hung.promise;
    const port = createKvPort(
      hookedKv(kv, { beforeGet: wait, beforeCommit: wait }),
      { deadlineMs: 2_000 },
    );
    const outcomes = [
      port.get(["a"]),
      port.getMany([["a"]]),
      port.commit({ deletes: [["a"]] }),
    ].map((outcome) => outcome.catch((error) => error));
    time.tick(2_000);
    for (const error of await Promise.all(outcomes)) {
      expect(error).toBeInstanceOf(TransientError);
      expect(error.message).toMatch(
        /^Cannot (read from|write to) the database: the database did not answer within 2 s$/,
      );
    }
    // What hangs would hold a close up as well.
    port.close();
    expect((await kv.get(["a"])).value).toBeNull();
    hung.resolve();
    const closed = async () =>
      await kv.get(["a"]).then(() => false, () => true);
    while (!await closed());
  });
});

describe("getMany() of the port", () => {
  it("reads many keys a hundred at a time, ten a call", async () => {
    const kv = await memory(250);
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const beforeGet = () => {
      calls++;
      return gate.promise;
    };
    const port = createKvPort(hookedKv(kv, { beforeGet }));
    const keys = Array.from({ length: 250 }, (_, n) => ["row", n]);
    const reading = port.getMany<number>(keys);
    for (let n = 0; n < 100; n++) await Promise.resolve();
    expect(calls).toBe(10);
    gate.resolve();
    expect((await reading).map(({ value }) => value))
      .toEqual(keys.map(([, n]) => n));
    expect(calls).toBe(25);
    port.close();
  });
});

describe("list() of the port", () => {
  async function listed(
    options: Parameters<ReturnType<typeof createKvPort>["list"]>[1],
    selector: Deno.KvListSelector = { prefix: ["row"] },
  ): Promise<number[]> {
    const port = createKvPort(await memory(2_500));
    const rows = await Array.fromAsync(port.list<number>(selector, options));
    port.close();
    return rows.map(({ value }) => value);
  }

  it("goes on beyond the 1,000 rows that the database gives at once", async () => {
    const rows = await listed({});
    expect(rows).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
  });

  it("runs backwards over all pages", async () => {
    const rows = await listed({ reverse: true });
    expect(rows).toEqual(Array.from({ length: 2_500 }, (_, n) => 2_499 - n));
  });

  it("stops at its limit, also beyond one page", async () => {
    expect((await listed({ limit: 1_200 })).at(-1)).toBe(1_199);
    expect(await listed({ limit: 2, reverse: true })).toEqual([2_499, 2_498]);
  });

  it("gives the same rows by small pages", async () => {
    const rows = await listed({ pageSize: 7, limit: 30 });
    expect(rows).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });

  it("keeps to a range, its end left out", async () => {
    const range = { start: ["row", 10], end: ["row", 2_010] };
    const rows = await listed({ reverse: true }, range);
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([2_000, 2_009, 10]);
  });

  it("gives nothing for a prefix without rows", async () => {
    expect(await listed({}, { prefix: ["none"] })).toEqual([]);
  });
});

describe("what the port tells its observer", () => {
  it("names the keys of every operation and counts what a commit writes", async () => {
    const seen: KvOperation[] = [];
    const port = createKvPort(await memory(), {
      observe: (operation) => seen.push(operation),
    });
    await port.commit({ sets: [{ key: ["a"], value: 1 }], deletes: [["b"]] });
    await port.getMany(Array.from({ length: 25 }, (_, n) => ["a", n]));
    await port.get(["a"]);
    await Array.fromAsync(port.list({ prefix: ["a"] }));
    expect(seen.map(({ kind, mutations }) => [kind, mutations])).toEqual([
      ["commit", 2],
      ["getMany", 0],
      ["get", 0],
      ["list", 0],
    ]);
    expect(seen[0]!.keys).toEqual([["a"], ["b"]]);
    port.close();
  });
});

describe("a database file", () => {
  const COMMITS = 20;

  it("is read while a commit is under way, and has what was committed at once", async () => {
    const folder = await Deno.makeTempDir();
    const port = await openPort({ path: `${folder}/portal.kv` });
    try {
      const value = "a".repeat(2_000);
      const sets = Array.from(
        { length: 300 },
        (_, n) => ({ key: ["row", n], value }),
      );
      let writing = true;
      const written = (async () => {
        for (let n = 0; n < COMMITS; n++) await port.commit({ sets });
        writing = false;
      })();
      let reads = 0;
      for (; writing; reads++) await port.get(["row", 299]);
      await written;
      // Behind the commits there is time for one or two at each.
      expect(reads).toBeGreaterThan(4 * COMMITS);
      for (let n = 0; n < 50; n++) {
        await port.commit({ sets: [{ key: ["n"], value: n }] });
        expect((await port.get<number>(["n"])).value).toBe(n);
      }
    } finally {
      port.close();
      await Deno.remove(folder, { recursive: true });
    }
  });
});

describe("a database file that another process has locked", () => {
  async function inFile(
    body: (store: Store, lock: DatabaseSync) => Promise<void>,
  ): Promise<void> {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/portal.kv`;
    const store = await openStore({ path, deadlineMs: 300 });
    const lock = new DatabaseSync(path);
    try {
      await body(store, lock);
    } finally {
      lock.close();
      store.close();
      await Deno.remove(folder, { recursive: true });
    }
  }

  it("fails a write in one clear sentence, still reads, and writes once it is free", async () => {
    await inFile(async (store, lock) => {
      const clock = new TestClock();
      lock.exec("BEGIN EXCLUSIVE");
      const blocked = markSyncDue(store, "acme", clock);
      await expect(blocked).rejects.toThrow(
        /^Cannot write to the database: .+ 0\.3 s$/,
      );
      expect(await store.health()).toBe(true);
      lock.exec("ROLLBACK");
      const input = { name: "Acme", timezone: "UTC" };
      const tenant = await createTenant(store, input, clock);
      expect(tenant.slug).toBe("acme");
    });
  });

  it("says which file cannot be opened", async () => {
    const path = "/nonexistent/folder/portal.kv";
    await expect(openStore({ path })).rejects.toThrow(
      /^Cannot open the database '\/nonexistent\/folder\/portal.kv': /,
    );
  });

  it("has nothing under a key that is longer than any", async () => {
    const kv = await Deno.openKv(":memory:");
    await kv.set(["short"], 1);
    const port = createKvPort(kv);
    const long = ["users", "x".repeat(9_000)];
    expect((await port.get(long)).value).toBe(null);
    const entries = await port.getMany<number>([long, ["short"], long]);
    expect(entries.map(({ value }) => value)).toEqual([null, 1, null]);
    expect(entries.map(({ key }) => key)).toEqual([long, ["short"], long]);
    kv.close();
  });
});
