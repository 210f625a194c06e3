import {
  defineReading,
  HOT_LIST_QUERY,
  type HotListAnswer,
  jsonAnswer,
  methods,
  parseQuery,
  type ReadingState,
  toPublicHotItem,
} from "../../../../lib/web/mod.ts";

/** The hot list, highest weighted IFF first. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, url, state: { workspace } }) {
    const { limit, offset } = parseQuery(url, HOT_LIST_QUERY);
    const { rows, total, hasMore } = await workspace.store.listHotList({
      limit,
      offset,
    });
    return jsonAnswer<HotListAnswer>(req, {
      data: rows.map(toPublicHotItem),
      page: { limit, offset, total, hasMore },
    });
  },
}));
