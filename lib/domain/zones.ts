/**
 * Local time in an IANA time zone. Instants are epoch milliseconds, local days are "YYYY-MM-DD".
 * A week begins on Monday at 00:00 local time.
 *
 * Years 1000 to 9999: the portal keeps dates of 1970-2100.
 */

import { askOffset } from "./_zone_offset.ts";

const DAY_MS = 86_400_000;

/** What a clock on the wall shows. */
export interface LocalTime {
  year: number;
  /** 1-12 */
  month: number;
  /** 1-31 */
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

/** A local time that knows where it stands. */
export interface ZonedTime extends LocalTime {
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Local time minus UTC at that moment. */
  offsetMs: number;
}

/** Whether `zone` is a named zone that this runtime knows ("America/New_York"; a bare offset such as "+02:00" is none). */
export function isValidZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    askOffset(0, zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant at which `zone` shows `local`: the first of two where the clock is put back; where it skips the
 * time, the time moved forward by the gap (02:30 becomes 03:30).
 *
 * The parts are not validated: the 31st of February is the 3rd of March.
 *
 * @throws {RangeError} when the zone is unknown
 */
export function zonedTimeToUtc(local: LocalTime, zone: string): number {
  const wall = Date.UTC(
    local.year,
    local.month - 1,
    local.day,
    local.hour,
    local.minute,
    local.second,
    local.ms,
  );
  // No offset reaches a day, so these two stand on either side of a change of the clock, if there is one.
  const before = offsetAt(wall - DAY_MS, zone);
  const after = offsetAt(wall + DAY_MS, zone);
  if (before === after) return wall - before;
  // Clocks put back: the larger offset, the one before, gives the earlier instant.
  if (offsetAt(wall - before, zone) === before) return wall - before;
  if (offsetAt(wall - after, zone) === after) return wall - after;
  return wall - before;
}

/**
 * What the clocks of `zone` show at an instant.
 *
 * @throws {RangeError} when the zone is unknown
 */
export function toZoned(epochMs: number, zone: string): ZonedTime {
  const offsetMs = offsetAt(epochMs, zone);
  const wall = new Date(epochMs + offsetMs);
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    ms: wall.getUTCMilliseconds(),
    weekday: wall.getUTCDay() || 7,
    offsetMs,
  };
}

/** The local day of an instant, "YYYY-MM-DD". */
export function localDay(epochMs: number, zone: string): string {
  return dayOfNumber(localDayNumber(epochMs, zone));
}

/** The local day of an instant as a number: days since 1970-01-01. Cheaper than its text where many are counted. */
export function localDayNumber(epochMs: number, zone: string): number {
  return Math.floor((epochMs + offsetAt(epochMs, zone)) / DAY_MS);
}

/** "1970-01-02" is 1. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** 1 is "1970-01-02". */
export function dayOfNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** `days` later in the calendar (earlier when negative). */
export function addDays(day: string, days: number): string {
  return dayOfNumber(dayNumber(day) + days);
}

/** The Monday on or before a day. */
export function mondayOf(day: string): string {
  const number = dayNumber(day);
  // Day 0 of the epoch was a Thursday, three days after a Monday.
  return dayOfNumber(number - ((number + 3) % 7 + 7) % 7);
}

/** The instant at which a local day begins: 00:00, or the first time after it where the clock skips midnight. */
export function dayStart(day: string, zone: string): number {
  const date = new Date(dayNumber(day) * DAY_MS);
  return zonedTimeToUtc({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: 0,
    minute: 0,
    second: 0,
    ms: 0,
  }, zone);
}

/** The beginning of the local day that an instant lies in. */
export function startOfDay(epochMs: number, zone: string): number {
  return dayStart(localDay(epochMs, zone), zone);
}

/** Monday 00:00 of the local week that an instant lies in. */
export function startOfWeek(epochMs: number, zone: string): number {
  return dayStart(mondayOf(localDay(epochMs, zone)), zone);
}

/** The same local time `days` later in the calendar (earlier when negative). */
export function shiftDays(epochMs: number, days: number, zone: string): number {
  const local = toZoned(epochMs, zone);
  return zonedTimeToUtc({ ...local, day: local.day + days }, zone);
}

/** By zone the offset by UTC day; undefined: not asked yet; NaN: the clock changes on that day. */
const zones = new Map<string, Map<number, number>>();
/** Some 130 years of days. */
const MAX_DAYS_CACHED = 50_000;

/** Local time minus UTC, in milliseconds. Asks twice for a day of a zone and never again, but on days with a change. */
function offsetAt(epochMs: number, zone: string): number {
  const offsets = offsetsOf(zone);
  const day = Math.floor(epochMs / DAY_MS);
  let offset = offsets.get(day);
  if (offset === undefined) {
    const first = askOffset(day * DAY_MS, zone);
    offset = first === askOffset((day + 1) * DAY_MS, zone) ? first : NaN;
    if (offsets.size >= MAX_DAYS_CACHED) offsets.clear();
    offsets.set(day, offset);
  }
  return Number.isNaN(offset) ? askOffset(epochMs, zone) : offset;
}

/** @throws {RangeError} when the zone is unknown */
function offsetsOf(zone: string): Map<number, number> {
  let known = zones.get(zone);
  if (!known) {
    // An unknown zone is not kept.
    askOffset(0, zone);
    known = new Map();
    zones.set(zone, known);
  }
  return known;
}
