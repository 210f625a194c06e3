import { HttpError } from "fresh";
import {
  type Clock,
  earlierDay,
  type KeptDays,
  localDay,
  NotFoundError,
  type StreamName,
  UsageError,
} from "../domain/mod.ts";
import { type DayStanding, pastStore } from "../sync/mod.ts";
import { readDay } from "./_past_day.ts";
import { defineInWorkspace } from "./define.ts";
import { QueryError } from "./query.ts";
import type { State, Workspace } from "./state.ts";

/** The pages that can be looked at as of an earlier day, with what lies below them. */
const TRAVELLING = [
  "/dashboard",
  "/leads",
  "/leads.csv",
  "/pipeline",
  "/hot-list",
  "/hot-list.csv",
  "/notes",
  "/notes.csv",
  "/schedule",
];
/** What ClientTether sent of a person is of now. */
const STAYS = /^\/leads\/[^/]+\/raw$/;

/** Parameters that do not stay when another day is chosen. */
const OF_THIS_DAY = ["w", "on", "cursor", "after"];

/**
 * Takes a request with `on` back to that day: the workspace's figures, records, settings and clock are then those of
 * the day's last sync, so that a page shows the day without knowing of it. What `on` says wrongly is left aside, and
 * said on the page.
 */
export const timeTravel = defineInWorkspace.middleware(async (ctx) => {
  const { state, url } = ctx;
  if (!travels(url)) return await ctx.next();
  const { workspace, services } = state;
  const kept = await keptDays(workspace, services.clock.now());
  const { on, problem } = readOn(url, kept);
  const { clock } = services;
  state.travel = { kept, past: null, problem, keep: keptQuery(url), clock };
  const day = on === null ? null : await readDay(workspace, on);
  if (on === null || day === null) return await ctx.next();
  if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
    throw new HttpError(400, "Nothing can be changed on an earlier day");
  }
  const { moment } = day;
  state.travel = { ...state.travel, past: { on, day: day.day, moment } };
  state.workspace = asOf(workspace, day);
  state.services = { ...services, clock: stopped(clock, moment) };
  try {
    return await ctx.next();
  } finally {
    // Whatever comes after the page belongs to the present.
    state.services = services;
  }
});

function keptQuery({ searchParams }: URL): Record<string, string[]> {
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.filter((name) => !OF_THIS_DAY.includes(name))
      .map((name) => [name, searchParams.getAll(name)]),
  );
}

function asOf(workspace: Workspace, day: DayStanding): Workspace {
  const { timezone, currency, ...boundaries } = day.settings;
  const { qualifiedFrom, qualifiedTo, hotFrom, hotTo } = boundaries;
  return {
    ...workspace,
    tenant: {
      ...workspace.tenant,
      timezone,
      currency,
      qualifiedFrom,
      qualifiedTo,
      hotFrom,
      hotTo,
    },
    store: pastStore(workspace.store, day),
    sync: day.sync,
  };
}

function stopped(clock: Clock, moment: number): Clock {
  return {
    now: () => moment,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

function travels({ pathname }: URL): boolean {
  return !STAYS.test(pathname) &&
    TRAVELLING.some((path) =>
      pathname === path || pathname.startsWith(`${path}/`)
    );
}

async function keptDays(
  { store, sync, tenant: { timezone } }: Workspace,
  now: number,
): Promise<KeptDays> {
  const { viewDay, firstViewDay } = sync;
  const first = viewDay === null
    ? null
    : firstViewDay ?? await store.firstViewDay();
  return { first, today: localDay(now, timezone) };
}

function readOn(
  url: URL,
  kept: KeptDays,
): { on: string | null; problem: string | null } {
  const [on, ...more] = url.searchParams.getAll("on");
  if (!on) return { on: null, problem: null };
  try {
    if (more.length > 0) throw new QueryError("on", "it is given twice");
    return { on: earlierDay(on, kept), problem: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { on: null, problem: error.message };
  }
}

/**
 * For what must not answer with another day: a file.
 *
 * @throws {UsageError} when the day that was asked for cannot be looked at
 * @throws {NotFoundError} when these streams of that day are no longer known
 */
export async function assertDayTold(
  { travel, workspace: { store } }: Pick<State, "travel"> & {
    workspace: Workspace;
  },
  ...streams: StreamName[]
): Promise<void> {
  if (travel?.problem) throw new UsageError(travel.problem);
  if (streams.length > 0 && await store.untold(...streams)) {
    throw new NotFoundError(
      "Cannot give the list of that day: it is no longer known",
    );
  }
}
