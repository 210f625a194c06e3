import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import {
  anHour,
  contactAt,
  expectAllNotes,
  historiesAsked,
  spoil,
  storedNotes,
  takeListAway,
  turnOf,
  withoutList,
} from "./_contact_notes.ts";

describe("histories that cannot be read", () => {
  it("fail the stream; what was read stays, and the contact is tried again in the next hour", async () => {
    await using rig = await withoutList();
    spoil(rig, { kind: "http_status", status: 400, call: 5 });
    const report = await rig.sync();
    expect(report.streams.notes).toMatchObject({
      status: "failed",
      error:
        "ClientTether answered 400; the notes of one contact were not read",
    });
    expect((await turnOf(rig))!.pending.length).toBe(1);
    expect((await storedNotes(rig)).size).toBeGreaterThan(70);
    rig.simulator.faults.clear();
    anHour(rig);
    historiesAsked(rig);
    expect((await rig.sync()).status).toBe("success");
    expect(historiesAsked(rig)).toBe(4);
    await expectAllNotes(rig);
  });

  it("are left alone after three in a row, and read on from there", async () => {
    await using rig = await withoutList();
    spoil(rig, { kind: "http_status", call: { from: 31 } });
    const report = await rig.sync();
    expect(report.status).toBe("failed");
    expect(historiesAsked(rig)).toBe(30 + 3 * 4);
    const { turn, pending } = (await turnOf(rig))!;
    expect(turn).toBe(contactAt(rig, 32));
    expect(pending.length).toBe(30);
    expect((await storedNotes(rig)).size).toBeGreaterThan(30);
    rig.simulator.faults.clear();
    anHour(rig);
    expect((await rig.sync()).status).toBe("success");
    await expectAllNotes(rig);
  });

  it("end with the key that is refused", async () => {
    await using rig = await withoutList();
    await rig.sync();
    anHour(rig);
    spoil(rig, { kind: "key_revoked" });
    const { streams } = await rig.sync();
    expect(streams.notes!.status).toBe("refused");
    expect(streams.activities!.status).toBe("not_asked");
    expect((await turnOf(rig))!.pending.length).toBe(1);
  });

  it("are read on after the sync was stopped between two slices", async () => {
    const stop = new AbortController();
    let asked = 0;
    await using rig = await withoutList({ leads: 350, notes: 500 }, {
      fetch: (through) => async (url, init) => {
        const isHistory = url.pathname.includes("history");
        if (isHistory && ++asked === 250) stop.abort(new Error("stopping"));
        return await through(url, init);
      },
    });
    const stopped = await rig.sync({ signal: stop.signal });
    expect(stopped.errorMessage).toMatch(/stopped before its end/);
    expect(stopped.streams.notes!.fetched).toBeGreaterThan(200);
    const stored = (await storedNotes(rig)).size;
    expect(stored).toBe(stopped.streams.notes!.written);
    const { counts, cursor } = await (await rig.data()).syncState();
    expect(counts.notes).toBe(stored);
    expect(cursor.notesByContact).toMatchObject({
      turn: contactAt(rig, 199),
    });
    expect(cursor.notesByContact!.pending.length).toBe(150);
    const { status } = await rig.sync();
    expect(status).toBe("success");
    expect(asked).toBe(250 + 150);
    await expectAllNotes(rig);
  });
});

describe("the list of all notes", () => {
  it("is asked for again once a day, from 03:00 in the tenant's zone", async () => {
    await using rig = await withoutList({}, { now: "2026-03-11T15:30:00Z" });
    await rig.sync();
    const hours: string[] = [];
    for (let hour = 1; hour <= 48; hour++) {
      anHour(rig);
      rig.simulator.requests.reset();
      await rig.sync();
      if (rig.simulator.requests.count({ endpoint: "notes" }) > 0) {
        hours.push(new Date(rig.clock.now()).toISOString());
      }
    }
    expect(hours).toEqual([
      "2026-03-12T07:30:00.000Z",
      "2026-03-13T07:30:00.000Z",
    ]);
  });

  it("is read whole when it is there again, without a note lost or doubled on the way", async () => {
    await using rig = await withoutList({ notesList: true });
    const { simulator, clock } = rig;
    await rig.sync();
    await expectAllNotes(rig);
    const missing = takeListAway(rig);
    for (let hour = 0; hour < 24; hour++) {
      simulator.advance(1);
      clock.advance(HOUR);
      expect((await rig.sync()).status).toBe("success");
    }
    expect(await turnOf(rig)).not.toBeNull();
    const firstStored = async () =>
      (await (await rig.data()).getNote([...await storedNotes(rig)][0]![0]))!
        .createdAt;
    const before = await firstStored();
    await rig.sync({ full: true });
    await expectAllNotes(rig);
    missing.remove();
    simulator.requests.reset();
    await rig.sync({ full: true });
    expect(simulator.requests.count({ endpoint: "notes" })).toBe(1);
    expect(historiesAsked(rig)).toBe(0);
    expect(await turnOf(rig)).toBeNull();
    await expectAllNotes(rig);
    expect(await firstStored()).toBe(before);
    anHour(rig);
    await rig.sync();
    const last = simulator.requests.log.findLast(({ endpoint }) =>
      endpoint === "notes"
    );
    expect(last!.query).toHaveProperty("since");
  });

  it("that fails in another way than being missing leaves the reading by contact as it is", async () => {
    await using rig = await withoutList();
    await rig.sync();
    rig.simulator.faults.add({ kind: "http_status", endpoint: "notes" });
    anHour(rig, 24);
    const report = await rig.sync();
    expect(report.streams.notes!.status).toBe("success");
    expect((await turnOf(rig))!.listAskedDay).toBe("2026-03-11");
  });

  it("that is there but empty is not believed", async () => {
    await using rig = await withoutList();
    await rig.sync();
    anHour(rig, 24);
    const before = await storedNotes(rig);
    const list = {
      kind: "http_status",
      status: 200,
      endpoint: "notes",
    } as const;
    rig.simulator.faults.add({ ...list, body: '{"data":[]}' });
    const report = await rig.sync();
    expect(report.streams.notes).toMatchObject({ status: "failed" });
    expect(await storedNotes(rig)).toEqual(before);
    anHour(rig);
    expect((await rig.sync()).status).toBe("success");
    expect(historiesAsked(rig)).toBeGreaterThan(0);
  });
});
