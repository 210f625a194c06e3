import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SyncRig } from "../_sync.ts";
import {
  anHour,
  brandOf,
  contactAt,
  expectAllNotes,
  historiesAsked,
  spoil,
  storedNotes,
  turnOf,
  withoutList,
} from "./_contact_notes.ts";

const contentOf = async (rig: SyncRig, id: string) =>
  (await (await rig.data()).getNote(id))?.content ?? null;

/** Changes a lead upstream, so that the next sync writes it. */
function touchLead(rig: SyncRig, id: string): void {
  const lead = brandOf(rig).rows("leads").find((row) => row.client_id === id)!;
  brandOf(rig).putLead({ ...lead, city: `${lead.city}, again` });
}

describe("notes without a list of all notes", () => {
  for (const missingStyle of ["http404", "CT404"] as const) {
    it(`are read contact by contact in the same run (${missingStyle})`, async () => {
      await using rig = await withoutList({ missingStyle });
      const report = await rig.sync();
      expect(report.status).toBe("success");
      expect(report.streams.notes!.error).toBeNull();
      expect(report.streams.notes!.written).toBeGreaterThan(80);
      await expectAllNotes(rig);
      expect(await turnOf(rig)).toMatchObject({
        listAskedDay: "2026-03-11",
        turn: null,
        pending: [],
        sweepDue: false,
      });
    });
  }

  it("show an edit of any note within 24 hourly syncs, though no lead changed", async () => {
    await using rig = await withoutList();
    const brand = brandOf(rig);
    for (let place = 0; place < 60; place++) {
      brand.putNote({
        id: `n${place}`,
        contact_id: contactAt(rig, place),
        content: "as it was",
      });
    }
    await rig.sync();
    for (let place = 0; place < 60; place++) {
      brand.putNote({
        id: `n${place}`,
        contact_id: contactAt(rig, place),
        content: "as it is",
      });
    }
    for (let hour = 0; hour < 24; hour++) {
      anHour(rig);
      expect((await rig.sync()).status).toBe("success");
    }
    for (let place = 0; place < 60; place++) {
      expect(await contentOf(rig, `n${place}`)).toBe("as it is");
    }
    await expectAllNotes(rig);
  });

  it("are asked for of a twentieth of the contacts an hour, and never of one twice in a round", async () => {
    await using rig = await withoutList();
    await rig.sync();
    expect(historiesAsked(rig)).toBe(60);
    const asked: string[] = [];
    for (let hour = 0; hour < 20; hour++) {
      anHour(rig);
      await rig.sync();
      asked.push(
        ...rig.simulator.requests.log.filter(({ path }) =>
          path.includes("history")
        ).map(({ path }) => path),
      );
      expect(historiesAsked(rig)).toBe(3);
    }
    expect(new Set(asked).size).toBe(60);
  });

  it("are read in the next hour where the lead changed", async () => {
    await using rig = await withoutList();
    await rig.sync();
    const contact = contactAt(rig, 50);
    brandOf(rig).putNote({ id: "N", contact_id: contact, content: "new" });
    touchLead(rig, contact);
    anHour(rig);
    historiesAsked(rig);
    const report = await rig.sync();
    expect(historiesAsked(rig)).toBe(4);
    expect(report.streams.notes).toMatchObject({ written: 1, removed: 0 });
    expect(await contentOf(rig, "N")).toBe("new");
  });

  it("are all read at once with --full", async () => {
    await using rig = await withoutList();
    await rig.sync();
    const contact = contactAt(rig, 50);
    brandOf(rig).putNote({ id: "N", contact_id: contact, content: "new" });
    historiesAsked(rig);
    await rig.sync({ full: true });
    expect(historiesAsked(rig)).toBe(60);
    await expectAllNotes(rig);
  });

  it("cost no write where nothing changed, and an hour at most 12", async () => {
    await using rig = await withoutList({ leads: 400, notes: 900 });
    await rig.sync();
    for (let hour = 0; hour < 20; hour++) {
      anHour(rig);
      rig.operations.length = 0;
      const report = await rig.sync();
      expect(report).toMatchObject({ status: "success", recordsUpdated: 0 });
      const writes = rig.operations.reduce(
        (sum, one) => sum + one.mutations,
        0,
      );
      expect([hour, Math.max(writes, 12)]).toEqual([hour, 12]);
    }
  });

  it("keep a large note whole", async () => {
    await using rig = await withoutList();
    const contact = contactAt(rig, 7);
    const content = "A long word about a market – 😀 ".repeat(3_000);
    brandOf(rig).putNote({ id: "large", contact_id: contact, content });
    await rig.sync();
    expect(await contentOf(rig, "large")).toBe(content.trim());
    await expectAllNotes(rig);
  });
});

