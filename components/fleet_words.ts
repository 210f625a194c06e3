import type {
  AlertState,
  FleetEntry,
  FleetFilter,
  FleetStanding,
} from "../lib/domain/mod.ts";
import type { BadgeTone } from "./Badge.tsx";

/** How people call the state of a tenant's data. */
export const STANDING_WORDS: Record<
  FleetStanding,
  { text: string; tone: BadgeTone }
> = {
  key_refused: { text: "Key refused", tone: "alarm" },
  failing: { text: "Failing", tone: "alarm" },
  critical: { text: "Critical", tone: "alarm" },
  late: { text: "Late", tone: "warn" },
  stale: { text: "Stale", tone: "warn" },
  waiting: { text: "First sync", tone: "plain" },
  fine: { text: "Fine", tone: "accent" },
  unwatched: { text: "Not synced", tone: "plain" },
};

/** How people call a part of the fleet. */
export const FILTER_WORDS: Record<FleetFilter, string> = {
  all: "All",
  trouble: "In trouble",
  key_refused: "Key refused",
  failing: "Failing",
  stale: "Stale",
  fine: "Fine",
  unwatched: "Not synced",
};

/** Who was told of a tenant's trouble; null where there is nothing to tell. */
export function alertText(alert: AlertState | null): string | null {
  if (alert === null) return null;
  const { message } = alert;
  if (message === null) return "Told";
  const what = message.event === "recovered" ? "Recovery" : "Trouble";
  if (message.gaveUpAt !== null) {
    return `${what} not told: the webhook ${message.error}; given up`;
  }
  if (message.error === null) return `${what} is being told`;
  return `${what} not told yet: the webhook ${message.error}`;
}

/** How a run that failed, or several in a row, is said beside its badge. */
export function runText(
  { run, failuresInRow }: Pick<FleetEntry, "run" | "failuresInRow">,
): { text: string; tone: BadgeTone } | null {
  if (run.status === null) return null;
  if (run.status === "running") return { text: "Running", tone: "plain" };
  if (run.status === "success") return { text: "Success", tone: "accent" };
  return failuresInRow !== null && failuresInRow > 1
    ? { text: `Failed, ${failuresInRow} in a row`, tone: "alarm" }
    : { text: "Failed", tone: "alarm" };
}
