import { HttpError, page } from "fresh";
import { Card } from "../../components/Card.tsx";
import { hereHref, pageHref } from "../../components/links.ts";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { Pagination } from "../../components/Pagination.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import {
  countedChanges,
  RECENT_MEANINGS,
  RECENT_TITLES,
  sinceSentence,
} from "../../components/recent_words.ts";
import { MarkAllSeen } from "../../components/RecentCard.tsx";
import { RecentTable } from "../../components/RecentTable.tsx";
import { Segments } from "../../components/Segments.tsx";
import {
  allSeen,
  RECENT_KINDS,
  recentSince,
  type VisitMark,
} from "../../lib/domain/mod.ts";
import { keepVisit } from "../../lib/store/mod.ts";
import {
  choiceParam,
  cursorParam,
  defineInWorkspace,
  newSince,
  readForm,
  readFromCursorOrFirst,
  readQuery,
  seenNow,
} from "../../lib/web/mod.ts";

const QUERY = {
  kind: choiceParam(["", ...RECENT_KINDS], ""),
  cursor: cursorParam(),
};
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { values: { cursor, ...asked }, problems } = readQuery(url, QUERY);
    const since = newSince(workspace, services.clock);
    const groups = recentSince(await workspace.store.recent(), since.after);
    const kind = asked.kind ||
      (groups.find(({ count }) => count > 0)?.kind ?? "leads");
    const { list, isFirst, problem } = await readFromCursorOrFirst(
      cursor,
      (from) =>
        workspace.store.listRecent({
          kind,
          ...since,
          ...from,
          limit: PAGE_SIZE,
        }),
    );
    return page({
      kind,
      groups,
      list,
      isFirst,
      since,
      now: services.clock.now(),
      problems: problem ? [...problems, problem] : problems,
    });
  },

  /** All that was shown is known from now on. */
  async POST(ctx) {
    const { workspace, services: { store, clock }, user } = ctx.state;
    const { seen } = await readForm(ctx.req, ["seen"]);
    // Without what was shown nothing can be known as seen.
    if (Number.isNaN(Date.parse(seen))) {
      throw new HttpError(400, "The form does not say what was shown");
    }
    const mark: VisitMark = allSeen(
      seenNow(workspace, clock),
      new Date(seen).toISOString(),
    );
    await keepVisit(store, workspace.tenant.id, user.id, mark);
    return ctx.redirect(
      pageHref("/dashboard", workspace.tenant.slug) + "#changes",
      303,
    );
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Changes({ data, state }) {
    const { kind, groups, list, isFirst, since, now, problems } = data;
    const { tenant: { slug, timezone }, sync } = state.workspace;
    if (sync.lastSyncAt === null) {
      return (
        <>
          <PageHead title="What changed" {...pageHeadProps(state)} />
          <NoFigures status={sync.status} />
        </>
      );
    }
    return (
      <>
        <PageHead title="What changed" {...pageHeadProps(state)}>
          <MarkAllSeen workspace={slug} until={since.until} />
        </PageHead>
        <QueryNotice problems={problems} />
        <p class="mb-4 text-ink-2">{sinceSentence(since, now, timezone)}</p>
        <div class="mb-4 overflow-x-auto">
          <Segments
            label="Kinds of changes"
            choices={groups.map((group) => ({
              label: `${RECENT_TITLES[group.kind]} ${group.count}`,
              href: hereHref(slug, { kind: group.kind }),
              chosen: group.kind === kind,
            }))}
          />
        </div>
        <Card
          title={countedChanges(kind, list.total)}
          says={RECENT_MEANINGS[kind]}
        >
          <RecentTable
            kind={kind}
            rows={list.rows}
            workspace={slug}
            timezone={timezone}
          />
          {(list.cursor !== null || !isFirst) && (
            <Pagination
              says={`${list.rows.length} of ${
                countedChanges(kind, list.total)
              }`}
              first={isFirst ? null : hereHref(slug, { kind })}
              next={list.cursor === null
                ? null
                : hereHref(slug, { kind, cursor: list.cursor })}
              nextLabel="Older changes"
            />
          )}
        </Card>
      </>
    );
  },
);
