import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  emptySyncState,
  FLEET_FILTERS,
  fleetEntries,
  type FleetMember,
  isInFleet,
  type StreamResult,
} from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";

const NOW = Date.parse("2026-03-11T15:00:00.000Z");
const ago = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

const stream = (status: StreamResult["status"]): StreamResult => ({
  status,
  fetched: 0,
  written: 0,
  unchanged: 0,
  removed: 0,
  quarantined: 2,
  lastSuccessAt: null,
  error: null,
});

function member(
  name: string,
  sync: Partial<FleetMember["sync"]>,
  others: Partial<FleetMember> & { hasKey?: boolean; updatedAt?: string } = {},
): FleetMember {
  const { hasKey = true, updatedAt = ago(0), ...rest } = others;
  return {
    tenant: { id: name, slug: name, name, updatedAt, hasKey },
    status: "active",
    sync: { ...emptySyncState(), lastSyncAt: ago(1), ...sync },
    alert: null,
    ...rest,
  };
}

const failures = (failuresInRow: number) => ({
  lastRun: { failuresInRow, recordsUpdated: 4, kvWrites: 8 },
});

const FLEET = [
  member("fine", failures(2)),
  member("older", { lastSyncAt: ago(1.5) }),
  member("waiting", { lastSyncAt: null }),
  member("never", { lastSyncAt: null }, { updatedAt: ago(3) }),
  member("stale", { lastSyncAt: ago(3) }),
  member("staler", { lastSyncAt: ago(4) }),
  member("late", { lastSyncAt: ago(25) }),
  member("critical", { lastSyncAt: ago(73) }),
  member("failing", failures(3)),
  member("refused", {
    ...failures(5),
    lastSyncAt: ago(5),
    streams: { cycles: stream("refused"), leads: stream("not_asked") },
  }),
  member("inactive", { lastSyncAt: ago(99) }, { status: "inactive" }),
  member("keyless", { lastSyncAt: null }, { hasKey: false }),
];

describe("fleetEntries()", () => {
  const entries = fleetEntries(FLEET, NOW);

  it("puts the worst first, and of the same kind the oldest data", () => {
    expect(entries.map(({ name, standing }) => [name, standing])).toEqual([
      ["refused", "key_refused"],
      ["failing", "failing"],
      ["critical", "critical"],
      ["late", "late"],
      ["never", "stale"],
      ["staler", "stale"],
      ["stale", "stale"],
      ["waiting", "waiting"],
      ["older", "fine"],
      ["fine", "fine"],
      ["keyless", "unwatched"],
      ["inactive", "unwatched"],
    ]);
  });

  it("tells what the latest run did and cost", () => {
    expect(entries[0]).toMatchObject({
      recordsUpdated: 4,
      failuresInRow: 5,
      kvWrites: 8,
      quarantined: 4,
      troubles: ["key_refused", "failing", "stale"],
    });
    expect(entries.find(({ name }) => name === "older")).toMatchObject({
      recordsUpdated: null,
      failuresInRow: null,
      kvWrites: null,
      ageSeconds: 5400,
    });
  });

  it("lets each part of the fleet be seen alone", () => {
    const names = FLEET_FILTERS.map((filter) => [
      filter,
      entries.filter((entry) => isInFleet(entry, filter)).length,
    ]);
    expect(Object.fromEntries(names)).toEqual({
      all: 12,
      trouble: 7,
      key_refused: 1,
      failing: 2,
      stale: 6,
      fine: 3,
      unwatched: 2,
    });
  });

  it("counts one whose alert was given up as in trouble", () => {
    const alert = {
      since: ago(1),
      told: [],
      message: {
        event: "recovered" as const,
        troubles: ["stale" as const],
        tries: 10,
        nextAt: ago(0),
        error: "answered 500",
        gaveUpAt: ago(0),
      },
    };
    const [entry] = fleetEntries([member("x", {}, { alert })], NOW);
    expect([isInFleet(entry!, "trouble"), isInFleet(entry!, "fine")])
      .toEqual([true, true]);
  });
});
