import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openStore } from "../../lib/store/mod.ts";
import { listFile, type WorkspaceState } from "../../lib/web/mod.ts";
import { TestClock } from "../_clock.ts";

describe("listFile()", () => {
  async function answerOf(rows: () => AsyncIterable<string>) {
    const clock = new TestClock();
    using store = await openStore({ path: ":memory:", clock }).then((store) =>
      Object.assign(store, { [Symbol.dispose]: () => store.close() })
    );
    const tenant = { id: "t", slug: "acme", timezone: "America/New_York" };
    const state = {
      services: { store, clock },
      signedIn: null,
      requestId: "r",
      workspace: { tenant },
    } as unknown as WorkspaceState;
    return await listFile({ req: new Request("http://x/"), state }, {
      name: "leads",
      columns: [{ head: "Name", cell: (row) => row }],
      rows,
      asked: {},
    });
  }

  it("sends rows while it reads them, and stops reading when nobody listens any more", async () => {
    let read = 0;
    const ended = Promise.withResolvers<void>();
    const answer = await answerOf(async function* () {
      try {
        for (;; read++) yield await Promise.resolve("x".repeat(1000));
      } finally {
        ended.resolve();
      }
    });
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toContain('"Name"\r\n"xxx');
    await reader.cancel();
    await ended.promise;
    expect(read).toBeLessThan(200);
  });

  it("begins with the mark of UTF-8, and has its heading where there are no rows", async () => {
    const answer = await answerOf(async function* () {});
    const bytes = await answer.bytes();
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe('"Name"\r\n');
  });

  it("breaks off where the reading fails, so that nobody takes a part for the whole", async () => {
    const answer = await answerOf(async function* () {
      yield await Promise.resolve("x".repeat(20_000));
      throw new Error("no database");
    });
    await expect(answer.text()).rejects.toThrow("no database");
  });
});
