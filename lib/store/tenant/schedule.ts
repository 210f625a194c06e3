import { type ActivityRow, isOpenActivity } from "../../domain/mod.ts";
import { datesOf } from "./_dated.ts";
import type { Opened } from "./opened.ts";
import type { Page } from "./page.ts";

/** The activities that a tenant's people have before them. */
export interface ScheduleReader {
  /** Open activities later than `now` (epoch milliseconds), soonest first. */
  listSchedule(
    query: { now: number; limit: number },
  ): Promise<Page<ActivityRow>>;
  /** Open activities of [from, to), epoch milliseconds, soonest first. One read. */
  scheduleBetween(
    query: { from: number; to: number; limit: number },
  ): Promise<Page<ActivityRow>>;
}

/** Reads them under the keys of an opened tenant. */
export function scheduleReader(at: Opened): ScheduleReader {
  const prefix = at.k.activitiesByDate();
  return {
    listSchedule: ({ now, limit }) => {
      const start = [...prefix, new Date(now + 1).toISOString()];
      return openActivities(at, { prefix, start }, limit);
    },
    scheduleBetween: ({ limit, ...dates }) =>
      openActivities(at, datesOf(prefix, dates), limit),
  };
}

async function openActivities(
  { port }: Opened,
  selector: Deno.KvListSelector,
  limit: number,
): Promise<Page<ActivityRow>> {
  const rows: ActivityRow[] = [];
  let total = 0;
  const list = port.list<ActivityRow>(selector);
  for await (const { value } of list) {
    if (!isOpenActivity(value.status)) continue;
    total++;
    if (rows.length < limit) rows.push(value);
  }
  return { rows, total, hasMore: total > rows.length, cursor: null };
}
