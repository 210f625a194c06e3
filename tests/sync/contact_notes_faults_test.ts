import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import type { Quarantined } from "../../lib/store/mod.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { tenantKeys } from "../../lib/store/keys.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { type RawManifest, readRawChunk } from "../../lib/store/raw.ts";
import { parseRawLine } from "../../lib/clienttether/mod.ts";
import { assertSound } from "../_checker.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump, tenantRows } from "../_dump.ts";
import { Crash, crashAt } from "../_kv.ts";
import type { SyncRig } from "../_sync.ts";
import {
  anHour,
  brandOf,
  expectAllNotes,
  historiesAsked,
  HISTORY,
  storedNotes,
  takeListAway,
  upstreamNotes,
  withoutList,
} from "./_contact_notes.ts";

/** What remembers the runs themselves, not what they brought. */
const OF_THE_RUNS = ["ct_raw_chunks", "ct_raw_snapshots", "sync_runs"];

function leadIds(rig: SyncRig): string[] {
  return brandOf(rig).rows("leads").map((row) => String(row.client_id)).sort();
}

async function quarantine(rig: SyncRig): Promise<Quarantined[]> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  return rows.filter(({ key }) => key[2] === "quarantine")
    .map(({ value }) => value as Quarantined);
}

/** The notes that raw holds, by the newest baseline and the changes after it: id -> contact. */
async function notesInRaw(rig: SyncRig): Promise<Map<string, string>> {
  const k = tenantKeys(rig.tenant.id);
  const port = createKvPort(rig.kv);
  const notes = new Map<string, string>();
  for await (
    const { value } of port.list<RawManifest>({ prefix: k.rawSnapshots() })
  ) {
    const raw = value.streams.notes;
    if (!raw) continue;
    if (raw.kind === "baseline") notes.clear();
    for (const id of raw.removed) notes.delete(id);
    for (const chunk of raw.chunks) {
      for (const line of await readRawChunk(port, k, chunk)) {
        const { id, value } = parseRawLine("notes", line);
        notes.set(id!, String(value.contact_id ?? value.client_id));
      }
    }
  }
  return notes;
}

async function expectRawToHoldNotes(rig: SyncRig): Promise<void> {
  const stored = [...await storedNotes(rig)].map(([id, note]) => [
    id,
    (note as { contactId: string }).contactId,
  ]);
  expect([...await notesInRaw(rig)].sort()).toEqual(stored.sort());
}

describe("the notes of contacts in a process that dies", () => {
  /** Three slices, a removal, an edit and a note of a lead that is gone. */
  async function prepare(rig: SyncRig): Promise<void> {
    await rig.sync();
    const brand = brandOf(rig);
    const ids = leadIds(rig);
    const [first] = brand.rows("notes");
    brand.removeNote(String(first!.id));
    for (const place of [1, 120, 150, 205]) {
      brand.putNote({
        id: `n${place}`,
        contact_id: ids[place]!,
        content: "long ".repeat(10_000),
      });
    }
    brand.removeLead(ids[160]!);
    anHour(rig);
  }
  const brand = { leads: 210, notes: 240 };

  it("end equal to those of one that lived, wherever it died", async () => {
    await using twin = await withoutList(brand);
    await prepare(twin);
    await twin.sync({ full: true });
    await expectAllNotes(twin);
    const expected = await dump(twin.kv, "acme", OF_THE_RUNS);
    let deaths = 0;
    for (let n = 2;; n += 3) {
      const when = n % 2 ? "before" : "after";
      await using rig = await withoutList(brand);
      await prepare(rig);
      const dying = await rig.another(crashAt(n, when));
      const error = await dying.sync({ full: true }).catch((error) => error);
      if (!(error instanceof Crash)) break;
      deaths++;
      const raw = await notesInRaw(rig);
      const come = [...(await storedNotes(rig)).keys()].filter((id) =>
        id.startsWith("n")
      );
      expect([n, come.filter((id) => !raw.has(id))]).toEqual([n, []]);
      rig.clock.advance(LEASE_MS);
      const { status } = await rig.sync({ full: true });
      expect(status).toBe("success");
      const ended = await dump(rig.kv, "acme", OF_THE_RUNS);
      expect([n, differences(ended, expected)]).toEqual([n, []]);
      await expectRawToHoldNotes(rig);
    }
    expect(deaths).toBeGreaterThan(5);
  });
});

