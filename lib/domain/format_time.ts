/**
 * Times and days as people read them, in the tenant's zone: day before month, 24 hours. Put together by hand,
 * so that server and browser write the same.
 */
import { UNKNOWN } from "./format.ts";
import { addDays, dayNumber, localDay, mondayOf, toZoned } from "./zones.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];

/** The time of day: "08:02". */
export function formatTime(iso: string | null, zone: string): string {
  const time = timeOf(iso);
  return time === null ? UNKNOWN : clockText(time, zone);
}

/** Day and time: "23 Nov 2026, 08:02". */
export function formatDateTime(iso: string | null, zone: string): string {
  const time = timeOf(iso);
  if (time === null) return UNKNOWN;
  return `${formatDay(localDay(time, zone))}, ${clockText(time, zone)}`;
}

/** The local day of an instant: "23 Nov 2026". */
export function formatDate(iso: string | null, zone: string): string {
  const time = timeOf(iso);
  return time === null ? UNKNOWN : formatDay(localDay(time, zone));
}

/** A local day, YYYY-MM-DD, as "23 Nov 2026". */
export function formatDay(day: string | null): string {
  if (day === null) return UNKNOWN;
  return `${formatDayShort(day)} ${day.slice(0, 4)}`;
}

/** A local day where the year is clear: "23 Nov". */
export function formatDayShort(day: string | null): string {
  if (day === null) return UNKNOWN;
  return `${Number(day.slice(8, 10))} ${monthOf(day).slice(0, 3)}`;
}

/** An instant for a table of figures: "2026-11-19 08:02:07" in the zone; null where there is none. */
export function formatSortable(
  iso: string | null,
  zone: string,
): string | null {
  const time = timeOf(iso);
  if (time === null) return null;
  const { second } = toZoned(time, zone);
  return `${localDay(time, zone)} ${clockText(time, zone)}:${pad(second)}`;
}

/** A month, YYYY-MM, as "November 2026". */
export function formatMonth(month: string): string {
  return `${monthOf(month)} ${month.slice(0, 4)}`;
}

/** A local day for a heading: "Monday, 23 November". */
export function formatDayLong(day: string | null): string {
  if (day === null) return UNKNOWN;
  return `${weekdayOf(day)}, ${Number(day.slice(8, 10))} ${monthOf(day)}`;
}

/**
 * A local day as one says it: "today", "yesterday", "tomorrow", the weekday within six days either way, then
 * "16 Nov", and "16 Nov 2025" in another year.
 */
export function relativeDay(day: string, now: number, zone: string): string {
  const today = localDay(now, zone);
  const distance = dayNumber(day) - dayNumber(today);
  if (distance === 0) return "today";
  if (distance === -1) return "yesterday";
  if (distance === 1) return "tomorrow";
  if (Math.abs(distance) < 7) return weekdayOf(day);
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return sameYear ? formatDayShort(day) : formatDay(day);
}

/** Day and time as one says it: "today, 08:02". */
export function formatRelative(
  iso: string | null,
  now: number,
  zone: string,
): string {
  const time = timeOf(iso);
  if (time === null) return UNKNOWN;
  const day = relativeDay(localDay(time, zone), now, zone);
  return `${day}, ${clockText(time, zone)}`;
}

/**
 * A span in words: "Mon 16 Nov 00:00 to Thu 19 Nov 10:14", and "Mon 16 Nov to …" where it begins at midnight.
 *
 * @param from epoch milliseconds
 * @param to epoch milliseconds
 */
export function formatSpan(from: number, to: number, zone: string): string {
  const start = clockText(from, zone);
  const begin = start === "00:00" ? "" : ` ${start}`;
  return `${dayText(from, zone)}${begin} to ${dayText(to, zone)} ${
    clockText(to, zone)
  }`;
}

/** Days from one to another, both in: "16 to 22 Nov 2026". */
export function formatDays(first: string, last: string): string {
  if (first === last) return formatDay(first);
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  const begin = sameMonth
    ? String(Number(first.slice(8, 10)))
    : sameYear
    ? formatDayShort(first)
    : formatDay(first);
  return `${begin} to ${formatDay(last)}`;
}

/** A week, named by its Monday to Sunday: "16 to 22 Nov 2026". */
export function formatWeek(day: string): string {
  const monday = mondayOf(day);
  return formatDays(monday, addDays(monday, 6));
}

/** The city of a zone: "America/New_York" is "New York". */
export function zoneName(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** What a zone is called at an instant: "EST", "GMT+1". */
export function zoneAbbreviation(epochMs: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(epochMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ??
    zoneName(zone);
}

function dayText(epochMs: number, zone: string): string {
  const day = localDay(epochMs, zone);
  return `${weekdayOf(day).slice(0, 3)} ${formatDayShort(day)}`;
}

function clockText(epochMs: number, zone: string): string {
  const { hour, minute } = toZoned(epochMs, zone);
  return `${pad(hour)}:${pad(minute)}`;
}

function weekdayOf(day: string): string {
  return WEEKDAYS[dayNumber(day) - dayNumber(mondayOf(day))] ?? "";
}

function monthOf(day: string): string {
  return MONTHS[Number(day.slice(5, 7)) - 1] ?? "";
}

function timeOf(iso: string | null): number | null {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? null : time;
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}
