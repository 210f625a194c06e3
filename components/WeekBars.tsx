import { formatCount, formatDayShort, formatWeek } from "../lib/domain/mod.ts";
import { DataTable } from "./DataTable.tsx";
import { TableBelow } from "./TableBelow.tsx";
import { type TrendBar, TrendBars } from "./TrendBars.tsx";

/** A week and how many leads were new in it. */
export interface WeekBar {
  /** Its Monday, YYYY-MM-DD. */
  week: string;
  count: number;
  /** It is the one that the others are seen beside. */
  now: boolean;
  /** The list of these leads. */
  href: string;
}

/** New leads by week, oldest first, as bars with their numbers as a table; a week of none has no link. */
export function WeekBars({ weeks }: { weeks: readonly WeekBar[] }) {
  const hrefOf = ({ count, href }: WeekBar) => count > 0 ? href : undefined;
  return (
    <>
      <TrendBars
        label="New leads by week"
        bars={weeks.map((week, index) => {
          const href = hrefOf(week);
          return {
            ...toBar(week, weeks[index - 1]?.week),
            ...href === undefined ? {} : { href },
          };
        })}
      />
      <TableBelow>
        <DataTable
          caption="New leads by week"
          columns={[
            {
              kind: "text",
              head: "Week",
              value: ({ week }) => formatWeek(week),
              href: hrefOf,
            },
            { kind: "count", head: "New leads", value: ({ count }) => count },
          ]}
          rows={weeks}
          rowKey={({ week }) => week}
          empty="No week to show."
        />
      </TableBelow>
    </>
  );
}

/** @param before the Monday of the week before it */
function toBar(
  { week, count, now }: WeekBar,
  before: string | undefined,
): TrendBar {
  const [day = "", month = ""] = formatDayShort(week).split(" ");
  const isNewMonth = before?.slice(0, 7) !== week.slice(0, 7);
  return {
    name: `Week of ${formatDayShort(week)}`,
    label: day,
    ...isNewMonth ? { sublabel: month } : {},
    count,
    text: formatCount(count),
    now,
  };
}
