import {
  type ActivityRow,
  addMonths,
  formatDayLong,
  formatMonth,
  formatTime,
  localDay,
  monthOf,
  weeksOfMonth,
} from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { cx } from "./cx.ts";
import { hereHref, pageHref, type Place } from "./links.ts";
import { PersonLink } from "./PersonLink.tsx";
import { counted } from "./sentences.ts";

export interface ScheduleMonthProps {
  /** YYYY-MM. */
  month: string;
  /** What is open in it from now on, soonest first. */
  rows: readonly ActivityRow[];
  /** How many there are, where not all are shown. */
  total: number;
  /** Epoch milliseconds. */
  now: number;
  workspace: Place;
  timezone: string;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** Activities that a day of the grid has room for. */
const MOST = 3;

/** What is coming in a month, as a calendar; on a phone its days are a list beneath it. */
export function ScheduleMonth(props: ScheduleMonthProps) {
  const { month, rows, total, now, workspace, timezone } = props;
  const byDay = Map.groupBy(
    rows,
    ({ scheduledAt }) => localDay(Date.parse(scheduledAt ?? ""), timezone),
  );
  const today = localDay(now, timezone);
  const past = month <= monthOf(today) ? " What is over is not listed." : "";
  return (
    <Card
      title={formatMonth(month)}
      says={`${counted(total, "activity", "activities")} to come.${past}${
        total > rows.length ? ` The first ${rows.length} are shown.` : ""
      }`}
      aside={<OtherMonths {...props} />}
    >
      <table class="w-full table-fixed">
        <caption class="sr-only">
          Activities in {formatMonth(month)}, by day
        </caption>
        <thead>
          <tr class="text-xs text-ink-3">
            {WEEKDAYS.map((day) => (
              <th key={day} scope="col" class="py-1 px-1 text-left">{day}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOfMonth(month).map((week) => (
            <tr key={week[0]} class="border-t border-line">
              {week.map((day) => (
                <DayCell
                  key={day}
                  day={day}
                  today={today}
                  inMonth={monthOf(day) === month}
                  rows={byDay.get(day) ?? []}
                  timezone={timezone}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <DayList byDay={byDay} workspace={workspace} timezone={timezone} />
    </Card>
  );
}

function OtherMonths({ month, workspace, now, timezone }: ScheduleMonthProps) {
  const href = (other: string) =>
    hereHref(workspace, { view: "month", month: other });
  const link = cx(
    "inline-flex items-center min-h-target md:min-h-[2rem] rounded-control border border-control px-3 text-sm hover:bg-sunken",
  );
  return (
    <p class="flex flex-wrap gap-2 no-print">
      <a class={link} href={href(addMonths(month, -1))}>Earlier</a>
      <a class={link} href={href(monthOf(localDay(now, timezone)))}>
        This month
      </a>
      <a class={link} href={href(addMonths(month, 1))}>Later</a>
    </p>
  );
}

function DayCell({ day, today, inMonth, rows, timezone }: {
  day: string;
  today: string;
  inMonth: boolean;
  rows: readonly ActivityRow[];
  timezone: string;
}) {
  if (!inMonth) return <td />;
  const more = rows.length - MOST;
  return (
    <td class="align-top p-1 sm:h-24">
      <p
        class={cx(
          "text-small",
          day === today ? "font-bold text-accent" : "text-ink-3",
        )}
      >
        <span class="sr-only">{formatDayLong(day)}</span>
        <span aria-hidden="true">{Number(day.slice(8))}</span>
        {day === today && <span class="sr-only">, today</span>}
      </p>
      {rows.length > 0 && (
        <>
          <a
            class="sm:hidden inline-flex items-center justify-center min-h-target w-full rounded-control bg-accent-weak text-accent font-semibold"
            href={`#day-${day}`}
            aria-label={`${counted(rows.length, "activity", "activities")} on ${
              formatDayLong(day)
            }`}
          >
            {rows.length}
          </a>
          <ul class="hidden sm:block text-xs">
            {rows.slice(0, MOST).map((row) => (
              <li key={row.id} class="truncate">
                <span class="text-ink-3">
                  {formatTime(row.scheduledAt, timezone)}
                </span>{" "}
                {titleOf(row)}
              </li>
            ))}
            {more > 0 && (
              <li>
                <a class="link" href={`#day-${day}`}>{more} more</a>
              </li>
            )}
          </ul>
        </>
      )}
    </td>
  );
}

/** The days with their activities in full. */
function DayList({ byDay, workspace, timezone }: {
  byDay: ReadonlyMap<string, readonly ActivityRow[]>;
  workspace: Place;
  timezone: string;
}) {
  return (
    <div class="mt-4 grid gap-4">
      {[...byDay].map(([day, rows]) => (
        <section key={day} id={`day-${day}`}>
          <h3 class="text-sm font-semibold">{formatDayLong(day)}</h3>
          <ul class="divide-y divide-line">
            {rows.map((row) => (
              <li key={row.id} class="flex gap-3 py-2">
                <span class="text-ink-3 whitespace-nowrap">
                  {formatTime(row.scheduledAt, timezone)}
                </span>
                <span class="min-w-0">
                  <span class="font-semibold">
                    {row.contactId && row.contactName
                      ? (
                        <>
                          {row.activityType}{" "}
                          <PersonLink
                            id={row.contactId}
                            name={row.contactName}
                            workspace={workspace}
                            list={pageHref("/schedule", workspace, {
                              view: "month",
                              month: day.slice(0, 7),
                            })}
                          />
                        </>
                      )
                      : titleOf(row)}
                  </span>
                  {row.description && (
                    <span class="block text-ink-2">{row.description}</span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function titleOf({ activityType, contactName }: ActivityRow): string {
  return [activityType, contactName].filter(Boolean).join(" ") || "Activity";
}
