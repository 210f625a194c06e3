import {
  formatDateTime,
  formatRelative,
  type RecentKind,
  type SinceVisit,
} from "../lib/domain/mod.ts";
import { counted } from "./sentences.ts";

/** One and several of each kind of change. */
const NOUNS: Record<RecentKind, readonly [one: string, several: string]> = {
  leads: ["new lead", "new leads"],
  moves: ["stage move", "stage moves"],
  notes: ["new note", "new notes"],
  planned: ["new activity", "new activities"],
  cancelled: ["cancelled activity", "cancelled activities"],
};

/** The kinds as headings. */
export const RECENT_TITLES: Record<RecentKind, string> = {
  leads: "New leads",
  moves: "Stage moves",
  notes: "New notes",
  planned: "New activities",
  cancelled: "Cancelled activities",
};

/** What a change of each kind is. */
export const RECENT_MEANINGS: Record<RecentKind, string> = {
  leads:
    "People whom an update brought for the first time, whenever ClientTether says that they were created.",
  moves: "Opportunities that an update found in another stage than before.",
  notes:
    "Notes that an update brought for the first time and that are not older than 30 days.",
  planned:
    "Activities still to come that an update brought for the first time.",
  cancelled:
    "Activities that were called off, or that ClientTether no longer lists, before their time came.",
};

/** "3 new leads". */
export function countedChanges(kind: RecentKind, count: number): string {
  return counted(count, ...NOUNS[kind]);
}

/** Since when things are called new, as a sentence. */
export function sinceSentence(
  { at, marked, isCut }: SinceVisit,
  now: number,
  timezone: string,
): string {
  if (at === null) {
    return "This is your first visit here: what came in the last 7 days.";
  }
  const time = formatRelative(at, now, timezone);
  if (marked) return `Since you marked all as seen, ${time}.`;
  return isCut
    ? `Your last visit was ${
      formatDateTime(at, timezone)
    }: what came in the last 30 days.`
    : `Since your last visit, ${time}.`;
}
