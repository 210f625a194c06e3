import {
  addDays,
  formatDayLong,
  formatTime,
  type KeptDays,
  zoneAbbreviation,
} from "../lib/domain/mod.ts";
import { hereHref, type Query } from "./links.ts";

export interface TravelStripProps {
  /** The day that was asked for, YYYY-MM-DD. */
  on: string;
  /** The newest day with a sync up to that one. */
  day: string;
  /** When that sync had ended, epoch milliseconds. */
  moment: number;
  kept: KeptDays;
  /** Slug of the workspace. */
  workspace: string;
  /** What else of the address stays when another day is chosen. */
  keep: Query;
  /** IANA zone. */
  timezone: string;
}

/**
 * Says that the page shows an earlier day, so that nobody takes it for today's, and leads back. It stays in sight where
 * there is room.
 */
export function TravelStrip(props: TravelStripProps) {
  const { on, day, moment, kept, workspace, keep, timezone } = props;
  const link = "link font-semibold inline-flex items-center min-h-[2rem]";
  const onDay = (other: string) => hereHref(workspace, { ...keep, on: other });
  const [before, after] = [addDays(on, -1), addDays(on, 1)];
  return (
    <section
      aria-label="Earlier day"
      class="travel-strip z-20 border-b-4 mb-3 bg-past border-past-line text-past-ink"
      data-on={on}
    >
      <div class="mx-auto max-w-page px-4 sm:px-6 py-2 flex flex-wrap items-center gap-x-4 gap-y-1 min-h-strip">
        <p class="flex-1 min-w-[16rem]">
          {day !== on && `There was no sync on ${dayText(on)}. `}
          You are looking at <strong>{dayText(day)}</strong>
          {day !== on && ", the last day before with one"}, as of the sync at
          {" "}
          {formatTime(new Date(moment).toISOString(), timezone)}{" "}
          {zoneAbbreviation(moment, timezone)}.
        </p>
        <p class="no-print flex flex-wrap gap-x-4">
          {kept.first !== null && before >= kept.first && (
            <a class={link} href={onDay(before)}>Day before</a>
          )}
          {after < kept.today && (
            <a class={link} href={onDay(after)}>Day after</a>
          )}
          <a class={link} href={hereHref(workspace, keep)}>Back to today</a>
        </p>
      </div>
    </section>
  );
}

function dayText(day: string): string {
  return `${formatDayLong(day)} ${day.slice(0, 4)}`;
}
