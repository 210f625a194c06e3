import {
  dataAnswer,
  defineReading,
  methods,
  NOTES_QUERY,
  type NotesAnswer,
  notesQueryOf,
  parseQuery,
  QueryError,
  readFromCursor,
  type ReadingState,
  toPublicNoteRow,
} from "../../../../../lib/web/mod.ts";

/** Notes, newest first. A cursor holds still while records arrive, an offset does not. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET(ctx) {
    const { workspace: { store, tenant } } = ctx.state;
    const { limit, offset, cursor, ...filters } = parseQuery(
      ctx.url,
      NOTES_QUERY,
    );
    if (cursor && offset > 0) {
      throw new QueryError("cursor", "it is given beside 'offset'");
    }
    const asked = notesQueryOf(filters, tenant.timezone);
    return await dataAnswer<NotesAnswer>(ctx, async () => {
      const { rows, total, hasMore, cursor: next } = await readFromCursor(
        cursor,
        (from) =>
          store.listNotes({ limit, ...cursor ? from : { offset }, ...asked }),
      );
      return {
        data: rows.map(toPublicNoteRow),
        page: {
          limit,
          offset: cursor ? null : offset,
          total,
          hasMore,
          cursor: next,
        },
      };
    });
  },
}));
