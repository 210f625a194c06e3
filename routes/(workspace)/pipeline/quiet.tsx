import { page } from "fresh";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { QUIET } from "../../../components/person_links.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { QuietList } from "../../../components/QuietList.tsx";
import { localDay } from "../../../lib/domain/mod.ts";
import {
  afterParam,
  defineInWorkspace,
  quietDealsOf,
  readQuery,
} from "../../../lib/web/mod.ts";

const QUERY = { after: afterParam() };
const PAGE_SIZE = 50;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, sync, tenant } = workspace;
    const { values: { after }, problems } = readQuery(url, QUERY);
    const untold = await store.untold(
      "cycles",
      "opportunities",
      "leads",
      "activities",
    );
    const now = services.clock.now();
    const list = untold ? null : await quietDealsOf(workspace, {
      now,
      day: sync.viewDay ?? localDay(now, tenant.timezone),
      limit: PAGE_SIZE,
      after,
    });
    const place = after && url.searchParams.get("after");
    return page({ list, untold, place, problems });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Quiet({ data, state }) {
    const { list, untold, place, problems } = data;
    const { tenant: { currency, timezone }, sync } = state.workspace;
    const workspace = placeOf(state);
    const at = (after?: string | null) => pageHref(QUIET, workspace, { after });
    return (
      <>
        <PageHead
          title="Deals without activity"
          list={{ name: "Pipeline", href: pageHref("/pipeline", workspace) }}
          {...pageHeadProps(state)}
        />
        <QueryNotice problems={problems} />
        {untold && (
          <NotKept what="list of deals without activity" why={untold} />
        )}
        {list && (
          <QuietList
            rows={list.rows}
            sums={list.sums}
            connected={sync.streams.activities?.status !== "not_connected"}
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
