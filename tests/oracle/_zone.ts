/** Calendar arithmetic for the oracle, written from product.md's words alone. Instants are epoch milliseconds, days YYYY-MM-DD. */

export const DAY_MS = 86_400_000;

/** What the clocks of a zone show at an instant, as if it were UTC. */
export function wallOf(instant: number, zone: string): number {
  return instant + offsetOf(instant, zone);
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

function offsetOf(instant: number, zone: string): number {
  // Offsets change at full quarters of an hour only.
  const quarter = Math.floor(instant / 900_000);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    clocks.set(zone, clock);
  }
  const whole = quarter * 900_000;
  const shown = Date.parse(clock.format(whole).replace(" ", "T") + "Z");
  offsets.set(key, shown - whole);
  return shown - whole;
}

/** The instant at which clocks show this: the first of two, or moved forward by the gap where there is none. */
export function instantOf(wall: number, zone: string): number {
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((near) =>
    offsetOf(near, zone)
  ) as [number, number];
  const fits = [wall - before, wall - after].filter((instant) =>
    wallOf(instant, zone) === wall
  );
  return fits.length > 0 ? Math.min(...fits) : wall - before;
}

export function dayOf(instant: number, zone: string): string {
  return new Date(wallOf(instant, zone)).toISOString().slice(0, 10);
}

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
}

/** When a day begins. */
export function startOf(day: string, zone: string): number {
  return instantOf(Date.parse(day), zone);
}

/** 0 is Monday. */
export function weekdayOf(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

export function mondayOf(day: string): string {
  return plusDays(day, -weekdayOf(day));
}

/** The same time of the clocks some days away. */
export function sameTime(instant: number, days: number, zone: string): number {
  return instantOf(wallOf(instant, zone) + days * DAY_MS, zone);
}

/** "14:05" */
export function timeText(instant: number, zone: string): string {
  return new Date(wallOf(instant, zone)).toISOString().slice(11, 16);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split(" ");

/** "9 Mar" */
export function shortDay(day: string): string {
  return `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`;
}

/** "9 Mar 2026" */
export function dayText(day: string): string {
  return `${shortDay(day)} ${day.slice(0, 4)}`;
}

/** "Mon 9 Mar" */
export function weekdayText(day: string): string {
  return `${WEEKDAYS[weekdayOf(day)]} ${shortDay(day)}`;
}

/** "9 Mar 2026, 14:05" */
export function dateTimeText(instant: number, zone: string): string {
  return `${dayText(dayOf(instant, zone))}, ${timeText(instant, zone)}`;
}

/** "16 to 22 Nov 2026": from one day to another, both in. */
export function daysText(first: string, last: string): string {
  if (first === last) return dayText(first);
  const begin = first.slice(0, 7) === last.slice(0, 7)
    ? String(Number(first.slice(8)))
    : first.slice(0, 4) === last.slice(0, 4)
    ? shortDay(first)
    : dayText(first);
  return `${begin} to ${dayText(last)}`;
}

/** "Mon 9 Mar to Thu 12 Mar 19:20" */
export function spanText(from: number, to: number, zone: string): string {
  const [begin, end] = [from, to].map((instant) => {
    const time = timeText(instant, zone);
    return `${weekdayText(dayOf(instant, zone))}${
      time === "00:00" && instant === from ? "" : ` ${time}`
    }`;
  });
  return `${begin} to ${end}`;
}

/** "New York" */
export function cityOf(zone: string): string {
  return zone.split("/").at(-1)!.replaceAll("_", " ");
}
