import { addDays } from "../lib/domain/mod.ts";
import { pageHref, type Query } from "./links.ts";
import { DEALS, MOVES } from "./person_links.ts";

/**
 * From the figures of a report to the lists behind them. What stood at the week's end leads to that day; what came in
 * the week to the list of today, which knows by now what that day did not yet.
 */
export interface ReportLinks {
  /** All leads as of the day, or those of a kind of stage. */
  leads(kind?: "pipeline" | "qualified"): string;
  /** Leads created in the report's week or in another, from one source or all. */
  newLeads(which?: { week?: string; source?: string }): string;
  /** Opportunities of the pipeline as of the day, or of one stage. */
  deals(stage?: string): string;
  hotList(): string;
  /** Moves of the week, between two stages or all. */
  moves(between?: { left: string; reached: string }): string;
}

/**
 * The links of a report.
 *
 * @param week its Monday, YYYY-MM-DD
 * @param asOf the day whose figures it holds, YYYY-MM-DD
 */
export function reportLinks(
  slug: string,
  week: string,
  asOf: string,
): ReportLinks {
  const then = { slug, on: asOf };
  const inWeek = (monday: string): Query => ({
    period: "custom",
    from: monday,
    to: addDays(monday, 6),
  });
  return {
    leads: (kind) => pageHref("/leads", then, { kind }) + "#list",
    newLeads: (which = {}) =>
      pageHref("/leads", slug, {
        created: "period",
        ...inWeek(which.week ?? week),
        source: which.source,
      }) + "#list",
    deals: (stage) => pageHref(DEALS, then, { stage }),
    hotList: () => pageHref("/hot-list", then),
    moves: (between = { left: "", reached: "" }) =>
      pageHref(MOVES, slug, { ...between, ...inWeek(week) }),
  };
}
