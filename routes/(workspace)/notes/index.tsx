import { page } from "fresh";
import { hereHref, pageHref, placeOf } from "../../../components/links.ts";
import { NotesCard } from "../../../components/NotesCard.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { Pagination } from "../../../components/Pagination.tsx";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { counted } from "../../../components/sentences.ts";
import LoadMoreNotes from "../../../islands/LoadMoreNotes.tsx";
import { UsageError } from "../../../lib/domain/mod.ts";
import {
  cursorParam,
  defineInWorkspace,
  newIds,
  NOTES_LIST_QUERY,
  notesQueryOf,
  readQuery,
  type Workspace,
} from "../../../lib/web/mod.ts";

const QUERY = { ...NOTES_LIST_QUERY, cursor: cursorParam() };
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { values: { cursor, ...asked }, problems } = readQuery(url, QUERY);
    const [{ list, problem }, fresh] = await Promise.all([
      notesFrom(workspace, asked, cursor),
      newIds(workspace, services.clock, "notes"),
    ]);
    return page({
      list,
      fresh,
      asked,
      problems: problem ? [...problems, problem] : problems,
      isFirstPage: cursor === undefined || problem !== null,
    });
  },
});

/** The page that the cursor begins; the first one where it belongs to another list. */
async function notesFrom(
  { store }: Workspace,
  asked: Parameters<typeof notesQueryOf>[0],
  cursor: string | undefined,
) {
  const query = { ...notesQueryOf(asked), limit: PAGE_SIZE };
  try {
    const list = await store.listNotes({
      ...query,
      ...cursor ? { cursor } : {},
    });
    return { list, problem: null };
  } catch (error) {
    if (cursor === undefined || !(error instanceof UsageError)) throw error;
    return { list: await store.listNotes(query), problem: error.message };
  }
}

export default defineInWorkspace.page<typeof handler>(
  function Notes(
    { data: { list, fresh, asked, problems, isFirstPage }, state },
  ) {
    const { tenant: { timezone }, sync } = state.workspace;
    const { search } = asked;
    const sort = asked.sort === "date" ? asked.sort : undefined;
    const place = placeOf(state);
    const isPast = state.travel?.past != null;
    const next = list.cursor === null
      ? null
      : hereHref(place, { search, sort, cursor: list.cursor });
    return (
      <>
        <PageHead title="Notes" {...pageHeadProps(state)} />
        <QueryNotice problems={problems} />
        <NotesCard
          rows={list.rows}
          total={list.total}
          search={search}
          sort={sort}
          fileHref={pageHref("/notes.csv", place, { search, sort })}
          isFirstPage={isFirstPage}
          isPast={isPast}
          hasSynced={sync.lastSyncAt !== null}
          workspace={place}
          timezone={timezone}
          fresh={fresh}
        >
          {isPast
            ? (
              <Pagination
                says={`${counted(list.rows.length, "note")} on this page.`}
                first={isFirstPage ? null : hereHref(place, { search, sort })}
                next={next}
                nextLabel={sort ? "Newer notes" : "Older notes"}
              />
            )
            : (
              // Other notes cannot follow those that have been loaded already.
              <div data-keep data-after={`${list.total} ${list.cursor}`}>
                <LoadMoreNotes
                  shown={isFirstPage ? list.rows.length : null}
                  total={list.total}
                  href={next}
                />
              </div>
            )}
        </NotesCard>
      </>
    );
  },
);
