import type { ActivityRow } from "./views.ts";
import { addDays, dayStart, localDay, mondayOf } from "./zones.ts";

/** Words that say that an activity is over or off. */
const CLOSED =
  /^(?:cancel|cancell?ed|cancell?ation|completed?|done|finished|closed)$/;

/** Words beside them that say that it is not, or not yet: "Not completed", "To be done", "Cancellation requested". */
const STILL_OPEN =
  /^(?:not|never|to|pending|requested|partly|partially|almost)$/;

/**
 * Whether an activity's status leaves it open: neither cancelled nor completed, in any spelling. A status that
 * is not known counts as open, so that no appointment is lost to a word.
 */
export function isOpenActivity(status: string | null): boolean {
  const words = (status ?? "").toLowerCase().match(/[a-z]+/g) ?? [];
  return !words.some((word) => CLOSED.test(word)) ||
    words.some((word) => STILL_OPEN.test(word));
}

const CANCELLED = /^cancel/;

/** Whether an activity's status says that it will not take place, in any spelling. */
export function isCancelledActivity(status: string | null): boolean {
  return !isOpenActivity(status) && CANCELLED.test(
    (status ?? "").toLowerCase().match(/[a-z]+/g)?.find((word) =>
      CLOSED.test(word)
    ) ?? "",
  );
}

/** The headings of the schedule. */
export type ScheduleGroup = "today" | "week" | "later";

/**
 * Where the schedule shows a coming activity: on this local day, before next Monday 00:00, or later.
 *
 * @param scheduledAt ISO 8601; a time that cannot be read is "later", the last of the groups
 * @param now epoch milliseconds
 */
export function groupOf(
  scheduledAt: string,
  now: number,
  zone: string,
): ScheduleGroup {
  return groupsAt(now, zone)(scheduledAt);
}

/** {@linkcode groupOf} for many activities: when day and week end is reckoned once. */
export function groupsAt(
  now: number,
  zone: string,
): (scheduledAt: string) => ScheduleGroup {
  const today = localDay(now, zone);
  const tomorrow = dayStart(addDays(today, 1), zone);
  const monday = dayStart(addDays(mondayOf(today), 7), zone);
  return (scheduledAt) => {
    const time = Date.parse(scheduledAt);
    if (time < tomorrow) return "today";
    return time < monday ? "week" : "later";
  };
}

/**
 * The next activity of each person, by the person's id.
 *
 * @param rows soonest first; those that name no person are left out
 */
export function nextByContact(
  rows: readonly ActivityRow[],
): Map<string, ActivityRow> {
  const next = new Map<string, ActivityRow>();
  for (const row of rows) {
    const { contactId } = row;
    if (contactId !== null && !next.has(contactId)) next.set(contactId, row);
  }
  return next;
}
