import type { ActivityRow } from "../domain/mod.ts";

/** What a calendar is written from. */
export interface CalendarInput {
  /** Name of the brand. */
  brand: string;
  slug: string;
  /** IANA zone, which programs that know it show the times in. */
  timezone: string;
  /** Those without a time are left out. */
  rows: readonly ActivityRow[];
  /** Of the data, ISO 8601 UTC; null before the first sync. */
  asOf: string | null;
  /** Origin of the portal, for links. */
  origin: string;
}

/** A program asks so often. */
const EVERY_SECONDS = 3_600;

/**
 * The schedule as an iCalendar document (RFC 5545). Times are instants in UTC. ClientTether keeps no durations, so
 * that an event is a moment and not a made-up span. The same data gives the same text.
 */
export async function toCalendar(input: CalendarInput): Promise<string> {
  // Loaded with the first calendar: a start does without.
  const { default: ical, ICalEventStatus } = await import("ical-generator");
  const { brand, slug, timezone, rows, asOf, origin } = input;
  const calendar = ical({
    name: `${brand}: schedule`,
    prodId: { company: "Tetherboard", product: "Schedule", language: "EN" },
    ttl: EVERY_SECONDS,
    x: { "X-WR-TIMEZONE": timezone },
  });
  const stamp = new Date(asOf ?? 0);
  for (const row of rows) {
    if (row.scheduledAt === null) continue;
    const event = calendar.createEvent({
      id: `${encodeURIComponent(row.id)}@${slug}.tetherboard`,
      start: new Date(row.scheduledAt),
      stamp,
      summary: summaryOf(row),
      status: ICalEventStatus.CONFIRMED,
    });
    if (row.description) event.description(row.description);
    if (row.contactId) {
      const person = encodeURIComponent(row.contactId);
      event.url(`${origin}/leads/${person}?w=${encodeURIComponent(slug)}`);
    }
  }
  return calendar.toString();
}

function summaryOf({ activityType, contactName }: ActivityRow): string {
  const words = [activityType, contactName].filter((word) => word !== null);
  return words.join(": ") || "Activity";
}
