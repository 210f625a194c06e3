import { page } from "fresh";
import { hereHref } from "../../../components/links.ts";
import { NotesCard } from "../../../components/NotesCard.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import LoadMoreNotes from "../../../islands/LoadMoreNotes.tsx";
import {
  cursorParam,
  defineInWorkspace,
  parseQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = { search: textParam(), cursor: cursorParam() };
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace: { store } } }) {
    const { search, cursor } = parseQuery(url, QUERY);
    const list = await store.listNotes({
      limit: PAGE_SIZE,
      ...search ? { search } : {},
      ...cursor ? { cursor } : {},
    });
    return page({ list, search, isFirstPage: cursor === undefined });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Notes({ data: { list, search, isFirstPage }, state }) {
    const { tenant: { slug, timezone }, sync } = state.workspace;
    return (
      <>
        <PageHead title="Notes" {...pageHeadProps(state)} />
        <NotesCard
          rows={list.rows}
          total={list.total}
          search={search}
          isFirstPage={isFirstPage}
          hasSynced={sync.lastSyncAt !== null}
          workspace={slug}
          timezone={timezone}
        >
          {/* Other notes cannot follow those that have been loaded already. */}
          <div data-keep data-after={`${list.total} ${list.cursor}`}>
            <LoadMoreNotes
              shown={isFirstPage ? list.rows.length : null}
              total={list.total}
              href={list.cursor === null
                ? null
                : hereHref(slug, { search, cursor: list.cursor })}
            />
          </div>
        </NotesCard>
      </>
    );
  },
);
