import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ALERT_TRIES,
  alertFailed,
  type AlertState,
  alertTaken,
  claimAlert,
  emptySyncState,
  isAlertDue,
  judgeAlert,
  type StreamResult,
  type SyncState,
  type Trouble,
  troublesOf,
} from "../../lib/domain/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";

const AT = "2026-03-11T15:00:00.000Z";
const NOW = Date.parse(AT);
const ago = (ms: number) => new Date(NOW - ms).toISOString();

const refused: StreamResult = {
  status: "refused",
  fetched: 0,
  written: 0,
  unchanged: 0,
  removed: 0,
  quarantined: 0,
  lastSuccessAt: null,
  error: "ClientTether refused the web key",
};

describe("troublesOf()", () => {
  const of = (fields: Partial<SyncState>, since = ago(0)) =>
    troublesOf({ ...emptySyncState(), ...fields }, since, NOW);
  const failures = (failuresInRow: number) => ({
    lastRun: { failuresInRow, recordsUpdated: 0, kvWrites: 8 },
    lastSyncAt: AT,
  });

  it("is stale after two hours without a complete sync", () => {
    expect(of({ lastSyncAt: ago(2 * HOUR) })).toEqual([]);
    expect(of({ lastSyncAt: ago(2 * HOUR + 1) })).toEqual(["stale"]);
  });

  it("gives a tenant that was never synced two hours too", () => {
    expect(of({}, ago(2 * HOUR))).toEqual([]);
    expect(of({}, ago(2 * HOUR + 1))).toEqual(["stale"]);
  });

  it("is failing from the third failure in a row", () => {
    expect(of(failures(2))).toEqual([]);
    expect(of(failures(3))).toEqual(["failing"]);
  });

  it("sees a refused key in any stream, and names the worst first", () => {
    expect(
      of(
        { ...failures(4), lastSyncAt: null, streams: { notes: refused } },
        ago(3 * HOUR),
      ),
    )
      .toEqual(["key_refused", "failing", "stale"]);
  });
});

describe("judgeAlert()", () => {
  /** Lets a webhook that takes everything hear of one look after the other; what it heard. */
  const heard = (...looks: Trouble[][]) => {
    const all: string[] = [];
    let state: AlertState | null = null;
    for (const troubles of looks) {
      state = judgeAlert(state, troubles, AT);
      if (!state?.message) continue;
      all.push(`${state.message.event}: ${state.message.troubles.join(" ")}`);
      state = alertTaken(claimAlert(state, NOW));
    }
    return { all, state };
  };

  it("tells of trouble once, and of its end once", () => {
    expect(heard([], ["stale"], ["stale"], ["stale"], [], [])).toEqual({
      all: ["trouble: stale", "recovered: stale"],
      state: null,
    });
  });

  it("tells of what is added, and not of what comes back before the end", () => {
    const { all } = heard(
      ["failing"],
      ["failing", "stale"],
      ["stale"],
      ["failing", "stale"],
      [],
    );
    expect(all).toEqual([
      "trouble: failing",
      "trouble: stale",
      "recovered: failing stale",
    ]);
  });

  it("tells of a second spell anew", () => {
    expect(heard(["stale"], [], ["stale"], []).all).toEqual([
      "trouble: stale",
      "recovered: stale",
      "trouble: stale",
      "recovered: stale",
    ]);
  });

  it("leaves the state as it is, by identity, where nothing is new", () => {
    const state = judgeAlert(null, ["stale"], AT);
    expect(judgeAlert(state, ["stale"], ago(-HOUR))).toBe(state);
    const over = judgeAlert(state, [], AT);
    expect(judgeAlert(over, [], ago(-HOUR))).toBe(over);
    expect(judgeAlert(null, [], AT)).toBe(null);
  });

  it("tells of trouble that ended before it could be told", () => {
    const state = judgeAlert(null, ["stale"], AT);
    expect(judgeAlert(state, [], AT)?.message).toMatchObject({
      event: "recovered",
      troubles: ["stale"],
      tries: 0,
    });
  });

  it("takes an end back that was not told and is no longer true", () => {
    const told = { since: AT, told: ["stale" as const], message: null };
    const over = judgeAlert(told, [], AT);
    expect(judgeAlert(over, ["stale"], AT)).toEqual(told);
    expect(judgeAlert(over, ["stale", "failing"], AT)?.message).toMatchObject({
      event: "trouble",
      troubles: ["failing"],
    });
  });
});

describe("claimAlert(), alertFailed()", () => {
  it("waits longer after each try, an hour at most, and gives up after the tenth", () => {
    let state = judgeAlert(null, ["stale"], AT)!;
    let now = NOW;
    const waits: number[] = [];
    while (state.message?.gaveUpAt === null) {
      expect(isAlertDue(state, now)).toBe(true);
      state = claimAlert(state, now);
      expect(isAlertDue(state, now)).toBe(false);
      const next = Date.parse(state.message!.nextAt);
      waits.push((next - now) / MINUTE);
      state = alertFailed(state, "answered 500", AT);
      now = next;
    }
    expect(waits).toEqual([4, 9, 19, 39, 59, 59, 59, 59, 59, 59]);
    expect(state.message).toMatchObject({
      tries: ALERT_TRIES,
      error: "answered 500",
      gaveUpAt: AT,
    });
    expect(isAlertDue(state, now + 24 * HOUR)).toBe(false);
    expect(judgeAlert(state, ["stale"], AT)).toBe(state);
    expect(judgeAlert(state, [], AT)?.message).toMatchObject({
      event: "recovered",
      gaveUpAt: null,
    });
  });
});
