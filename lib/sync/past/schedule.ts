import {
  type ActivityRow,
  addDays,
  dayStart,
  isOpenActivity,
} from "../../domain/mod.ts";
import {
  type Page,
  type ScheduleReader,
  toActivityRow,
} from "../../store/mod.ts";
import { byIdPart, compareTexts } from "./order.ts";
import type { PastRecords } from "./records.ts";

/** The activities as raw tells them of that day. */
export function pastSchedule(at: PastRecords): ScheduleReader {
  return {
    listSchedule: ({ now, limit }) =>
      openActivities(at, limit, (time) => time > now),
    scheduleBetween: ({ from, to, limit }) =>
      openActivities(at, limit, (time) => from <= time && time < to),
  };
}

async function openActivities(
  at: PastRecords,
  limit: number,
  isInTime: (time: number) => boolean,
): Promise<Page<ActivityRow>> {
  const rows = (await activitiesThen(at)).filter((row) =>
    row.scheduledAt !== null && isOpenActivity(row.status) &&
    isInTime(Date.parse(row.scheduledAt))
  );
  return {
    rows: rows.slice(0, limit),
    total: rows.length,
    hasMore: rows.length > limit,
    cursor: null,
  };
}

/** Soonest first; those without a date before all others. */
export async function activitiesThen(
  at: PastRecords,
): Promise<readonly ActivityRow[]> {
  const { activities } = await at.told("activities");
  return await at.rows("activities", [activities], async () => {
    const rows: ActivityRow[] = [];
    for await (const activity of activities.records()) {
      rows.push(toActivityRow(activity));
    }
    return rows.sort((a, b) =>
      compareTexts(a.scheduledAt ?? "", b.scheduledAt ?? "") ||
      byIdPart(a, b)
    );
  });
}

/** What was over by then has been stored by then too; raw of the day does not hold it. */
export function overBy(
  { past }: PastRecords,
  activities: readonly ActivityRow[],
  told: readonly ActivityRow[],
): ActivityRow[] {
  const windowFrom = dayStart(addDays(past.day, -1), past.settings.timezone);
  const known = new Set(told.map(({ id }) => id));
  return activities.filter((row) =>
    row.scheduledAt !== null && !known.has(row.id) &&
    Date.parse(row.scheduledAt) < windowFrom
  );
}
