import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  giveWay,
  goingFirst,
  isTimeToGiveWay,
} from "../../lib/store/give_way.ts";
import { STREAMS } from "../../lib/domain/mod.ts";
import { createRig } from "../_sync.ts";

/** Milliseconds that `performance.now()` says. */
let now = 0;
/** How much more each time that it is asked. */
let step = 0;
/** How often the event loop was left to others. */
let turns = 0;

const real = { now: performance.now, digest: crypto.subtle.digest };

beforeEach(async () => {
  step = 0;
  now += 1_000;
  turns = 0;
  performance.now = () => now += step;
  crypto.subtle.digest = (...args) => {
    turns++;
    return real.digest.apply(crypto.subtle, args);
  };
  await giveWay();
  turns = 0;
});

afterEach(() => {
  performance.now = real.now;
  crypto.subtle.digest = real.digest;
});

describe("isTimeToGiveWay()", () => {
  it("is so once a stretch of 5 ms is over, until a rest was taken", async () => {
    expect(isTimeToGiveWay()).toBe(false);
    now += 4;
    expect(isTimeToGiveWay()).toBe(false);
    now += 1;
    expect(isTimeToGiveWay()).toBe(true);
    await giveWay();
    expect(isTimeToGiveWay()).toBe(false);
  });

  it("is so for everybody while one rests, and all take the same rest", async () => {
    const one = giveWay();
    expect(isTimeToGiveWay()).toBe(true);
    await Promise.all([one, giveWay(), giveWay()]);
    expect(turns).toBe(1);
    expect(isTimeToGiveWay()).toBe(false);
  });
});

describe("giveWay()", () => {
  it("lets a request be answered that work without end would hold up", async () => {
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("there"),
    );
    try {
      const { port } = server.addr;
      let answer = "";
      const asked = fetch(`http://127.0.0.1:${port}/`)
        .then(async (response) => answer = await response.text());
      let rests = 0;
      for (; answer === "" && rests < 10_000; rests++) await giveWay();
      expect(answer).toBe("there");
      await asked;
    } finally {
      await server.shutdown();
    }
  });

  it("waits until what goes first is done", async () => {
    const page = Promise.withResolvers<string>();
    const order: string[] = [];
    const shown = goingFirst(() => page.promise).then((what) => {
      order.push(what);
    });
    const rest = giveWay().then(() => order.push("work"));
    while (turns === 0) await Promise.resolve();
    page.resolve("page");
    await Promise.all([shown, rest]);
    expect(order).toEqual(["page", "work"]);
  });

  it("waits for the last of several, also where one fails", async () => {
    const pages = [1, 2].map(() => Promise.withResolvers<void>());
    const shown = pages.map((page) => goingFirst(() => page.promise));
    const refused = expect(shown[0]).rejects.toThrow("no page");
    let rested = false;
    const rest = giveWay().then(() => rested = true);
    pages[0]!.reject(new Error("no page"));
    await refused;
    await real.digest.call(crypto.subtle, "SHA-256", new Uint8Array(100_000));
    expect(rested).toBe(false);
    pages[1]!.resolve();
    await rest;
  });

  it("goes on after 25 ms where what goes first never ends", async () => {
    step = 10;
    const page = Promise.withResolvers<void>();
    const shown = goingFirst(() => page.promise);
    await giveWay();
    page.resolve();
    await shown;
  });
});

describe("a sync", () => {
  it("gives way between two records, while it reads them, writes them and counts them, and before it commits", async () => {
    const counted = { leads: 40, opportunities: 20 };
    await using rig = await createRig({
      brand: { ...counted, notes: 30, activities: 10 },
    });
    step = 10;
    const { status, recordsUpdated: records } = await rig.sync();
    expect(status).toBe("success");
    expect(records).toBeGreaterThanOrEqual(100);
    // Collected, read back from raw, put in place; leads and opportunities are counted too; a commit for each stream.
    expect(turns).toBeGreaterThanOrEqual(
      3 * records + counted.leads + counted.opportunities + STREAMS.length,
    );
  });

  it("gives way at each shelf of notes, while it looks what is behind and before it packs them", async () => {
    const turnsOf = async (notesTextFrom: number) => {
      await using rig = await createRig({ brand: { leads: 1, notes: 30 } });
      Object.assign(rig.deps, { notesTextFrom });
      turns = 0;
      step = 10;
      await rig.sync();
      step = 0;
      return turns;
    };
    const shelves = 1;
    expect(await turnsOf(1) - await turnsOf(31)).toBe(2 * shelves);
  });
});
