import {
  defineReading,
  jsonAnswer,
  methods,
  parseQuery,
  type ReadingState,
  SCHEDULE_QUERY,
  type ScheduleAnswer,
  toPublicActivity,
} from "../../../../lib/web/mod.ts";

/** Activities that lie ahead, soonest first; `connected` is false where ClientTether offers none. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, url, state: { workspace, services } }) {
    const { limit } = parseQuery(url, SCHEDULE_QUERY);
    const { rows, total } = await workspace.store.listSchedule({
      now: services.clock.now(),
      limit,
    });
    const { activities } = workspace.sync.streams;
    return jsonAnswer<ScheduleAnswer>(req, {
      data: rows.map(toPublicActivity),
      page: { limit, total },
      connected: activities?.status !== "not_connected",
    });
  },
}));
