import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createTenant,
  getQuarantined,
  listQuarantine,
  openStore,
  type Quarantined,
  SyncWriter,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const clock = new TestClock();

async function acme() {
  const kv = await Deno.openKv(":memory:");
  const store = await openStore({ kv, clock });
  const tenant = { id: "acme", name: "Acme", timezone: "America/New_York" };
  await createTenant(store, tenant, clock);
  const writer = await SyncWriter.open(store, "acme", clock, {
    owner: "test",
    runId: "test",
  });
  return { kv, store, writer: writer!, [Symbol.dispose]: () => store.close() };
}

function row(id: string, raw: string): Quarantined {
  return {
    id,
    stream: "leads",
    reason: "name is missing",
    raw,
    hash: "hash",
    firstSeenAt: "2026-03-11T15:00:00.000Z",
    lastSeenAt: "2026-03-11T15:00:00.000Z",
  };
}

/** Text that gzip can do little about; the same for the same length. */
function noise(chars: number): string {
  let seed = 7;
  return Array.from({ length: chars }, () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return String.fromCharCode(0x4e00 + (seed >>> 16) % 20_000);
  }).join("");
}

describe("quarantine", () => {
  it("keeps a raw text whole, of whatever characters", async () => {
    using rig = await acme();
    const texts = ["{}", '{"a":"–😀\\u0000"}', "x".repeat(2_000_000)];
    await rig.writer.changeQuarantine(
      "leads",
      texts.map((text, n) => row(String(n), text)),
      [],
    );
    const rows = await Array.fromAsync(listQuarantine(rig.store, "acme"));
    expect(rows.map(({ raw }) => raw)).toEqual(texts);
    expect(rows.map(({ truncated }) => truncated)).toEqual(
      texts.map(() => false),
    );
  });

  it("keeps the beginning of a text that is too large even packed, and says so", async () => {
    using rig = await acme();
    const text = noise(100_000);
    await rig.writer.changeQuarantine("leads", [row("7", text)], []);
    const kept = await getQuarantined(rig.store, "acme", "leads", "7");
    expect(kept!.truncated).toBe(true);
    expect(text.startsWith(kept!.raw)).toBe(true);
    expect(kept!.raw.length).toBeGreaterThan(10_000);
  });

  it("stays truncated when it is written again", async () => {
    using rig = await acme();
    await rig.writer.changeQuarantine("leads", [row("7", noise(100_000))], []);
    const [first] = (await rig.writer.readQuarantine("leads")).values();
    await rig.writer.changeQuarantine("leads", [{ ...first! }], []);
    const again = await getQuarantined(rig.store, "acme", "leads", "7");
    expect(again).toMatchObject({ truncated: true, raw: first!.raw });
  });

  it("reads rows of earlier releases, whose raw text is plain and may be cut", async () => {
    using rig = await acme();
    const key = (id: string) => ["t", "acme", "quarantine", "leads", id];
    await rig.kv.set(key("long"), row("long", "x".repeat(12_000)));
    await rig.kv.set(key("short"), row("short", '{"a":1}'));
    const rows = await Array.fromAsync(listQuarantine(rig.store, "acme"));
    expect(rows.map(({ id, truncated }) => [id, truncated])).toEqual([
      ["long", true],
      ["short", false],
    ]);
    expect(rows[1]!.raw).toBe('{"a":1}');
  });

  it("names one stream, or one row, and answers null where there is none", async () => {
    using rig = await acme();
    const odd = { ...row("id\0with NUL", "{}") };
    await rig.writer.changeQuarantine("leads", [odd], []);
    const of = (stream: "leads" | "notes") =>
      Array.fromAsync(listQuarantine(rig.store, "acme", stream));
    expect([(await of("leads")).length, (await of("notes")).length]).toEqual([
      1,
      0,
    ]);
    const found = await getQuarantined(rig.store, "acme", "leads", odd.id);
    expect(found).toMatchObject({ id: odd.id, raw: "{}" });
    expect(await getQuarantined(rig.store, "acme", "notes", odd.id)).toBeNull();
  });
});
