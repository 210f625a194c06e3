import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Activity, Lead, Note } from "../../../lib/domain/mod.ts";
import { expectFailed, expectSuccess } from "./_expect.ts";
import { createTwins, one, ours, stored } from "./_ours.ts";
import { rawLines } from "./_raw.ts";

describe("a text that is not what it should be", () => {
  it("row 24: a huge note is kept whole and shown shortened", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({ kind: "huge_note", ...ours.note });
    expectSuccess(seen);
    const note = await (await twins.faulted.data()).getNote("N");
    expect(new TextEncoder().encode(note!.content!).length)
      .toBeGreaterThanOrEqual(200 * 1024 - 1);
    const paragraphs = note!.content!.split("\n");
    paragraphs.forEach((text, n) =>
      expect(text).toMatch(new RegExp(`^Paragraph ${n + 1}: .*🏗️ “again”.$`))
    );
    const row = seen.after.notes.find(({ id }) => id === "N")!;
    expect(row.truncated).toBe(true);
    expect(new TextEncoder().encode(row.content!).length)
      .toBeLessThanOrEqual(2 * 1024);
    await twins.heal();
  });

  it("row 24: what is larger than the portal keeps is set aside, not cut", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({ kind: "huge_note", ...ours.activity });
    expectSuccess(seen);
    expect(seen.quarantine).toMatchObject([{
      id: "A",
      stream: "activities",
      reason: "record is larger than the portal keeps",
    }]);
    expect(await one<Activity>(twins, "ct_scheduled_activities", "A"))
      .toMatchObject({ description: "First call" });
    await twins.heal();
  });

  it("row 26: bytes that are not UTF-8 are replaced, remarked and kept", async () => {
    await using twins = await createTwins();
    const seen = await twins.under([
      { kind: "invalid_utf8", ...ours.note },
      { kind: "invalid_utf8", ...ours.lead },
    ]);
    expectSuccess(seen);
    expect(await one<Note>(twins, "ct_notes", "N")).toMatchObject({
      content: "Called caf\ufffd(\ufffd",
      remarks: ["text: invalid UTF-8 was replaced"],
    });
    expect((await one<Lead>(twins, "leads", "L")).remarks)
      .toEqual(["text: invalid UTF-8 was replaced"]);
    const [line] = (await rawLines(twins.faulted, "notes")).filter((line) =>
      line.startsWith("base64:")
    );
    const bytes = Uint8Array.fromBase64(line!.slice("base64:".length));
    expect(bytes.toHex()).toContain("c328ff");
    await twins.heal();
  });
});

describe("an id that is not what it should be", () => {
  it("row 22: a record without one is set aside, and its stream removes nothing in that run", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({ kind: "missing_id", ...ours.lead });
    expectSuccess(seen);
    expect(seen.report.streams.leads).toMatchObject({
      quarantined: 1,
      removed: 0,
    });
    expect(seen.quarantine).toMatchObject([{
      stream: "leads",
      reason: "id is missing",
      id: expect.stringMatching(/^no id, [0-9a-f]{16}$/),
    }]);
    expect(JSON.parse(seen.quarantine[0]!.raw).firstName).toBe("Robin");
    expect((await one<Lead>(twins, "leads", "L")).firstName).toBe("Robin");
    await twins.heal();
    expect(await stored(twins, "quarantine")).toEqual([]);
  });

  it("row 22: more than one in a hundred without one fail their stream", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({
      kind: "missing_id",
      every: 50,
      stream: "leads",
    });
    const all = twins.brand.counts().leads;
    expectFailed(
      seen,
      `Leads: 3 of ${all} records could not be read, more than 1%; the data stays as it was. The first: id is missing.`,
      "leads",
    );
    expect(seen.quarantine).toEqual([]);
    await twins.heal();
  });

  it("row 27: ids that differ in a surrogate or a NUL alone stay two", async () => {
    await using twins = await createTwins();
    for (const form of ["surrogate", "nul"] as const) {
      const seen = await twins.under({ kind: "odd_id", form, stream: "leads" });
      expectSuccess(seen);
      const leads = await stored<Lead>(twins, "leads");
      const odd = leads.filter(({ id }) => id.startsWith("odd"));
      expect(odd.map(({ id }) => id).sort()).toEqual(
        form === "surrogate"
          ? ["odd\ud800", "odd\ud801"]
          : ["odd\0", "odd\0\0"],
      );
      expect(leads.length).toBe(twins.brand.counts().leads);
      expect(seen.after.leads.filter(({ id }) => id.startsWith("odd")).length)
        .toBe(2);
    }
    // Records came under these ids, and went.
    await twins.heal("tombstones", "stage_changes");
  });

  it("row 29: ids beyond 2^53 stay apart, as text", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({ kind: "big_id", stream: "leads" });
    expectSuccess(seen);
    const leads = await stored<Lead>(twins, "leads");
    const big = leads.map(({ id }) => id).filter((id) =>
      id.startsWith("90071992547409")
    );
    expect(big.sort()).toEqual(["9007199254740992", "9007199254740993"]);
    // Records came under these ids, and went.
    await twins.heal("tombstones", "stage_changes");
  });

  it("row 30: fields called __proto__ are fields like others", async () => {
    await using twins = await createTwins();
    const seen = await twins.under({ kind: "proto_key", ...ours.lead });
    expectSuccess(seen);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const lead = await one<Lead>(twins, "leads", "L");
    expect(lead).toMatchObject({ firstName: "Robin", remarks: [] });
    expect(Object.hasOwn(lead, "constructor")).toBe(false);
    await twins.heal();
  });

  it("row 30: of a field that is given twice the last counts", async () => {
    await using twins = await createTwins();
    const fault = { kind: "duplicate_keys", ...ours.lead } as const;
    expectSuccess(await twins.under(fault));
    expect((await one<Lead>(twins, "leads", "L")).firstName).toBe("Second");
    await twins.heal();
  });
});
