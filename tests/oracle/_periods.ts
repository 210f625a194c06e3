import {
  dayOf,
  daysBetween,
  daysText,
  mondayOf,
  plusDays,
  sameTime,
  spanText,
  startOf,
} from "./_zone.ts";

/** From one instant to another; `to` does not belong to it. */
export interface Span {
  from: number;
  to: number;
  words: string;
}

/** A period as a reader chooses it, beside the span that it is compared with. */
export interface Period extends Span {
  firstDay: string;
  lastDay: string;
  before: Span;
  /** What its address says. */
  query: Record<string, string>;
}

/** The periods that the oracle looks at; days of a custom one count from today. */
export type PeriodKind =
  | "week"
  | "7d"
  | "last-week"
  | "28d"
  | "90d"
  | "month"
  | "quarter"
  | {
    from: number;
    to: number;
  };

/** product.md: this week so far and rolling seven days end now; the others consist of whole days. */
export function periodAt(kind: PeriodKind, now: number, zone: string): Period {
  const today = dayOf(now, zone);
  if (kind === "week") {
    return untilNow(kind, startOf(mondayOf(today), zone), now, zone);
  }
  if (kind === "7d") return untilNow(kind, sameTime(now, -7, zone), now, zone);
  if (typeof kind === "object") {
    const [from, to] = [plusDays(today, kind.from), plusDays(today, kind.to)];
    const query = { period: "custom", from, to };
    return wholeDays({ from, to }, justBefore(from, to), query, now, zone);
  }
  const query = { period: kind };
  if (kind === "last-week") {
    const from = plusDays(mondayOf(today), -7);
    const to = plusDays(from, 6);
    return wholeDays({ from, to }, justBefore(from, to), query, now, zone);
  }
  if (kind === "28d" || kind === "90d") {
    const from = plusDays(today, 1 - parseInt(kind));
    return wholeDays(
      { from, to: today },
      justBefore(from, today),
      query,
      now,
      zone,
    );
  }
  const months = kind === "month" ? 1 : 3;
  const from = beginning(today, months);
  const earlier = beginning(plusDays(from, -1), months);
  const last = plusDays(earlier, daysBetween(from, today));
  const compared = {
    from: earlier,
    to: last < from ? last : plusDays(from, -1),
  };
  return wholeDays({ from, to: today }, compared, query, now, zone);
}

interface Days {
  from: string;
  to: string;
}

/** The first day of the month, or of so many months from January on, that a day lies in. */
function beginning(day: string, months: number): string {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / months) * months + 1;
  return `${day.slice(0, 4)}-${String(month).padStart(2, "0")}-01`;
}

function justBefore(from: string, to: string): Days {
  return {
    from: plusDays(from, -1 - daysBetween(from, to)),
    to: plusDays(from, -1),
  };
}

function spanOf({ from, to }: Days, zone: string): Span {
  return {
    from: startOf(from, zone),
    to: startOf(plusDays(to, 1), zone),
    words: daysText(from, to),
  };
}

function wholeDays(
  days: Days,
  compared: Days,
  query: Record<string, string>,
  now: number,
  zone: string,
): Period {
  const { from, to, words } = spanOf(days, zone);
  const runs = to > now;
  return {
    from,
    to: runs ? now + 1 : to,
    words: runs ? `${words} so far` : words,
    firstDay: days.from,
    lastDay: days.to,
    before: spanOf(compared, zone),
    query,
  };
}

function untilNow(
  period: "week" | "7d",
  from: number,
  now: number,
  zone: string,
): Period {
  const [begin, end] = [from, now].map((instant) =>
    sameTime(instant, -7, zone)
  ) as [number, number];
  return {
    from,
    to: now + 1,
    words: spanText(from, now, zone),
    firstDay: dayOf(from, zone),
    lastDay: dayOf(now, zone),
    before: {
      from: begin,
      to: Math.min(end + 1, from),
      words: spanText(begin, Math.min(end + 1, from), zone),
    },
    query: { period },
  };
}
