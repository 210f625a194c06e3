import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  findTenant,
  type Quarantined,
  setTenantStatus,
  SyncWriter,
} from "../../lib/store/mod.ts";
import type { Portal } from "../../lib/web/mod.ts";
import { keepBusy } from "./_busy.ts";
import { addAcme, type CliRig, createCliRig, jsonOf, WEB_KEY } from "./_rig.ts";

let rig: CliRig;

beforeEach(async () => {
  rig = await createCliRig();
  await addAcme(rig);
  const brand = rig.simulator.brand(WEB_KEY);
  brand.putCycle({ sales_cycle_id: "77", sales_cycle_name: "" });
  await rig.run("sync", "--tenant", "acme");
});

afterEach(async () => await rig[Symbol.asyncDispose]());

async function openWriter({ store, clock }: Portal): Promise<SyncWriter> {
  const { id } = await findTenant(store, "acme");
  const who = { owner: "test", runId: "test" };
  return (await SyncWriter.open(store, id, clock, who))!;
}

/** Puts a row into quarantine as rules that were stricter would have. */
async function put(row: Partial<Quarantined> & { id: string }): Promise<void> {
  await rig.inPortal(async (portal) => {
    const writer = await openWriter(portal);
    await writer.changeQuarantine("leads", [{
      stream: "leads",
      reason: "refused by an earlier rule",
      raw: '{"client_id":"L","lastName":"Example"}',
      hash: "earlier",
      firstSeenAt: "2026-03-10T15:00:00.000Z",
      lastSeenAt: "2026-03-11T15:00:00.000Z",
      ...row,
    }], []);
    await writer.lease.release({ sets: [], deletes: [] });
  });
}

describe("portal quarantine list", () => {
  it("names tenant, stream, id, reason and when it was seen", async () => {
    const { code, out, err } = await rig.run("quarantine", "list");
    expect([code, err]).toEqual([0, []]);
    expect(out.map((line) => line.split(/ {2,}/))).toEqual([
      ["TENANT", "STREAM", "ID", "REASON", "FIRST SEEN", "LAST SEEN"],
      [
        "acme",
        "cycles",
        "77",
        "name is missing",
        "2026-03-11T15:00:00.000Z",
        "2026-03-11T15:00:00.000Z",
      ],
    ]);
  });

  it("prints the same as JSON, and nothing of the record itself", async () => {
    await put({ id: "L" });
    const listed = await rig.run("quarantine", "list", "--json");
    expect(jsonOf(listed)).toEqual([
      {
        tenant: "acme",
        stream: "cycles",
        id: "77",
        reason: "name is missing",
        firstSeenAt: "2026-03-11T15:00:00.000Z",
        lastSeenAt: "2026-03-11T15:00:00.000Z",
        truncated: false,
      },
      {
        tenant: "acme",
        stream: "leads",
        id: "L",
        reason: "refused by an earlier rule",
        firstSeenAt: "2026-03-10T15:00:00.000Z",
        lastSeenAt: "2026-03-11T15:00:00.000Z",
        truncated: false,
      },
    ]);
  });

  it("names one tenant or one stream, and says when there is nothing", async () => {
    await put({ id: "L" });
    const args = ["quarantine", "list", "--tenant", "acme"];
    const leads = await rig.run(...args, "--stream", "leads", "--json");
    expect(jsonOf(leads)).toMatchObject([{ id: "L" }]);
    const notes = await rig.run(...args, "--stream", "notes");
    expect([notes.code, notes.out]).toEqual([0, ["Nothing is in quarantine."]]);
  });

  it("lets no id move the cursor of a terminal", async () => {
    await put({ id: "\u001b[2J" });
    const { out } = await rig.run("quarantine", "list", "--stream", "leads");
    expect(out.join("\n")).not.toContain("\u001b");
    expect(out.join("\n")).toContain("\\u001b[2J");
  });
});

