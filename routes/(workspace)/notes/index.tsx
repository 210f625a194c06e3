import { page } from "fresh";
import { hereHref, pageHref, placeOf } from "../../../components/links.ts";
import type { NoteFilter } from "../../../components/NoteFilters.tsx";
import { NotesCard } from "../../../components/NotesCard.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { Pagination } from "../../../components/Pagination.tsx";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { counted } from "../../../components/sentences.ts";
import LoadMoreNotes from "../../../islands/LoadMoreNotes.tsx";
import { nameOf } from "../../../lib/domain/mod.ts";
import {
  type AskedNotes,
  cursorParam,
  defineInWorkspace,
  newIds,
  NOTES_LIST_QUERY,
  notesQueryOf,
  orDefault,
  readFromCursorOrFirst,
  readQuery,
  type Workspace,
} from "../../../lib/web/mod.ts";

const QUERY = { ...NOTES_LIST_QUERY, cursor: cursorParam() };
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { values: { cursor, ...asked }, problems } = readQuery(url, QUERY);
    const isNewest = isPlain(asked) && cursor === undefined;
    const [{ list, people, filter, isFirst, ...wrong }, fresh] = await Promise
      .all([
        isNewest
          ? newestOf(workspace, asked)
          : notesFrom(workspace, asked, cursor),
        newIds(workspace, services.clock, "notes"),
      ]);
    return page({
      list,
      fresh,
      filter,
      cursor: isFirst ? undefined : cursor,
      people: new Map(people),
      problems: [...problems, ...wrong.problems],
    });
  },
});

/** Whether all notes are asked for, in their usual order. */
function isPlain({ sort, ...filters }: AskedNotes): boolean {
  return sort !== "date" &&
    Object.values(filters).every((value) => value === undefined);
}

/** The page that most people open. */
async function newestOf({ store }: Workspace, filter: AskedNotes) {
  const newest = await store.newestNotes(PAGE_SIZE);
  return { ...newest, filter, isFirst: true, problems: [] };
}

/**
 * The page that the cursor begins; the first one where it belongs to another list, and notes of all days where the
 * days are the wrong way round.
 */
async function notesFrom(
  workspace: Workspace,
  asked: AskedNotes,
  cursor: string | undefined,
) {
  const found = await listFrom(workspace, asked, cursor);
  const { list, filter } = found;
  const leads = await workspace.store.leadsOf([
    ...list.rows.flatMap(({ contactId }) => contactId ?? []),
    ...filter.contact ? [filter.contact] : [],
  ]);
  const people = [...leads].map(([id, lead]) => [id, nameOf(lead)] as const);
  return { ...found, people };
}

async function listFrom(
  { store, tenant: { timezone } }: Workspace,
  asked: AskedNotes,
  cursor: string | undefined,
) {
  const all = { ...asked, from: undefined, to: undefined };
  const { value: selection, problem: wrongDays } = orDefault(
    () => notesQueryOf(asked, timezone),
    () => notesQueryOf(all, timezone),
  );
  const { problem: wrongCursor, ...page } = await readFromCursorOrFirst(
    cursor,
    (from) => store.listNotes({ ...selection, ...from, limit: PAGE_SIZE }),
  );
  return {
    ...page,
    filter: wrongDays ? all : asked,
    problems: [wrongDays, wrongCursor].filter((problem) => problem !== null),
  };
}

export default defineInWorkspace.page<typeof handler>(
  function Notes({ data, state }) {
    const { list, fresh, cursor, people, problems } = data;
    const { tenant: { timezone }, sync } = state.workspace;
    const { sort, ...others } = data.filter;
    const filter: NoteFilter = {
      ...others,
      sort: sort === "date" ? sort : undefined,
    };
    const isFirstPage = cursor === undefined;
    const place = placeOf(state);
    const isPast = state.travel?.past != null;
    const next = list.cursor === null
      ? null
      : hereHref(place, { ...filter, cursor: list.cursor });
    return (
      <>
        <PageHead title="Notes" {...pageHeadProps(state)} />
        <QueryNotice problems={problems} />
        <NotesCard
          rows={list.rows}
          total={list.total}
          filter={filter}
          people={people}
          here={pageHref("/notes", place, { ...filter, cursor })}
          fileHref={pageHref("/notes.csv", place, { ...filter })}
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
                first={isFirstPage ? null : hereHref(place, { ...filter })}
                next={next}
                nextLabel={filter.sort ? "Newer notes" : "Older notes"}
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
