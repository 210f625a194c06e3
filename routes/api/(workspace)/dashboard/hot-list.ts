import {
  dataAnswer,
  defineReading,
  HOT_LIST_QUERY,
  type HotListAnswer,
  methods,
  parseQuery,
  type ReadingState,
  toPublicHotItem,
} from "../../../../lib/web/mod.ts";

/** The hot list, highest weighted IFF first. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET(ctx) {
    const { limit, offset } = parseQuery(ctx.url, HOT_LIST_QUERY);
    return await dataAnswer<HotListAnswer>(ctx, async () => {
      const { rows, total, hasMore } = await ctx.state.workspace.store
        .listHotList({ limit, offset });
      return {
        data: rows.map(toPublicHotItem),
        page: { limit, offset, total, hasMore },
      };
    });
  },
}));
