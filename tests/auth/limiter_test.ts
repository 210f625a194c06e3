import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createLimiter } from "../../lib/auth/_limiter.ts";

describe("createLimiter()", () => {
  it("never runs more than it may at once and keeps the order of arrival", async () => {
    const limiter = createLimiter({ concurrent: 2, queue: 10 });
    const started: number[] = [];
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        limiter.run(async () => {
          started.push(n);
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
        })),
    );
    expect(most).toBe(2);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("gives the place of a failed task to the next one", async () => {
    const limiter = createLimiter({ concurrent: 1, queue: 1 });
    const failing = limiter.run(() => Promise.reject(new Error("broken")));
    const next = limiter.run(() => Promise.resolve("done"));
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("done");
  });

  it("refuses at once when the queue is full", async () => {
    const limiter = createLimiter({ concurrent: 1, queue: 0 });
    const gate = Promise.withResolvers<void>();
    const first = limiter.run(() => gate.promise);
    await expect(limiter.run(() => Promise.resolve())).rejects.toThrow(
      "Cannot check one more password",
    );
    gate.resolve();
    await first;
  });
});
