import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ListCache } from "../../lib/store/mod.ts";
import { HOUR, TestClock } from "../_clock.ts";

interface List {
  bytes: number;
  of: string;
}

const list = (of: string, bytes = 10): List => ({ of, bytes });

function cacheOf(maxBytes = 100) {
  const clock = new TestClock();
  const cache = new ListCache({ clock, maxBytes });
  let reads = 0;
  const get = (tenantId: string, version: number, value: List | Error) =>
    cache.get({ tenantId, list: "leads", version }, () => {
      reads++;
      return value instanceof Error
        ? Promise.reject(value)
        : Promise.resolve(value);
    });
  return { cache, clock, get, reads: () => reads };
}

describe("ListCache", () => {
  it("reads a list once for each version of a tenant's data", async () => {
    const { get, reads } = cacheOf();
    await get("a", 1, list("a1"));
    expect(await get("a", 1, list("never"))).toEqual(list("a1"));
    expect(await get("a", 2, list("a2"))).toEqual(list("a2"));
    expect(await get("a", 2, list("never"))).toEqual(list("a2"));
    expect(reads()).toBe(2);
  });

  it("never gives a tenant what is another's, the same version or not", async () => {
    const { get } = cacheOf();
    await get("a", 1, list("a1"));
    expect(await get("b", 1, list("b1"))).toEqual(list("b1"));
    expect(await get('a","x', 1, list("odd"))).toEqual(list("odd"));
    expect(await get("a", 1, list("never"))).toEqual(list("a1"));
  });

  it("tells the lists of a tenant apart", async () => {
    const { cache } = cacheOf();
    const name = { tenantId: "a", version: 1 };
    await cache.get(
      { ...name, list: "leads" },
      () => Promise.resolve(list("leads")),
    );
    const other = await cache.get(
      { ...name, list: "hot-list" },
      () => Promise.resolve(list("hot")),
    );
    expect(other.of).toBe("hot");
  });

  it("lets requests that arrive together wait for one reading", async () => {
    const { get, reads } = cacheOf();
    const all = await Promise.all([1, 2, 3].map(() => get("a", 1, list("a1"))));
    expect(all).toEqual([list("a1"), list("a1"), list("a1")]);
    expect(reads()).toBe(1);
  });

  it("lets the list go that was used least lately when there is too much", async () => {
    const { cache, get, reads } = cacheOf(25);
    await get("a", 1, list("a"));
    await get("b", 1, list("b"));
    await get("a", 1, list("never"));
    await get("c", 1, list("c"));
    expect(cache.bytes).toBe(20);
    expect(reads()).toBe(3);
    await get("a", 1, list("never"));
    expect(reads()).toBe(3);
    await get("b", 1, list("b again"));
    expect(reads()).toBe(4);
  });

  it("does not keep a list that is larger than all may be, nor one that could not be read", async () => {
    const { cache, get } = cacheOf(25);
    await get("a", 1, list("large", 26));
    expect(cache.bytes).toBe(0);
    expect(await get("a", 1, list("again"))).toEqual(list("again"));
    await expect(get("b", 1, new Error("no database"))).rejects.toThrow("no");
    expect(await get("b", 1, list("b"))).toEqual(list("b"));
  });

  it("does not put an older version before a newer one", async () => {
    const { get } = cacheOf();
    await get("a", 2, list("new"));
    expect(await get("a", 1, list("old"))).toEqual(list("old"));
    expect(await get("a", 2, list("never"))).toEqual(list("new"));
  });

  it("keeps what is put into it in place of what there was, and no older version", async () => {
    const { cache } = cacheOf();
    const name = { tenantId: "a", list: "tag" };
    cache.put({ ...name, version: "02" }, list("first", 10));
    cache.put({ ...name, version: "02" }, list("second", 30));
    cache.put({ ...name, version: "01" }, list("older", 50));
    expect(await cache.peek({ ...name, version: "02" })).toEqual(
      list("second", 30),
    );
    expect(cache.peek({ ...name, version: "01" })).toBeUndefined();
    expect(cache.bytes).toBe(30);
  });

  it("gives what it keeps of a list in whatever version, for the next to be made from", async () => {
    const { cache, get } = cacheOf();
    await get("a", 1, list("a1"));
    const name = { tenantId: "a", list: "leads" };
    const next = await cache.get({ ...name, version: 2 }, async () => {
      const last = await cache.latest<List>(name);
      return list(`after ${last!.of}`);
    });
    expect(next.of).toBe("after a1");
    expect((await cache.latest<List>(name))!.of).toBe("after a1");
    expect(cache.latest({ tenantId: "b", list: "leads" })).toBeUndefined();
  });

  it("forgets all of a tenant, what is being read too, and nothing of another", async () => {
    const { cache, get } = cacheOf();
    await get("a", 1, list("a1"));
    await get("b", 1, list("b1"));
    const read = Promise.withResolvers<List>();
    const name = { tenantId: "a", list: "notes", version: 1 };
    const reading = cache.get(name, () => read.promise);
    cache.forget("a");
    read.resolve(list("late"));
    expect((await reading).of).toBe("late");
    expect(cache.peek(name)).toBeUndefined();
    expect(cache.bytes).toBe(10);
    expect(await get("a", 1, list("anew"))).toEqual(list("anew"));
    expect(await get("b", 1, list("never"))).toEqual(list("b1"));
  });

  it("counts what it keeps to the byte, whatever comes and goes", async () => {
    const { cache, clock, get } = cacheOf(100);
    for (let n = 0; n < 50; n++) {
      await get(`tenant-${n % 7}`, n, list("some", 1 + (n * 13) % 40));
      cache.put(
        { tenantId: `tenant-${n % 5}`, list: "tag", version: n % 3 },
        list("tag", n % 20),
      );
      expect(cache.bytes).toBeLessThanOrEqual(100);
    }
    clock.advance(HOUR + 1);
    cache.put({ tenantId: "x", list: "tag", version: 1 }, list("last", 7));
    await get("y", 1, list("y", 5));
    expect(cache.bytes).toBe(12);
  });

  it("lets go what nobody asked for during an hour", async () => {
    const { cache, clock, get } = cacheOf();
    await get("a", 1, list("a"));
    clock.advance(HOUR + 1);
    await get("b", 1, list("b"));
    expect(cache.bytes).toBe(10);
  });
});
