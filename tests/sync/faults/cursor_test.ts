import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SyncState } from "../../../lib/domain/mod.ts";
import { HOUR } from "../../_clock.ts";
import { expectSuccess } from "./_expect.ts";
import { TENANT, Twins } from "./_matrix.ts";

const iso = (ms: number) => new Date(ms).toISOString();

/** Changes the stored state of the tenant, as another machine's clock would have left it. */
async function changeState(
  { faulted: { kv } }: Twins,
  change: (state: SyncState) => SyncState,
): Promise<void> {
  const key = ["t", TENANT, "sync_state"];
  const { value } = await kv.get<SyncState>(key);
  await kv.set(key, change(value!));
}

/** What the last request for notes asked for. */
function sinceOf({ faulted: { simulator } }: Twins): string | undefined {
  return simulator.requests.log.findLast(({ stream }) => stream === "notes")
    ?.query.since;
}

describe("the cursor of the notes", () => {
  it("row 31: reaches back so far that a clock hours ahead of ClientTether's misses nothing", async () => {
    for (const hours of [1, 12, 40]) {
      await using twins = await Twins.create();
      const { faulted, brand } = twins;
      // The portal's clock runs ahead: for ClientTether less time has passed.
      const theirs = faulted.clock.now() - hours * HOUR;
      const note = { id: "late", date: iso(theirs), content: "Late" };
      for (const one of [brand, twins.sparedBrand]) one.putNote(note);
      const seen = await twins.under([]);
      expectSuccess(seen);
      expect(sinceOf(twins)).toBe(
        iso(Date.parse(seen.before.state.cursor.notesReadAt!) - 48 * HOUR),
      );
      expect(seen.after.notes.map(({ id }) => id)).toContain("late");
      expect(brand.counts().notes).toBe(seen.after.state.counts.notes);
      await twins.heal();
    }
  });

  it("row 31: a clock that runs days ahead is made good by the day's full pass", async () => {
    await using twins = await Twins.create();
    const { clock } = twins.faulted;
    const note = {
      id: "late",
      date: iso(clock.now() - 72 * HOUR),
      content: "Late",
    };
    for (const brand of [twins.brand, twins.sparedBrand]) brand.putNote(note);
    const hourly = await twins.under([]);
    expect(hourly.after.notes.map(({ id }) => id)).not.toContain("late");
    clock.advance(24 * HOUR);
    const daily = await twins.under([]);
    expect(sinceOf(twins)).toBeUndefined();
    expect(daily.after.notes.map(({ id }) => id)).toContain("late");
    // The figures of the day that passed were carried forward in one store alone.
    await twins.heal("lead_metrics", "pipeline_stage_counts", "kpis");
  });

  it("row 32: one in the future is not believed: everything is read, and it is put right", async () => {
    for (const days of [1, 400, 36_500]) {
      await using twins = await Twins.create();
      const future = iso(twins.faulted.clock.now() + days * 24 * HOUR);
      await changeState(twins, (state) => ({
        ...state,
        lastSyncAt: future,
        cursor: { ...state.cursor, notesReadAt: future },
      }));
      const seen = await twins.under([]);
      expectSuccess(seen);
      expect(sinceOf(twins)).toBeUndefined();
      const { lastSyncAt, cursor, startedAt } = seen.after.state;
      expect(cursor.notesReadAt).toBe(startedAt);
      expect(Date.parse(lastSyncAt!)).toBeLessThan(Date.parse(future));
      expect(seen.report.streams.notes!.fetched)
        .toBe(twins.brand.counts().notes);
      await twins.heal();
    }
  });

  it("row 32: days in the future, of a baseline or a full pass, wedge nothing", async () => {
    await using twins = await Twins.create();
    await changeState(twins, (state) => ({
      ...state,
      viewDay: "2026-03-19",
      cursor: {
        ...state.cursor,
        baselineDay: {
          ...state.cursor.baselineDay,
          leads: "2026-03-19",
          notes: "2026-03-19",
        },
        notesFullDay: "2026-03-19",
        activitiesAskedDay: "2026-03-19",
      },
    }));
    await twins.faulted.sync();
    const { viewDay, cursor } = await (await twins.faulted.data()).syncState();
    expect(viewDay).toBe("2026-03-11");
    expect(cursor).toMatchObject({
      notesFullDay: "2026-03-11",
      baselineDay: { leads: "2026-03-11", notes: "2026-03-11" },
    });
    await twins.heal();
  });
});
