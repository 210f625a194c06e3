/**
 * How old the data is, in words. Imports types alone, so that the banner's island carries nothing else.
 */
import type { StreamName } from "./records.ts";
import type {
  Freshness,
  FreshnessLevel,
  StreamResults,
} from "./sync_status.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Ages above which data is stale, late, critical. At exactly two hours it is fresh: "within 2 hours". */
const STALE_MS = 2 * HOUR_MS;
const LATE_MS = 24 * HOUR_MS;
const CRITICAL_MS = 72 * HOUR_MS;

/**
 * What the banner and the status endpoint say of the data's age.
 *
 * @param lastSyncAt ISO 8601 of the last run in which every connected stream succeeded, or null. A time in the
 * future, which another machine's clock can give, is now.
 * @param now epoch milliseconds
 */
export function freshness(lastSyncAt: string | null, now: number): Freshness {
  const syncedAt = lastSyncAt === null ? NaN : Date.parse(lastSyncAt);
  if (Number.isNaN(syncedAt)) {
    return {
      lastSyncAt: null,
      isStale: true,
      ageSeconds: null,
      level: "never",
      message:
        "First import is running. Figures appear after its first complete update.",
    };
  }
  const age = Math.max(0, now - syncedAt);
  const level = levelOf(age);
  return {
    lastSyncAt,
    isStale: level !== "fresh",
    ageSeconds: Math.floor(age / 1000),
    level,
    message: messageOf(age, level),
  };
}

function levelOf(age: number): FreshnessLevel {
  if (age > CRITICAL_MS) return "critical";
  if (age > LATE_MS) return "late";
  return age > STALE_MS ? "stale" : "fresh";
}

function messageOf(age: number, level: FreshnessLevel): string {
  if (level === "fresh") return `Updated ${agoOf(age)}`;
  const hours = Math.floor(age / HOUR_MS);
  const sentence = `Data is ${hours} hours old - sync may be delayed`;
  return level === "critical"
    ? `${sentence}. Please contact your agency.`
    : sentence;
}

function agoOf(age: number): string {
  if (age < MINUTE_MS) return "just now";
  return age < HOUR_MS
    ? `${counted(Math.floor(age / MINUTE_MS), "minute")} ago`
    : `${counted(Math.floor(age / HOUR_MS), "hour")} ago`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A stream that is older than the rest. */
export interface LaggingStream {
  stream: StreamName;
  /** How the banner names it: "Notes". */
  label: string;
  /** ISO 8601 UTC; null when it never succeeded. */
  lastSuccessAt: string | null;
}

const STREAM_LABELS: Record<StreamName, string> = {
  cycles: "Stages",
  leads: "Leads",
  opportunities: "Opportunities",
  notes: "Notes",
  activities: "Scheduled activities",
};

/**
 * The streams that the latest run left behind: they did not succeed in it, and another stream has succeeded
 * since. Where all streams failed alike nothing lags; the age of the data says it all. A stream that is
 * not connected never lags.
 *
 * @param lastSyncAt the last run in which every connected stream succeeded
 */
export function laggingStreams(
  streams: StreamResults,
  lastSyncAt: string | null,
): LaggingStream[] {
  const times = Object.values(streams).map((result) =>
    timeOf(result.lastSuccessAt)
  );
  const newest = Math.max(-Infinity, ...times);
  if (newest <= timeOf(lastSyncAt)) return [];
  const lagging: LaggingStream[] = [];
  for (const stream of Object.keys(STREAM_LABELS) as StreamName[]) {
    const result = streams[stream];
    if (!result || isCurrent(result.status)) continue;
    if (timeOf(result.lastSuccessAt) >= newest) continue;
    const { lastSuccessAt } = result;
    lagging.push({ stream, label: STREAM_LABELS[stream], lastSuccessAt });
  }
  return lagging;
}

/**
 * The banner's sentence about streams that lag: "Notes are from 08:02. Scheduled activities have not arrived yet."
 *
 * @param timeText how a time is written, e.g. `(iso) => formatTime(iso, zone)`
 * @returns null when nothing lags
 */
export function laggingSentence(
  lagging: readonly LaggingStream[],
  timeText: (iso: string) => string,
): string | null {
  if (lagging.length === 0) return null;
  return lagging.map(({ label, lastSuccessAt }) =>
    lastSuccessAt === null
      ? `${label} have not arrived yet.`
      : `${label} are from ${timeText(lastSuccessAt)}.`
  ).join(" ");
}

function isCurrent(status: string): boolean {
  return status === "success" || status === "not_connected";
}

function timeOf(iso: string | null): number {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? -Infinity : time;
}