describe("portal quarantine show", () => {
  const show = (...args: string[]) =>
    rig.run("quarantine", "show", ...args, "--tenant", "acme");

  it("prints reason and raw text, and warns that it is a person's data", async () => {
    const { code, out, err } = await show("cycles", "77");
    expect(code).toBe(0);
    expect(out[0]).toBe("77: name is missing");
    expect(JSON.parse(out[1]!)).toMatchObject({ sales_cycle_id: "77" });
    expect(err).toEqual([
      "What follows is a person's data: do not pass it on.",
    ]);
  });

  it("says so where only the beginning is kept", async () => {
    await put({ id: "L", raw: '{"client_id":"L","wh', truncated: true });
    const { code, out, err } = await show("leads", "L");
    expect([code, out[1]]).toEqual([0, '{"client_id":"L","wh']);
    expect(err[1]).toBe(
      "Only its beginning is kept. To have it read again, run: portal sync --tenant acme --full",
    );
  });

  it("shows a record whose bytes were no valid UTF-8 as text", async () => {
    const bytes = new TextEncoder().encode('{"client_id":"L","a":"?"}');
    bytes[bytes.indexOf(0x3f)] = 0xff;
    await put({ id: "L", raw: `base64:${bytes.toBase64()}` });
    const { out } = await show("leads", "L");
    expect(out[1]).toBe('{"client_id":"L","a":"\ufffd"}');
  });

  it("shows rows of earlier releases, which are cut and plain", async () => {
    await rig.inPortal(async ({ store }) => {
      const { id } = await findTenant(store, "acme");
      const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH"));
      const raw = `{"a":"${"x".repeat(20_000)}`.slice(0, 12_000);
      const row = { id: "old", stream: "leads", reason: "odd", hash: "", raw };
      await kv.set(["t", id, "quarantine", "leads", "old"], row);
      kv.close();
    });
    const { code, out, err } = await show("leads", "old");
    expect([code, out[1]!.length, err.length]).toEqual([0, 12_000, 2]);
  });

  it("answers what is wrong in one sentence, with exit code 2", async () => {
    const wrong: [string[], RegExp][] = [
      [["show", "people", "77", "--tenant", "acme"], /choose one of cycles,/],
      [["show", "leads", "77", "--tenant", "acme"], /Cannot find this id/],
      [["show", "cycles", "77", "--tenant", "none"], /Cannot find tenant/],
      [["show", "cycles", "77"], /--tenant/],
      [["list", "--stream", "people"], /choose one of cycles,/],
      [["list", "--tenant", "none"], /Cannot find tenant 'none'/],
      [["retry"], /--tenant/],
      [["retry", "--tenant", "none"], /Cannot find tenant 'none'/],
      [["retry", "--tenant", "acme", "--stream", "x"], /choose one of cycles,/],
    ];
    for (const [args, says] of wrong) {
      const { code, out, err } = await rig.run("quarantine", ...args);
      expect([args, code, out, err.length]).toEqual([args, 2, [], 1]);
      expect(err[0]).toMatch(says);
    }
  });
});

describe("portal quarantine retry", () => {
  const retry = (...args: string[]) =>
    rig.run("quarantine", "retry", "--tenant", "acme", ...args);

  it("writes what is good now and prints counts by stream", async () => {
    await put({ id: "L" });
    await put({ id: "M", raw: '{"client_id":"M', truncated: true });
    const { code, out } = await retry();
    expect([code, out]).toEqual([0, [
      "acme: cycles: 0 written, 1 still in quarantine",
      "acme: leads: 1 written, 1 still in quarantine, 1 kept only in part",
      "To have those read again of which only a beginning is kept, run: portal sync --tenant acme --full",
    ]]);
    const { code: sound } = await rig.run("doctor", "--deep");
    expect(sound).toBe(0);
  });

  it("prints the counts of one stream as JSON", async () => {
    await put({ id: "L" });
    expect(jsonOf(await retry("--stream", "leads", "--json"))).toEqual({
      leads: { written: 1, superseded: 0, kept: 0, truncated: 0 },
    });
    const { out } = await retry("--stream", "leads");
    expect(out).toEqual(["acme: nothing is in quarantine"]);
  });

  it("waits a minute for a sync to end, then says that it is busy", async () => {
    const { id } = await rig.inPortal(({ store }) => findTenant(store, "acme"));
    await keepBusy(rig, id);
    const before = rig.clock.now();
    const { code, out, err } = await retry();
    expect([code, out]).toEqual([1, []]);
    expect(err.at(-1)).toBe(
      "Cannot retry the quarantine of 'acme': a sync of it is under way; try again when it has ended",
    );
    expect(rig.clock.now() - before).toBe(60_000);
  });

  it("refuses a tenant that is not active", async () => {
    await rig.inPortal(async ({ store }) => {
      const { id } = await findTenant(store, "acme");
      await setTenantStatus(store, id, "suspended");
    });
    const { code, err } = await retry();
    expect([code, err]).toEqual([2, [
      "Cannot retry the quarantine of 'acme': it is suspended",
    ]]);
  });
});
