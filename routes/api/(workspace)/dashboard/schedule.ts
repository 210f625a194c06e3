import {
  defineInWorkspace,
  jsonAnswer,
  limitParam,
  methods,
  parseQuery,
  toPublicActivity,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

const QUERY = { limit: limitParam(100) };

/** Activities that lie ahead, soonest first; `connected` is false where ClientTether offers none. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, url, state: { workspace, services } }) {
    const { limit } = parseQuery(url, QUERY);
    const { rows, total } = await workspace.store.listSchedule({
      now: services.clock.now(),
      limit,
    });
    const { activities } = workspace.sync.streams;
    return jsonAnswer(req, {
      data: rows.map(toPublicActivity),
      page: { limit, total },
      connected: activities?.status !== "not_connected",
    });
  },
}));
