import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openStore, type Store, takeRequest } from "../../lib/store/mod.ts";
import { MINUTE, SECOND, TestClock } from "../_clock.ts";

const LIMIT = { requests: 3, windowMs: MINUTE };

describe("takeRequest()", () => {
  let kv: Deno.Kv;
  let stores: Store[];
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    stores = await Promise.all(
      Array.from({ length: 4 }, () => openStore({ kv, clock })),
    );
  });

  afterEach(() => kv.close());

  const take = (subject = "a", store = stores[0]!) =>
    takeRequest(store, "test", subject, LIMIT, clock);

  it("lets so many through, then says when the window ends, and begins another", async () => {
    for (let n = 0; n < 3; n++) {
      expect(await take()).toMatchObject({ allowed: true });
      clock.advance(10 * SECOND);
    }
    expect(await take()).toEqual({ allowed: false, retryAfterSeconds: 30 });
    expect(await take("b")).toMatchObject({ allowed: true });
    clock.advance(30 * SECOND - 1);
    expect(await take()).toEqual({ allowed: false, retryAfterSeconds: 1 });
    clock.advance(1);
    expect(await take()).toMatchObject({ allowed: true });
  });

  it("never stops one who keeps to the rate, for however long", async () => {
    for (let n = 0; n < 200; n++) {
      expect(await take()).toMatchObject({ allowed: true });
      clock.advance(21 * SECOND);
    }
  });

  it("counts what comes at once by several instances together", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => take("a", stores[n % 4])),
    );
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it("is not held up by a window that a wrong clock began", async () => {
    clock.advance(24 * 60 * MINUTE);
    for (let n = 0; n < 4; n++) await take();
    clock.advance(-24 * 60 * MINUTE);
    expect(await take()).toMatchObject({ allowed: true });
  });
});
