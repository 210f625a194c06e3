import { page } from "fresh";
import { GROUP_WORDS } from "../../../components/deal_words.ts";
import { DealList } from "../../../components/DealList.tsx";
import { pageHref } from "../../../components/links.ts";
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
    const { values: { group: asked, stage, after }, problems } = readQuery(
      url,
      QUERY,
    );
    // Without a filter it is what the pipeline's value counts.
    const group = asked !== "all" ? asked : stage ? undefined : "pipeline";
    const list = await dealsOf(workspace, {
      group,
      stage,
      after,
      limit: PAGE_SIZE,
    });
    const place = after && url.searchParams.get("after");
    return page({ ...list, group, stage, place, problems });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Opportunities({ data, state }) {
    const { rows, sums, next, group, stage, place, problems } = data;
    const { slug, currency, timezone } = state.workspace.tenant;
    const at = (after?: string | null) =>
      pageHref(DEALS, slug, { group, stage, after });
    const words = [
      group && GROUP_WORDS[group],
      stage && `in the stage '${stage}'`,
    ].filter(Boolean).join(", ");
    return (
      <>
        <PageHead
          title="Opportunities"
          list={{ name: "Pipeline", href: pageHref("/pipeline", slug) }}
          {...pageHeadProps(state)}
        />
        <QueryNotice problems={problems} />
        <DealList
          rows={rows}
          sums={sums}
          words={words}
          allHref={group === "pipeline" && !stage
            ? null
            : pageHref(DEALS, slug)}
          here={at(place)}
          first={place ? at() : null}
          next={next === null ? null : at(next)}
          workspace={slug}
          currency={currency}
          timezone={timezone}
        />
      </>
    );
  },
);
