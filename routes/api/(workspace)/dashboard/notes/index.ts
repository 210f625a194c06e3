import {
  defineReading,
  jsonAnswer,
  methods,
  NOTES_QUERY,
  type NotesAnswer,
  notesQueryOf,
  parseQuery,
  QueryError,
  type ReadingState,
  toPublicNoteRow,
} from "../../../../../lib/web/mod.ts";

/** Notes, newest first. A cursor holds still while records arrive, an offset does not. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, url, state: { workspace } }) {
    const { limit, offset, cursor, ...filters } = parseQuery(
      url,
      NOTES_QUERY,
    );
    if (cursor && offset > 0) {
      throw new QueryError("cursor", "it is given beside 'offset'");
    }
    const { rows, total, hasMore, cursor: next } = await workspace.store
      .listNotes({
        limit,
        ...cursor ? { cursor } : { offset },
        ...notesQueryOf(filters, workspace.tenant.timezone),
      });
    return jsonAnswer<NotesAnswer>(req, {
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
