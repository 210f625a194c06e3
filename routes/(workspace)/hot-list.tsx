import { page } from "fresh";
import { HotListCard } from "../../components/HotListCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { defineInWorkspace } from "../../lib/web/mod.ts";

/** The totals are those of the whole list, and so is the page: nobody pages through candidates. */
const EVERY_ROW = 10_000;

export const handler = defineInWorkspace.handlers({
  async GET({ state: { workspace: { store, sync } } }) {
    const [views, list] = await Promise.all([
      sync.viewDay === null ? null : store.views(sync.viewDay),
      store.listHotList({ limit: EVERY_ROW, offset: 0 }),
    ]);
    return page({
      rows: list.rows,
      hasFigures: views?.pipeline != null,
      reason: views?.pipeline?.reasons.hot ?? null,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function HotList({ data, state }) {
    const { tenant, sync } = state.workspace;
    const { rows, hasFigures, reason } = data;
    return (
      <>
        <PageHead title="Hot List" {...pageHeadProps(state)} />
        {!hasFigures && rows.length === 0
          ? <NoFigures status={sync.status} />
          : (
            <HotListCard
              rows={rows}
              reason={reason}
              from={tenant.hotFrom}
              to={tenant.hotTo}
              currency={tenant.currency}
              workspace={tenant.slug}
            />
          )}
      </>
    );
  },
);
