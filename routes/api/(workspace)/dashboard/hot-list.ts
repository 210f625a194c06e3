import {
  defineInWorkspace,
  jsonAnswer,
  limitParam,
  methods,
  offsetParam,
  parseQuery,
  toPublicHotItem,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

const QUERY = { limit: limitParam(50), offset: offsetParam() };

/** The hot list, highest weighted IFF first. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, url, state: { workspace } }) {
    const { limit, offset } = parseQuery(url, QUERY);
    const { rows, total, hasMore } = await workspace.store.listHotList({
      limit,
      offset,
    });
    return jsonAnswer(req, {
      data: rows.map(toPublicHotItem),
      page: { limit, offset, total, hasMore },
    });
  },
}));