describe("raw of notes that are read contact by contact", () => {
  it("holds every stored note with its contact, hour by hour", async () => {
    await using rig = await withoutList();
    for (let hour = 0; hour < 30; hour++) {
      expect((await rig.sync()).status).toBe("success");
      await expectRawToHoldNotes(rig);
      const [note] = brandOf(rig).rows("notes");
      if (hour % 5 === 0) brandOf(rig).removeNote(String(note!.id));
      rig.simulator.advance(1);
      rig.clock.advance(HOUR);
    }
  });

  it("names nothing of a slice that was refused", async () => {
    await using rig = await withoutList();
    await rig.sync();
    rig.simulator.faults.add({ kind: "none", endpoint: HISTORY });
    expect((await rig.sync({ full: true })).status).toBe("failed");
    rig.simulator.faults.clear();
    await expectRawToHoldNotes(rig);
  });
});

describe("a note of a history that cannot be read", () => {
  const odd = (rig: SyncRig) => ({
    contact_id: leadIds(rig)[7]!,
    content: "x",
  });

  it("is set aside with its contact, its older version stays, and it counts once", async () => {
    await using rig = await withoutList({ leads: 100, notes: 300 });
    const brand = brandOf(rig);
    brand.putNote({ id: "N", ...odd(rig) });
    await rig.sync();
    brand.putNote({ id: "N", ...odd(rig), author: "a".repeat(70_000) });
    for (let run = 0; run < 2; run++) {
      const { streams, status } = await rig.sync({ full: true });
      expect(status).toBe("success");
      expect(streams.notes!.quarantined).toBe(1);
    }
    expect(await quarantine(rig)).toMatchObject([
      { id: "N", contactId: odd(rig).contact_id },
    ]);
    expect((await (await rig.data()).getNote("N"))!.content).toBe("x");
  });

  it("is released when it is good again, gone, or its contact is no lead any more", async () => {
    for (const end of ["good", "gone", "no lead"]) {
      await using rig = await withoutList({ leads: 100, notes: 300 });
      const brand = brandOf(rig);
      const row = { id: "N", ...odd(rig) };
      brand.putNote({ ...row, deep: deep(70) });
      await rig.sync();
      expect((await quarantine(rig)).length).toBe(1);
      if (end === "good") brand.putNote(row);
      if (end === "gone") brand.removeNote("N");
      if (end === "no lead") brand.removeLead(row.contact_id);
      for (let hour = 0; hour < 21; hour++) {
        anHour(rig);
        await rig.sync();
      }
      expect([end, await quarantine(rig)]).toEqual([end, []]);
      await expectAllNotes(rig);
    }
  });

  it("fails the stream where more than 1% are like it, while the others are written", async () => {
    await using rig = await withoutList();
    for (const id of ["N1", "N2"]) {
      brandOf(rig).putNote({ id, ...odd(rig), deep: deep(70) });
    }
    const { streams } = await rig.sync();
    expect(streams.notes!.status).toBe("failed");
    expect(streams.notes!.error).toMatch(
      /^2 of \d+ notes could not be read, more than 1%\. The first: record is nested too deeply$/,
    );
    expect((await storedNotes(rig)).size).toBeGreaterThan(70);
  });

  it("stops the reading where all are like it: quarantine is not flooded", async () => {
    await using rig = await withoutList({ leads: 300, notes: 900 });
    await rig.sync();
    const before = await storedNotes(rig);
    rig.simulator.faults.add({
      kind: "missing_id",
      endpoint: HISTORY,
      every: 1,
    });
    const { streams } = await rig.sync({ full: true });
    expect(streams.notes!.error).toMatch(/could not be read, more than 1%/);
    expect(await quarantine(rig)).toEqual([]);
    expect(await storedNotes(rig)).toEqual(before);
  });
});

function deep(levels: number): unknown {
  return levels === 0 ? 0 : [deep(levels - 1)];
}

describe("many contacts", () => {
  it("are read with at most 5,000 requests a run, and on from there in the next", async () => {
    await using rig = await withoutList({ leads: 5_100, notes: 100 });
    expect((await rig.sync()).status).toBe("success");
    expect(historiesAsked(rig)).toBe(5_000);
    anHour(rig);
    expect((await rig.sync()).status).toBe("success");
    expect(historiesAsked(rig)).toBe(255);
    await expectAllNotes(rig);
  });
});

