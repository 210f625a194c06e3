import { page } from "fresh";
import { EmptyState } from "../../../components/EmptyState.tsx";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { periodWords } from "../../../components/period_words.ts";
import { VALUE } from "../../../components/person_links.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import {
  type ValueChange,
  ValueChanges,
} from "../../../components/ValueChanges.tsx";
import {
  BRIDGE_PARTS,
  type BridgeChange,
  bridgeChanges,
  formatDayShort,
} from "../../../lib/domain/mod.ts";
import type { TenantStore } from "../../../lib/store/mod.ts";
import {
  candidatesOf,
  choiceParam,
  defineInWorkspace,
  periodOrWeek,
  pipelineHistory,
  readQuery,
} from "../../../lib/web/mod.ts";

const QUERY = { part: choiceParam(["all", ...BRIDGE_PARTS], "all") };
/** Enough for whoever reads them; the sum above counts all. */
const MOST = 500;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { values: { part }, problems } = readQuery(url, QUERY);
    const asked = periodOrWeek(url, now, timezone);
    const { period, query } = asked;
    const untold = await store.untold("opportunities", "leads");
    const [{ pipeline }, { ends, changes }] = await Promise.all([
      store.shown(),
      pipelineHistory(store, period),
    ]);
    const told = typeof ends === "string"
      ? ends
      : pipeline
      ? bridgeChanges(changes, ends, pipeline)
      : "There are no figures yet.";
    const shown = typeof told === "string"
      ? []
      : told.filter((one) => part === "all" || one.part === part).reverse();
    return page({
      reason: typeof told === "string" ? told : null,
      span: typeof ends === "string"
        ? ""
        : `From the end of ${formatDayShort(ends.opening.day)} to ${
          formatDayShort(ends.closing.day)
        }`,
      rows: untold ? [] : await withCandidates(store, shown.slice(0, MOST)),
      count: shown.length,
      cents: Number(shown.reduce((sum, { cents }) => sum + cents, 0n)),
      untold,
      part,
      period,
      query,
      problems: [...problems, ...asked.problems],
    });
  },
});

async function withCandidates(
  store: TenantStore,
  changes: readonly BridgeChange[],
): Promise<ValueChange[]> {
  const ids = changes.map(({ change }) => change.id);
  const candidateOf = await candidatesOf(store, ids);
  return changes.map(({ part, cents, change: { id, from, to, at } }) => {
    const { name, clientId } = candidateOf(id);
    return {
      ...{ id, name, clientId, part, at, cents: Number(cents) },
      from: from?.stage ?? null,
      to: to?.stage ?? null,
    };
  });
}

export default defineInWorkspace.page<typeof handler>(
  function Value({ data, state }) {
    const { untold, reason, part, period, query, problems } = data;
    const { currency, timezone } = state.workspace.tenant;
    const place = placeOf(state);
    return (
      <>
        <PageHead
          title="Changes in value"
          list={{ name: "Pipeline", href: pageHref("/pipeline", place, query) }}
          {...pageHeadProps(state)}
          period={periodWords(period, timezone)}
        />
        <QueryNotice problems={problems} />
        {untold
          ? <NotKept what="list of changes" why={untold} figures />
          : reason !== null
          ? (
            <EmptyState title="There is nothing to compare yet.">
              {reason}
            </EmptyState>
          )
          : (
            <ValueChanges
              rows={data.rows}
              count={data.count}
              cents={data.cents}
              part={part === "all" ? null : part}
              span={data.span}
              here={pageHref(VALUE, place, { part, ...query })}
              workspace={place}
              currency={currency}
              timezone={timezone}
            />
          )}
      </>
    );
  },
);
