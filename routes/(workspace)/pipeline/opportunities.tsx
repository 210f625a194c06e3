import { page } from "fresh";
import { GROUP_WORDS } from "../../../components/deal_words.ts";
import { DealList } from "../../../components/DealList.tsx";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { DEALS } from "../../../components/person_links.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { DEAL_GROUPS } from "../../../lib/domain/mod.ts";
import {
  afterParam,
  choiceParam,
  dealsOf,
  defineInWorkspace,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = {
  group: choiceParam(["all", ...DEAL_GROUPS], "all"),
  stage: textParam(),
  after: afterParam(),
};
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace } }) {
    const untold = await workspace.store.untold(
      "cycles",
      "opportunities",
      "leads",
    );
    const { values: { group: asked, stage, after }, problems } = readQuery(
      url,
      QUERY,
    );
    // Without a filter it is what the pipeline's value counts.
    const group = asked !== "all" ? asked : stage ? undefined : "pipeline";
    const list = untold ? null : await dealsOf(workspace, {
      group,
      stage,
      after,
      limit: PAGE_SIZE,
    });
    const place = after && url.searchParams.get("after");
    return page({ list, untold, group, stage, place, problems });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Opportunities({ data, state }) {
    const { list, untold, group, stage, place, problems } = data;
    const { currency, timezone } = state.workspace.tenant;
    const workspace = placeOf(state);
    const at = (after?: string | null) =>
      pageHref(DEALS, workspace, { group, stage, after });
    const words = [
      group && GROUP_WORDS[group],
      stage && `in the stage '${stage}'`,
    ].filter(Boolean).join(", ");
    return (
      <>
        <PageHead
          title="Opportunities"
          list={{ name: "Pipeline", href: pageHref("/pipeline", workspace) }}
          {...pageHeadProps(state)}
        />
        <QueryNotice problems={problems} />
        {untold && (
          <NotKept
            what="list of opportunities"
            why={untold}
            figures
          />
        )}
        {list && (
          <DealList
            rows={list.rows}
            sums={list.sums}
            words={words}
            allHref={group === "pipeline" && !stage
              ? null
              : pageHref(DEALS, workspace)}
            here={at(place)}
            first={place ? at() : null}
            next={list.next === null ? null : at(list.next)}
            workspace={workspace}
            currency={currency}
            timezone={timezone}
          />
        )}
      </>
    );
  },
);
