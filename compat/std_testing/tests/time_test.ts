import { describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { expect } from "@std/expect";

describe("FakeTime", () => {
  it("starts where it is told and stands still", () => {
    using time = new FakeTime("2026-03-01T12:00:00Z");
    expect(Date.now()).toBe(Date.UTC(2026, 2, 1, 12));
    expect(new Date().toISOString()).toBe("2026-03-01T12:00:00.000Z");
    expect(time.now).toBe(time.start);
  });

  it("tick() runs the timers that fall due, in order", () => {
    using time = new FakeTime(0);
    const log: number[] = [];
    setTimeout(() => log.push(Date.now()), 200);
    const interval = setInterval(() => log.push(Date.now()), 90);
    time.tick(250);
    clearInterval(interval);
    time.tick(250);
    expect(log).toEqual([90, 180, 200]);
    expect(Date.now()).toBe(500);
  });

  it("tickAsync() runs pending microtasks before it ticks", async () => {
    using time = new FakeTime(0);
    let done = false;
    Promise.resolve().then(() => setTimeout(() => done = true, 10));
    await time.tickAsync(10);
    expect(done).toBe(true);
  });

  it("next() moves to the next timer and says whether there was one", async () => {
    using time = new FakeTime(0);
    setTimeout(() => {}, 70);
    expect(time.next()).toBe(true);
    expect(time.now).toBe(70);
    expect(time.next()).toBe(false);
    expect(await time.nextAsync()).toBe(false);
  });

  it("runAllAsync() runs a chain of sleeps to its end", async () => {
    using time = new FakeTime(0);
    const sleeps = (async () => {
      for (const ms of [1000, 2000, 4000]) {
        await new Promise((resolve) => setTimeout(resolve, ms));
      }
      return Date.now();
    })();
    await time.runAllAsync();
    expect(await sleeps).toBe(7000);
  });

  it("now can be set forwards only", () => {
    using time = new FakeTime(100);
    time.now = 150;
    expect(Date.now()).toBe(150);
    expect(() => time.now = 149).toThrow("past");
  });

  it("drives AbortSignal.timeout()", () => {
    using time = new FakeTime(0);
    const signal = AbortSignal.timeout(30);
    time.tick(29);
    expect(signal.aborted).toBe(false);
    time.tick(1);
    expect(signal.reason.name).toBe("TimeoutError");
  });

  it("restore() brings real time back, once", () => {
    const before = Date.now();
    const time = new FakeTime(0);
    time.restore();
    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(() => time.restore()).toThrow("restore");
    expect(() => FakeTime.restore()).toThrow("not faked");
  });

  it("restoreFor() lets real time pass for a callback", async () => {
    using _time = new FakeTime(0);
    const real = await FakeTime.restoreFor(() => Date.now());
    expect(real).toBeGreaterThan(Date.UTC(2024));
    expect(Date.now()).toBe(0);
  });

  it("cannot be made twice at once", () => {
    using _time = new FakeTime(0);
    expect(() => new FakeTime(0)).toThrow("already faked");
  });
});
