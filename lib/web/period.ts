import * as z from "zod";
import {
  type Period,
  PERIOD_KINDS,
  periodOf,
  UsageError,
} from "../domain/mod.ts";
import { parseQuery } from "./query.ts";

const DAY_TEXT = z.string().max(20, "it must be a day such as 2026-03-01");

/** The parameters that choose a period: `period`, and for a custom one `from` and `to`. */
export const PERIOD_PARAMS = {
  period: z.enum(
    PERIOD_KINDS,
    `it must be one of ${PERIOD_KINDS.join(", ")}`,
  ).default("week"),
  from: DAY_TEXT.optional(),
  to: DAY_TEXT.optional(),
};

/** Narrows a list to what was created in the period. */
export function createdParam() {
  return z.literal("period", "it must be 'period'").optional();
}

/** A period as an address asks for it. */
export interface AskedPeriod {
  period: Period;
  /** What else of the address keeps it, for links on the page; nothing for the default. */
  query: Record<string, string | undefined>;
}

/**
 * The period that an address asks for; this week where it names none. Two days without a `period` are a custom one.
 *
 * @throws {UsageError} when a parameter is wrong, or the days of a custom period are impossible.
 */
export function readPeriod(url: URL, now: number, zone: string): AskedPeriod {
  const { period: kind, from, to } = parseQuery(url, PERIOD_PARAMS);
  const named = url.searchParams.has("period");
  const isCustom = kind === "custom" || (!named && !!(from || to));
  if (!isCustom) {
    return {
      period: periodOf({ kind }, now, zone),
      query: { period: kind === "week" ? undefined : kind },
    };
  }
  const days = { ...from ? { from } : {}, ...to ? { to } : {} };
  const period = periodOf({ kind: "custom", ...days }, now, zone);
  return { period, query: { period: "custom", ...days } };
}

/** The period that an address asks for; where it is wrong this week, and what is wrong with it. */
export function askPeriod(
  url: URL,
  now: number,
  zone: string,
): AskedPeriod & { problem: UsageError | null } {
  try {
    return { ...readPeriod(url, now, zone), problem: null };
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem;
    const period = periodOf({ kind: "week" }, now, zone);
    return { period, query: {}, problem };
  }
}

/** The same for pages: what is wrong is a sentence among their others. */
export function periodOrWeek(
  ...asked: Parameters<typeof askPeriod>
): AskedPeriod & { problems: string[] } {
  const { problem, ...period } = askPeriod(...asked);
  return { ...period, problems: problem ? [problem.message] : [] };
}

/**
 * What `read` gives; where the address is wrong, the fallback and the sentence that says so. For pages: the JSON
 * answers 400 instead.
 */
export function orDefault<T>(
  read: () => T,
  fallback: () => T,
): { value: T; problem: string | null } {
  try {
    return { value: read(), problem: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { value: fallback(), problem: error.message };
  }
}
