import { addDays, formatCount, type TrendWeek } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { kept } from "./kept.ts";
import { hereHref, pageHref, type Place, type Query } from "./links.ts";
import { Segments } from "./Segments.tsx";
import { WeekBars } from "./WeekBars.tsx";

export interface LeadTrendProps {
  /** Oldest first; the last is the week that is not over. */
  weeks: readonly TrendWeek[];
  workspace: Place;
  /** What else of the query stays when another number of weeks is chosen. */
  keep: Query;
}

const CHOICES = [4, 8, 12];

/** New leads by week as bars, with their numbers as a table. */
export const LeadTrend = kept(
  function LeadTrend({ weeks, workspace, keep }: LeadTrendProps) {
    const choices = CHOICES.map((count) => ({
      label: count === 12 ? "12 weeks" : String(count),
      name: `${count} weeks`,
      href: hereHref(workspace, { ...keep, weeks: count }),
      chosen: count === weeks.length,
    }));
    const hrefOf = ({ weekStart, partial }: TrendWeek) =>
      pageHref("/leads", workspace, {
        created: "period",
        ...partial ? { period: "week" } : {
          period: "custom",
          from: weekStart,
          to: addDays(weekStart, 6),
        },
      }) + "#list";
    return (
      <Card
        title="New leads by week"
        says={sentenceOf(weeks)}
        aside={<Segments label="Weeks shown" choices={choices} />}
      >
        <WeekBars
          weeks={weeks.map((week) => ({
            week: week.weekStart,
            count: week.count,
            now: week.partial,
            href: hrefOf(week),
          }))}
        />
      </Card>
    );
  },
);

function sentenceOf(weeks: readonly TrendWeek[]): string {
  const current = weeks.at(-1)?.count ?? 0;
  const whole = weeks.slice(0, -1);
  const last = whole.at(-1)?.count ?? 0;
  const sum = whole.reduce((total, { count }) => total + count, 0);
  const mean = whole.length > 0 ? Math.round(sum / whole.length) : 0;
  return `${formatCount(current)} so far this week, ${
    formatCount(last)
  } in the whole of last week; ${
    formatCount(mean)
  } a week on average before this one.`;
}
