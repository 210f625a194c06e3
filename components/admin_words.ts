import type { RunStatus, StreamName } from "../lib/domain/mod.ts";
import type { BadgeTone } from "./Badge.tsx";

/** Where the agency finds a brand. One whose slug is the name of a page there is found by its id. */
export function adminTenantPath(
  { id, slug }: { id: string; slug: string },
): string {
  return `/admin/tenants/${slug === "new" ? id : slug}`;
}

interface Word {
  text: string;
  tone: BadgeTone;
}

const RUNS: Record<RunStatus, Word> = {
  running: { text: "Running", tone: "plain" },
  success: { text: "Success", tone: "accent" },
  failed: { text: "Failed", tone: "alarm" },
};

/** How a run ended. */
export function runWord(status: RunStatus): Word {
  return RUNS[status];
}

const STREAMS: Record<StreamName, string> = {
  cycles: "Stages",
  leads: "Leads",
  opportunities: "Opportunities",
  notes: "Notes",
  activities: "Scheduled activities",
};

/** How people call a stream. */
export function streamWord(stream: StreamName): string {
  return STREAMS[stream];
}

/** How long ago the data was complete: "just now", "25 hours ago", "3 days ago"; "never". */
export function agoText(ageSeconds: number | null): string {
  if (ageSeconds === null) return "never";
  const minutes = Math.floor(ageSeconds / 60);
  if (minutes < 1) return "just now";
  const hours = Math.floor(minutes / 60);
  const [count, unit] = minutes < 60
    ? [minutes, "minute"]
    : hours < 48
    ? [hours, "hour"]
    : [Math.floor(hours / 24), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

const ERASED_KINDS: Record<string, string> = {
  leads: "Lead",
  opportunities: "Opportunities",
  notes: "Notes",
  activities: "Scheduled activities",
  quarantine: "Records in quarantine",
  tombstones: "Marks of records that left ClientTether",
  stage_changes: "Moves between stages",
  saved_views: "Saved views that search for or name the person",
  raw_lines: "Raw records",
};

/** How people call a kind of row that goes with a person. */
export function erasedKindWord(kind: string): string {
  return ERASED_KINDS[kind] ?? kind;
}

/** How long a run took: "42 s", "3 min 5 s"; null while it runs. */
export function durationText(
  startedAt: string,
  finishedAt: string | null,
): string | null {
  if (finishedAt === null) return null;
  const ms = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return "under 1 s";
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
