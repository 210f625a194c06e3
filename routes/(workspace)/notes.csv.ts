import { formatSortable } from "../../lib/domain/mod.ts";
import {
  assertDayTold,
  defineInWorkspace,
  listFile,
  methods,
  NOTES_LIST_QUERY,
  notesQueryOf,
  parseQuery,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

/** The notes of a search as CSV, each whole. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET(ctx) {
    const { store, tenant: { timezone } } = ctx.state.workspace;
    const asked = parseQuery(ctx.url, NOTES_LIST_QUERY);
    const selection = notesQueryOf(asked, timezone);
    await assertDayTold(ctx.state);
    return await listFile(ctx, {
      name: "notes",
      columns: [
        {
          head: `Date (${timezone})`,
          cell: ({ noteDate }) => formatSortable(noteDate, timezone),
        },
        { head: "Author", cell: ({ author }) => author },
        { head: "Note", cell: ({ content }) => content },
      ],
      rows: () => store.eachNote(selection),
      asked,
    });
  },
}));
