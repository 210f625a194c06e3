import {
  cursorParam,
  defineInWorkspace,
  jsonAnswer,
  limitParam,
  methods,
  offsetParam,
  parseQuery,
  QueryError,
  textParam,
  toPublicNoteRow,
  type WorkspaceState,
} from "../../../../../lib/web/mod.ts";

const QUERY = {
  limit: limitParam(50),
  offset: offsetParam(),
  search: textParam(),
  cursor: cursorParam(),
};

/** Notes, newest first. A cursor holds still while records arrive, an offset does not. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, url, state: { workspace } }) {
    const { limit, offset, search, cursor } = parseQuery(url, QUERY);
    if (cursor && offset > 0) {
      throw new QueryError("cursor", "it is given beside 'offset'");
    }
    const { rows, total, hasMore, cursor: next } = await workspace.store
      .listNotes({
        limit,
        ...cursor ? { cursor } : { offset },
        ...search ? { search } : {},
      });
    return jsonAnswer(req, {
      data: rows.map(toPublicNoteRow),
      page: {
        limit,
        offset: cursor ? null : offset,
        total,
        hasMore,
        cursor: next,
      },
    });
  },
}));
