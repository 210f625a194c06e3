import { page } from "fresh";
import { HotListCard } from "../../components/HotListCard.tsx";
import type { ListFrame } from "../../components/list_frame.ts";
import { placeOf } from "../../components/links.ts";
import { NoFigures } from "../../components/NoFigures.tsx";
import { NotKept } from "../../components/NotKept.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { HOT_LIST, type HotItem, nextByContact } from "../../lib/domain/mod.ts";
import {
  askList,
  cursorParam,
  defineInWorkspace,
  readHotPage,
  readQuery,
  savedViews,
  viewQuery,
} from "../../lib/web/mod.ts";

const QUERY = { cursor: cursorParam() };
const PAGE_SIZE = 100;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state }) {
    const { workspace, services } = state;
    const now = services.clock.now();
    const { asked, problems } = askList(url, HOT_LIST, workspace, now);
    const { values: { cursor }, problems: unread } = readQuery(url, QUERY);
    const { store, sync } = workspace;
    const connected = sync.streams.activities?.status !== "not_connected";
    const untold = await store.untold("cycles", "opportunities", "leads");
    const scheduled = connected && !await store.untold("activities");
    const [saved, views, list, schedule] = await Promise.all([
      savedViews(state),
      asked.views(),
      untold
        ? null
        : readHotPage(workspace, asked, { cursor, limit: PAGE_SIZE }),
      scheduled ? store.listSchedule({ now, limit: Infinity }) : null,
    ]);
    return page({
      saved: { views: saved, query: viewQuery(url, HOT_LIST) },
      list,
      untold,
      next: schedule && nextByContact(schedule.rows),
      view: asked.view,
      cursor,
      problems: [
        ...problems.map(({ message }) => message),
        ...unread,
        ...list?.problem ? [list.problem] : [],
      ],
      hasFigures: views.pipeline !== null,
      reason: views.pipeline?.reasons.hot ?? null,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function HotList({ data, state }) {
    const { tenant, sync } = state.workspace;
    const { list, untold, view, hasFigures, reason } = data;
    const frame: ListFrame<HotItem> = {
      list: HOT_LIST,
      view,
      workspace: placeOf(state),
      keep: {},
      cursor: list?.isFirst ? undefined : data.cursor,
      counted: { day: sync.viewDay, timezone: tenant.timezone },
    };
    return (
      <>
        <PageHead title="Hot List" {...pageHeadProps(state)} />
        <QueryNotice problems={data.problems} />
        {untold && <NotKept what="hot list" why={untold} />}
        {list && !hasFigures && list.whole === 0 && (
          <NoFigures status={sync.status} />
        )}
        {list && (hasFigures || list.whole > 0) && (
          <HotListCard
            frame={frame}
            page={list}
            saved={data.saved}
            reason={reason}
            from={tenant.hotFrom}
            to={tenant.hotTo}
            currency={tenant.currency}
            next={data.next}
            timezone={tenant.timezone}
          />
        )}
      </>
    );
  },
);
