import {
  dataAnswer,
  defineReading,
  methods,
  parseQuery,
  type ReadingState,
  SCHEDULE_QUERY,
  type ScheduleAnswer,
  toPublicActivity,
} from "../../../../lib/web/mod.ts";

/** Activities that lie ahead, soonest first; `connected` is false where ClientTether offers none. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET(ctx) {
    const { workspace, services } = ctx.state;
    const { limit } = parseQuery(ctx.url, SCHEDULE_QUERY);
    return await dataAnswer<ScheduleAnswer>(ctx, async () => {
      const { rows, total } = await workspace.store.listSchedule({
        now: services.clock.now(),
        limit,
      });
      const { activities } = workspace.sync.streams;
      return {
        data: rows.map(toPublicActivity),
        page: { limit, total },
        connected: activities?.status !== "not_connected",
      };
    }, firstStart);
  },
}));

/** When the soonest activity begins, it no longer lies ahead. */
function firstStart({ data: [first] }: ScheduleAnswer): number | null {
  return first?.scheduledAt ? Date.parse(first.scheduledAt) : null;
}
