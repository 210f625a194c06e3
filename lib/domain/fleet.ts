import { type AlertState, type Trouble, troublesOf } from "./alerts.ts";
import { freshness } from "./freshness.ts";
import type { FreshnessLevel, SyncState } from "./sync_status.ts";

/** What is known of one tenant of the fleet. */
export interface FleetMember {
  /** `updatedAt`: ISO 8601 UTC; one that was never synced is waited for from then on. */
  tenant: {
    id: string;
    slug: string;
    name: string;
    updatedAt: string;
    hasKey: boolean;
  };
  status: string;
  sync: SyncState;
  alert: AlertState | null;
}

/** How a tenant stands, the worst first. */
export const FLEET_STANDINGS = [
  "key_refused",
  "failing",
  "critical",
  "late",
  "stale",
  "waiting",
  "fine",
  "unwatched",
] as const;

/** `waiting`: for its first sync; `unwatched`: it is not active or has no key, and nobody waits for its data. */
export type FleetStanding = typeof FLEET_STANDINGS[number];

/** A tenant as the Operations page shows it. */
export interface FleetEntry {
  id: string;
  slug: string;
  name: string;
  standing: FleetStanding;
  troubles: Trouble[];
  level: FreshnessLevel;
  ageSeconds: number | null;
  run: Pick<SyncState, "runId" | "status" | "startedAt" | "finishedAt">;
  /** Of the latest run that ended; null where that is not known. */
  recordsUpdated: number | null;
  failuresInRow: number | null;
  kvWrites: number | null;
  /** Records that the latest run put into quarantine. */
  quarantined: number;
  alert: AlertState | null;
}

/** Whether a tenant is one that syncs keep up to date. */
export function isWatched(
  { status, tenant }: Pick<FleetMember, "status" | "tenant">,
): boolean {
  return status === "active" && tenant.hasKey;
}

/** The fleet at an instant (epoch milliseconds), the worst first, and of the same kind the oldest data first. */
export function fleetEntries(
  members: readonly FleetMember[],
  now: number,
): FleetEntry[] {
  return members.map((member) => entryOf(member, now)).sort((a, b) =>
    FLEET_STANDINGS.indexOf(a.standing) - FLEET_STANDINGS.indexOf(b.standing) ||
    (b.ageSeconds ?? Infinity) - (a.ageSeconds ?? Infinity) ||
    a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1)
  );
}

function entryOf(member: FleetMember, now: number): FleetEntry {
  const { tenant: { id, slug, name, updatedAt }, sync, alert } = member;
  const { level, ageSeconds } = freshness(sync.lastSyncAt, now);
  const watched = isWatched(member);
  const troubles = watched ? troublesOf(sync, updatedAt, now) : [];
  const { runId, status, startedAt, finishedAt, lastRun } = sync;
  return {
    id,
    slug,
    name,
    standing: watched ? standingOf(troubles, level) : "unwatched",
    troubles,
    level,
    ageSeconds,
    run: { runId, status, startedAt, finishedAt },
    recordsUpdated: lastRun?.recordsUpdated ?? null,
    failuresInRow: lastRun?.failuresInRow ?? null,
    kvWrites: lastRun?.kvWrites ?? null,
    quarantined: Object.values(sync.streams)
      .reduce((sum, { quarantined }) => sum + quarantined, 0),
    alert,
  };
}

function standingOf(
  troubles: readonly Trouble[],
  level: FreshnessLevel,
): FleetStanding {
  const [worst] = troubles;
  if (worst === "key_refused" || worst === "failing") return worst;
  if (level === "fresh") return "fine";
  if (level !== "never") return level;
  return worst === "stale" ? "stale" : "waiting";
}

/** Parts of the fleet that somebody may want to see alone. */
export const FLEET_FILTERS = [
  "all",
  "trouble",
  "key_refused",
  "failing",
  "stale",
  "fine",
  "unwatched",
] as const;
export type FleetFilter = typeof FLEET_FILTERS[number];

/** Whether a tenant belongs to a part of the fleet; one with a refused key can be stale as well. */
export function isInFleet(entry: FleetEntry, filter: FleetFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "trouble":
      return entry.troubles.length > 0 || isUntold(entry);
    case "fine":
      return entry.standing === "fine" || entry.standing === "waiting";
    case "unwatched":
      return entry.standing === "unwatched";
    default:
      return entry.troubles.includes(filter);
  }
}

/** Whether an alert of it was given up: the webhook did not take it. */
export function isUntold({ alert }: Pick<FleetEntry, "alert">): boolean {
  return typeof alert?.message?.gaveUpAt === "string";
}
