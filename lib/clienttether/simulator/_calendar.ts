import type { DateStyle } from "./types.ts";

const DAY = 86_400;
/** Beyond this many remembered days the memory is emptied. */
const REMEMBERED_DAYS = 20_000;

/** Local time of one IANA zone. Instants are whole seconds since the epoch. */
export class Calendar {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  /** Offset of each UTC day; NaN where it changes within the day. */
  readonly #days = new Map<number, number>();

  /** Throws RangeError for a zone that is not known. */
  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** Seconds east of UTC at an instant. */
  offset(instant: number): number {
    const day = Math.floor(instant / DAY);
    let known = this.#days.get(day);
    if (known === undefined) {
      const first = this.#measure(day * DAY);
      known = first === this.#measure((day + 1) * DAY) ? first : NaN;
      if (this.#days.size >= REMEMBERED_DAYS) this.#days.clear();
      this.#days.set(day, known);
    }
    return Number.isNaN(known) ? this.#measure(instant) : known;
  }

  #measure(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant * 1000)) {
      part[type] = Number(value);
    }
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } =
      part;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 -
      instant;
  }

  /** `YYYY-MM-DD HH:MM:SS` on the zone's clocks. */
  local(instant: number): string {
    return iso(instant + this.offset(instant)).slice(0, 19).replace("T", " ");
  }

  /** `YYYY-MM-DD` on the zone's clocks. */
  day(instant: number): string {
    return this.local(instant).slice(0, 10);
  }

  /** An instant as the CRM writes it. */
  format(instant: number, style: DateStyle): string {
    if (style === "local") return this.local(instant);
    if (style === "utc") return `${iso(instant).slice(0, 19)}Z`;
    const offset = this.offset(instant);
    const minutes = Math.abs(offset) / 60;
    const sign = offset < 0 ? "-" : "+";
    const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
    const mm = String(minutes % 60).padStart(2, "0");
    return `${this.local(instant).replace(" ", "T")}${sign}${hh}:${mm}`;
  }

  /**
   * The instant of a local wall-clock time given in seconds as if it were UTC. A time that
   * the clocks show twice is the first of the two; one that they skip moves on by the gap.
   */
  instant(wall: number): number {
    const before = this.offset(wall - DAY);
    const after = this.offset(wall + DAY);
    const early = wall - before;
    const late = wall - after;
    if (this.offset(early) === before) return early;
    return this.offset(late) === after ? late : early;
  }

  /** How busy a franchise team is at an instant: 1 in weekday working hours, less else. */
  busyness(instant: number): number {
    const wall = instant + this.offset(instant);
    const hour = Math.floor((wall % DAY) / 3600);
    // The epoch's day was a Thursday: 0 is Sunday.
    const weekday = (Math.floor(wall / DAY) + 4) % 7;
    const weekend = weekday === 0 || weekday === 6;
    if (weekend) return hour >= 9 && hour < 19 ? 0.25 : 0.04;
    if (hour >= 8 && hour < 18) return 1;
    return hour >= 18 && hour < 23 ? 0.35 : 0.05;
  }

  /** The instant of the same day's working hours that stands for one of any hour. */
  workday(instant: number): number {
    const wall = instant + this.offset(instant);
    const second = wall % DAY;
    return this.instant(
      wall - second + 8 * 3600 + Math.floor(second * 10 / 24),
    );
  }

  /**
   * The start of a half-hour in working hours, `days` days after an instant, at the latest
   * on the Monday after that day.
   */
  workingTime(instant: number, days: number, slot: number): number {
    const wall = instant + this.offset(instant);
    let day = Math.floor(wall / DAY) + days;
    const weekday = (day + 4) % 7;
    if (weekday === 6) day += 2;
    if (weekday === 0) day += 1;
    return this.instant(day * DAY + 9 * 3600 + (slot % 18) * 1800);
  }
}

/** Whole seconds since the epoch as ISO 8601 in UTC, milliseconds written. */
export function iso(instant: number): string {
  return new Date(instant * 1000).toISOString();
}
