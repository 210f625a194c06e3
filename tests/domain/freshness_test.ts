import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  freshness,
  laggingSentence,
  laggingStreams,
  type StreamResult,
  type StreamStatus,
} from "../../lib/domain/mod.ts";

const SYNCED = "2026-03-11T13:02:00.000Z";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function after(ms: number) {
  return freshness(SYNCED, Date.parse(SYNCED) + ms);
}

describe("freshness()", () => {
  const messages: [number, string, string][] = [
    [0, "fresh", "Updated just now"],
    [59_999, "fresh", "Updated just now"],
    [MINUTE, "fresh", "Updated 1 minute ago"],
    [12 * MINUTE, "fresh", "Updated 12 minutes ago"],
    [HOUR - 1, "fresh", "Updated 59 minutes ago"],
    [HOUR, "fresh", "Updated 1 hour ago"],
    [2 * HOUR - 1, "fresh", "Updated 1 hour ago"],
    [2 * HOUR, "fresh", "Updated 2 hours ago"],
    [2 * HOUR + 1, "stale", "Data is 2 hours old - sync may be delayed"],
    [3 * HOUR - 1, "stale", "Data is 2 hours old - sync may be delayed"],
    [3 * HOUR, "stale", "Data is 3 hours old - sync may be delayed"],
    [24 * HOUR, "stale", "Data is 24 hours old - sync may be delayed"],
    [24 * HOUR + 1, "late", "Data is 24 hours old - sync may be delayed"],
    [30 * HOUR, "late", "Data is 30 hours old - sync may be delayed"],
    [72 * HOUR, "late", "Data is 72 hours old - sync may be delayed"],
    [
      72 * HOUR + 1,
      "critical",
      "Data is 72 hours old - sync may be delayed. Please contact your agency.",
    ],
    [
      80 * HOUR,
      "critical",
      "Data is 80 hours old - sync may be delayed. Please contact your agency.",
    ],
  ];
  for (const [ms, level, message] of messages) {
    it(`says '${message}' (${level}) after ${ms} ms`, () => {
      expect(after(ms)).toEqual({
        lastSyncAt: SYNCED,
        isStale: level !== "fresh",
        ageSeconds: Math.floor(ms / SECOND),
        level,
        message,
      });
    });
  }

  it("says what happens next where there never was a sync", () => {
    const never = {
      lastSyncAt: null,
      isStale: true,
      ageSeconds: null,
      level: "never",
      message:
        "First import is running. Figures appear after its first complete update.",
    };
    expect(freshness(null, 0)).toEqual(never);
    expect(freshness("not a date", 0)).toEqual(never);
  });

  it("takes a sync in the future, by another machine's clock, for now", () => {
    expect(after(-5 * MINUTE))
      .toMatchObject({ ageSeconds: 0, isStale: false, level: "fresh" });
  });
});

function stream(
  status: StreamStatus,
  lastSuccessAt: string | null,
): StreamResult {
  return {
    status,
    fetched: 0,
    written: 0,
    unchanged: 0,
    removed: 0,
    quarantined: 0,
    lastSuccessAt,
    error: null,
  };
}

describe("laggingStreams()", () => {
  const EIGHT = "2026-03-11T08:02:00.000Z";
  const NINE = "2026-03-11T09:02:00.000Z";
  const TEN = "2026-03-11T10:02:00.000Z";

  it("names a stream that failed where others have succeeded since", () => {
    const streams = {
      leads: stream("success", NINE),
      notes: stream("failed", EIGHT),
    };
    expect(laggingStreams(streams, EIGHT)).toEqual([
      { stream: "notes", label: "Notes", lastSuccessAt: EIGHT },
    ]);
  });

  it("names streams in the order of a sync, and those that never came", () => {
    const streams = {
      activities: stream("failed", null),
      notes: stream("not_asked", EIGHT),
      leads: stream("refused", NINE),
      cycles: stream("success", TEN),
    };
    expect(laggingStreams(streams, null).map(({ stream }) => stream))
      .toEqual(["leads", "notes", "activities"]);
  });

  it("names none where all is well, or all failed alike, or nothing ever came", () => {
    const well = {
      leads: stream("success", NINE),
      notes: stream("success", NINE),
    };
    const down = {
      leads: stream("failed", NINE),
      notes: stream("failed", NINE),
    };
    const first = {
      leads: stream("failed", null),
      notes: stream("failed", null),
    };
    expect(laggingStreams(well, NINE)).toEqual([]);
    expect(laggingStreams(down, NINE)).toEqual([]);
    expect(laggingStreams(first, null)).toEqual([]);
    expect(laggingStreams({}, null)).toEqual([]);
  });

  it("never names a stream that is not connected", () => {
    const streams = {
      leads: stream("success", NINE),
      activities: stream("not_connected", null),
    };
    expect(laggingStreams(streams, NINE)).toEqual([]);
    expect(laggingStreams(streams, EIGHT)).toEqual([]);
  });

  it("does not mistake moments within one complete run for lagging", () => {
    const streams = {
      leads: stream("failed", "2026-03-11T09:02:01.000Z"),
      notes: stream("failed", "2026-03-11T09:02:05.000Z"),
    };
    expect(laggingStreams(streams, "2026-03-11T09:02:06.000Z")).toEqual([]);
  });
});

describe("laggingSentence()", () => {
  const timeText = (iso: string) => iso.slice(11, 16);

  it("says from when each stream is", () => {
    expect(laggingSentence([
      {
        stream: "notes",
        label: "Notes",
        lastSuccessAt: "2026-03-11T08:02:00.000Z",
      },
      {
        stream: "activities",
        label: "Scheduled activities",
        lastSuccessAt: null,
      },
    ], timeText)).toBe(
      "Notes are from 08:02. Scheduled activities have not arrived yet.",
    );
  });

  it("says nothing where nothing lags", () => {
    expect(laggingSentence([], timeText)).toBe(null);
  });
});
