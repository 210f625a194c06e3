/**
 * Local time minus UTC at an instant, in milliseconds.
 *
 * @throws {RangeError} when the zone is unknown
 */
export type AskOffset = (epochMs: number, zone: string) => number;

/** By Temporal, which needs no formatter: the first one of Intl costs a process 15 ms. */
export const offsetByTemporal: AskOffset = (epochMs, zone) => {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(zone);
  return offsetNanoseconds / 1e6;
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** By Intl, for a Deno without Temporal. */
export const offsetByIntl: AskOffset = (epochMs, zone) => {
  const whole = Math.floor(epochMs / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(whole)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } =
    part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
};

/** What this runtime has. */
export const askOffset: AskOffset = "Temporal" in globalThis
  ? offsetByTemporal
  : offsetByIntl;

function formatterOf(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, known);
  }
  return known;
}
