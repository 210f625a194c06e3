import { page } from "fresh";
import { Card } from "../../../components/Card.tsx";
import { EmptyState } from "../../../components/EmptyState.tsx";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { STALLED } from "../../../components/person_links.ts";
import { counted } from "../../../components/sentences.ts";
import {
  STALLED_WORDS,
  StalledDeals,
} from "../../../components/StalledCard.tsx";
import { defineInWorkspace, stalledDealsOf } from "../../../lib/web/mod.ts";

/** Enough for whoever reads them; the number above counts all. */
const MOST = 500;

export const handler = defineInWorkspace.handlers({
  async GET({ state: { workspace } }) {
    const { store } = workspace;
    const untold = await store.untold("opportunities", "leads");
    const { pipeline } = await store.shown();
    const list = pipeline && !untold
      ? await stalledDealsOf(workspace, pipeline, MOST)
      : { rows: [], total: 0 };
    return page({ ...list, untold });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Stalled({ data: { rows, total, untold }, state }) {
    const { currency, timezone } = state.workspace.tenant;
    const place = placeOf(state);
    return (
      <>
        <PageHead
          title="Stalled deals"
          list={{ name: "Pipeline", href: pageHref("/pipeline", place) }}
          {...pageHeadProps(state)}
        />
        {untold
          ? <NotKept what="list of stalled deals" why={untold} figures />
          : total === 0
          ? (
            <EmptyState title="No deal is stalled.">
              Deals appear here that have been in their stage for longer than is
              usual with this brand.
            </EmptyState>
          )
          : (
            <Card
              id="list"
              title={counted(total, "stalled deal")}
              says={`${counted(total, "deal")} ${STALLED_WORDS}${
                total > rows.length ? ` Shown are ${rows.length}.` : ""
              }`}
            >
              <StalledDeals
                deals={rows}
                here={pageHref(STALLED, place)}
                workspace={place}
                timezone={timezone}
                currency={currency}
              />
            </Card>
          )}
      </>
    );
  },
);
