import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { lastNotesAt } from "../../lib/store/_history.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { tenantKeys } from "../../lib/store/keys.ts";
import { hookedKv } from "../_kv.ts";

const k = tenantKeys("acme");
const at = (n: number) => `2026-03-${String(n).padStart(2, "0")}T10:00:00.000Z`;

/** Notes about people 1 to 25, two each, the second on the day of their number; the last person's have no date. */
async function withNotes(kv: Deno.Kv): Promise<void> {
  for (let n = 1; n <= 25; n++) {
    for (const [id, noteDate] of [["a", at(1)], ["b", at(n)]] as const) {
      const key = k.noteByContact(`p${n}`, n === 25 ? null : noteDate, id);
      await kv.set(key, { noteDate: n === 25 ? null : noteDate });
    }
  }
}

describe("lastNotesAt()", () => {
  it("tells each person's last note that has a date, ten people at a time and each once", async () => {
    const kv = await Deno.openKv(":memory:");
    await withNotes(kv);
    const gate = Promise.withResolvers<void>();
    let lists = 0;
    const port = createKvPort(hookedKv(kv, {
      onList: () => lists++,
      beforeList: () => gate.promise,
    }));
    const ids = Array.from({ length: 25 }, (_, n) => `p${n + 1}`);
    const reading = lastNotesAt(port, k, [...ids, "p1", "nobody"]);
    for (let n = 0; n < 100; n++) await Promise.resolve();
    expect(lists).toBe(10);
    gate.resolve();
    expect([...await reading]).toEqual(
      ids.slice(0, 24).map((id, n) => [id, at(n + 1)]),
    );
    expect(lists).toBe(26);
    port.close();
  });
});