describe("the contact of a note", () => {
  /** Lets ClientTether leave out the contact of every note of a history, or name another. */
  const renaming = (name: string | null) =>
    withoutList({ notes: 0 }, {
      fetch: (through) => async (url, init) => {
        const response = await through(url, init);
        if (!url.pathname.includes("history")) return response;
        const text = (await response.text()).replaceAll(
          /"contact_id":"\w+",/g,
          name === null ? "" : `"contact_id":"${name}",`,
        );
        return new Response(text, response);
      },
    });

  it("is the one who was asked for where the note names none, also when it is read back", async () => {
    await using rig = await renaming(null);
    const [one, other] = [contactAt(rig, 1), contactAt(rig, 2)];
    const note = { id: "N", contact_id: one, content: "x" };
    brandOf(rig).putNote(note);
    await rig.sync();
    expect(await storedNotes(rig)).toEqual(
      new Map([["N", { contactId: one, content: "x" }]]),
    );
    expect((await rig.sync({ full: true })).recordsUpdated).toBe(0);
    brandOf(rig).putNote({ ...note, contact_id: other });
    await rig.sync({ full: true });
    expect(await storedNotes(rig)).toEqual(
      new Map([["N", { contactId: other, content: "x" }]]),
    );
  });

  it("is the one who was asked for where the note names nobody who is a lead", async () => {
    await using rig = await renaming("nobody");
    const contact = contactAt(rig, 1);
    brandOf(rig).putNote({ id: "N", contact_id: contact, content: "x" });
    await rig.sync();
    for (let run = 0; run < 2; run++) {
      const { recordsUpdated } = await rig.sync({ full: true });
      expect(recordsUpdated).toBe(0);
    }
    expect(await storedNotes(rig)).toEqual(
      new Map([["N", { contactId: contact, content: "x" }]]),
    );
  });
});

describe("a contact that has no notes", () => {
  it("by 404, CT404 or CT515 leaves what is stored of it", async () => {
    const says = [
      { kind: "http_status", status: 404 },
      { kind: "result_code", code: "CT404" },
      { kind: "none", style: "CT515" },
    ] as const;
    for (const fault of says) {
      await using rig = await withoutList({ leads: 10, notes: 15 });
      await rig.sync();
      const before = await storedNotes(rig);
      spoil(rig, fault);
      const report = await rig.sync({ full: true });
      expect(report.status).toBe("success");
      expect(report.streams.notes).toMatchObject({ fetched: 0, removed: 0 });
      expect(await storedNotes(rig)).toEqual(before);
    }
  });
});

describe("a note that is gone from its contact's history", () => {
  it("is removed when the contact is read", async () => {
    await using rig = await withoutList();
    const brand = brandOf(rig);
    brand.putNote({ id: "N", contact_id: contactAt(rig, 30), content: "x" });
    await rig.sync();
    brand.removeNote("N");
    const removed: number[] = [];
    for (let hour = 0; hour < 20; hour++) {
      anHour(rig);
      removed.push((await rig.sync()).streams.notes!.removed);
    }
    expect(removed.filter((count) => count > 0)).toEqual([1]);
    await expectAllNotes(rig);
  });

  it("is not removed where it went to another contact", async () => {
    await using rig = await withoutList();
    const brand = brandOf(rig);
    for (const [from, to] of [[3, 40], [40, 3]] as const) {
      const note = { id: `N${from}`, content: "x" };
      brand.putNote({ ...note, contact_id: contactAt(rig, from) });
      await rig.sync({ full: true });
      brand.putNote({ ...note, contact_id: contactAt(rig, to) });
      await rig.sync({ full: true });
      await expectAllNotes(rig);
    }
  });

  it("is removed after a round where its contact is no longer a lead", async () => {
    await using rig = await withoutList();
    const brand = brandOf(rig);
    const contact = contactAt(rig, 30);
    brand.putNote({ id: "N", contact_id: contact, content: "x" });
    await rig.sync();
    brand.removeLead(contact);
    anHour(rig);
    await rig.sync();
    expect(await contentOf(rig, "N")).toBe("x");
    for (let hour = 0; hour < 20; hour++) {
      anHour(rig);
      await rig.sync();
    }
    expect(await contentOf(rig, "N")).toBeNull();
    await expectAllNotes(rig);
  });
});

describe("a removal of notes that looks like an accident", () => {
  const SENTENCE =
    /^ClientTether sent (none|only \d+) of \d+ notes that were known; the data stays as it was\. If that is right, run: portal sync --tenant test-brand --accept-removals$/;

  it("is refused in a slice, until an operator accepts it", async () => {
    await using rig = await withoutList();
    await rig.sync();
    const before = await storedNotes(rig);
    const fault = spoil(rig, { kind: "none" });
    const report = await rig.sync({ full: true });
    expect(report.status).toBe("failed");
    expect(report.streams.notes!.error).toMatch(SENTENCE);
    expect(await storedNotes(rig)).toEqual(before);
    await rig.sync({ full: true, acceptRemovals: true });
    expect(await storedNotes(rig)).toEqual(new Map());
    fault.remove();
    expect((await rig.sync({ full: true })).status).toBe("success");
    await expectAllNotes(rig);
  });

  it("is refused where it comes a few contacts at a time", async () => {
    await using rig = await withoutList({ leads: 60, notes: 120 });
    await rig.sync();
    const { size } = await storedNotes(rig);
    const fault = spoil(rig, { kind: "none" });
    for (let hour = 0; hour < 20; hour++) {
      anHour(rig);
      await rig.sync();
    }
    expect((await storedNotes(rig)).size).toBeGreaterThan(size - 25);
    const { streams, status } = await rig.sync();
    expect(status).toBe("failed");
    expect(streams.notes!.error).toMatch(SENTENCE);
    fault.remove();
    for (let hour = 0; hour < 24; hour++) {
      anHour(rig);
      await rig.sync();
    }
    expect((await rig.sync()).status).toBe("success");
    await expectAllNotes(rig);
  });
});
