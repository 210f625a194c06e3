import { type ActivityRow, isOpenActivity } from "../../domain/mod.ts";
import { datesOf } from "./_dated.ts";
import { settled } from "./kept.ts";
import type { Opened } from "./opened.ts";
import type { Page } from "./page.ts";

/** The activities that a tenant's people have before them. */
export interface ScheduleReader {
  /**
   * Open activities later than `now` (epoch milliseconds), soonest first. One read for each state of the tenant and
   * each hour, else none.
   */
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
    listSchedule: ({ now, limit }) => listSchedule(at, now, limit),
    scheduleBetween: async ({ limit, ...dates }) =>
      pageOf(await openActivities(at, datesOf(prefix, dates)), limit),
  };
}

const HOUR_MS = 3_600_000;

/** What lies ahead is read once for each state of the tenant and each hour: what has passed since is left out. */
async function listSchedule(
  at: Opened,
  now: number,
  limit: number,
): Promise<Page<ActivityRow>> {
  const hour = isoOf(Math.floor(now / HOUR_MS) * HOUR_MS);
  const prefix = at.k.activitiesByDate();
  const rows = await settled(
    at,
    `open activities from ${hour}`,
    () => openActivities(at, { prefix, start: [...prefix, hour] }),
  );
  const next = isoOf(now + 1);
  const first = rows.findIndex(({ scheduledAt }) => scheduledAt! >= next);
  return pageOf(first < 0 ? [] : rows.slice(first), limit);
}

async function openActivities(
  { port }: Opened,
  selector: Deno.KvListSelector,
): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = [];
  const list = port.list<ActivityRow>(selector);
  for await (const { value } of list) {
    if (isOpenActivity(value.status)) rows.push(value);
  }
  return rows;
}

function pageOf(
  rows: readonly ActivityRow[],
  limit: number,
): Page<ActivityRow> {
  return {
    rows: rows.slice(0, limit),
    total: rows.length,
    hasMore: rows.length > limit,
    cursor: null,
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