describe("notes of people who are no longer leads", () => {
  it("stay where that would be more than half of all, until an operator accepts it", async () => {
    await using rig = await withoutList({ leads: 60, notes: 0 });
    const brand = brandOf(rig);
    const [one, ...others] = leadIds(rig);
    for (let n = 0; n < 30; n++) {
      brand.putNote({ id: `n${n}`, contact_id: one!, content: "x" });
    }
    brand.putNote({ id: "other", contact_id: others[0]!, content: "x" });
    await rig.sync();
    brand.removeLead(one!);
    const report = await rig.sync({ full: true });
    expect(report.streams.notes).toMatchObject({
      status: "failed",
      error:
        "ClientTether sent only 1 of 31 notes that were known; the data stays as it was. " +
        "If that is right, run: portal sync --tenant test-brand --accept-removals",
    });
    anHour(rig);
    expect((await rig.sync()).status).toBe("failed");
    expect((await storedNotes(rig)).size).toBe(31);
    expect((await rig.sync({ acceptRemovals: true })).status).toBe("success");
    await expectAllNotes(rig);
    expect((await rig.sync()).status).toBe("success");
  });

  it("stay while the leads cannot be read", async () => {
    await using rig = await withoutList();
    await rig.sync();
    const before = await storedNotes(rig);
    rig.simulator.faults.add({ kind: "http_status", stream: "leads" });
    const report = await rig.sync({ full: true });
    expect(report.streams.notes).toMatchObject({ status: "success" });
    expect(await storedNotes(rig)).toEqual(before);
  });
});

describe("whatever happens to the notes of contacts", () => {
  const step = fc.record({
    hours: fc.constantFrom(1, 1, 1, 5),
    edit: fc.nat(40),
    remove: fc.option(fc.nat(40)),
    move: fc.option(fc.tuple(fc.nat(40), fc.nat(14))),
    lead: fc.option(fc.nat(14)),
    list: fc.boolean(),
    fault: fc.constantFrom(
      null,
      null,
      { kind: "http_status", call: 2 },
      { kind: "http_status", call: { from: 3 } },
      { kind: "truncated_json", call: { to: 5 } },
      { kind: "none", style: "CT515", call: { from: 2, to: 3 } },
      { kind: "result_code", code: "CT404", call: 1 },
      { kind: "invalid_utf8" },
    ),
    full: fc.constantFrom(false, false, false, true),
  });

  it("after a round they are those of ClientTether, each once", async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.nat(500), steps, async (seed, steps) => {
        await using rig = await withoutList(
          { leads: 15, notes: 40, notesList: true },
          { seed },
        );
        const brand = brandOf(rig);
        const { simulator, clock } = rig;
        takeListAway(rig);
        await rig.sync();
        for (
          const { hours, edit, remove, move, lead, list, fault, full } of steps
        ) {
          simulator.faults.clear();
          simulator.advance(hours);
          clock.advance(hours * HOUR);
          const notes = brand.rows("notes");
          const edited = notes[edit];
          if (edited) brand.putNote({ ...edited, content: `edited ${hours}` });
          const moved = move && notes[move[0]];
          if (moved) {
            const contact_id = leadIds(rig)[move[1]] ?? "nobody";
            brand.putNote({ ...moved, contact_id });
          }
          const gone = remove === null ? undefined : notes[remove];
          if (gone) brand.removeNote(String(gone.id));
          const left = lead === null ? undefined : leadIds(rig)[lead];
          if (left && brand.rows("leads").length > 8) brand.removeLead(left);
          if (!list) takeListAway(rig);
          if (fault) simulator.faults.add({ ...fault, endpoint: HISTORY });
          await rig.sync({ full });
          await assertSound(rig.kv, "acme");
        }
        simulator.faults.clear();
        takeListAway(rig);
        for (let hour = 0; hour < 24; hour++) {
          clock.advance(HOUR);
          await rig.sync({ acceptRemovals: true });
        }
        const strangers = [...await storedNotes(rig)].filter(([id]) =>
          !upstreamNotes(rig).has(id)
        );
        expect(strangers).toEqual([]);
        await expectAllNotes(rig);
        simulator.faults.clear();
        expect((await rig.sync({ full: true })).status).toBe("success");
        expect((await storedNotes(rig)).size).toBe(brand.rows("notes").length);
      }),
      { numRuns: 15 },
    );
  });
});
