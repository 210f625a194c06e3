import { page } from "fresh";
import { pageHref, placeOf } from "../../../components/links.ts";
import { MoveList, type MoveRow } from "../../../components/MoveList.tsx";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { periodWords } from "../../../components/period_words.ts";
import { MOVES } from "../../../components/person_links.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import type { StageChange } from "../../../lib/domain/mod.ts";
import type { TenantStore } from "../../../lib/store/mod.ts";
import {
  candidatesOf,
  defineInWorkspace,
  newToReader,
  periodOrWeek,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = { left: textParam(), reached: textParam() };
/** Enough for whoever reads them; the number above counts all. */
const MOST = 500;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { values: { left, reached }, problems } = readQuery(url, QUERY);
    const asked = periodOrWeek(url, now, timezone);
    const { period, query } = asked;
    const iso = (time: number) => new Date(time).toISOString();
    const all = await store.listStageChanges(iso(period.from), iso(period.to));
    const moves = all.filter(({ from, to }) =>
      (left === undefined || from === left) &&
      (reached === undefined || to === reached)
    ).reverse();
    const untold = await store.untold("opportunities", "leads");
    return page({
      rows: untold ? [] : await withCandidates(store, moves.slice(0, MOST)),
      untold,
      total: moves.length,
      left,
      reached,
      period,
      query,
      problems: [...problems, ...asked.problems],
    });
  },
});

async function withCandidates(
  store: TenantStore,
  moves: readonly StageChange[],
): Promise<MoveRow[]> {
  const ids = moves.map(({ opportunityId }) => opportunityId);
  const candidateOf = await candidatesOf(store, ids);
  return moves.map((move) => ({ ...move, ...candidateOf(move.opportunityId) }));
}

export default defineInWorkspace.page<typeof handler>(
  function Moves({ data, state }) {
    const { rows, total, untold, left, reached, period, query, problems } =
      data;
    const { currency, timezone } = state.workspace.tenant;
    const place = placeOf(state);
    const words = periodWords(period, timezone);
    return (
      <>
        <PageHead
          title="Moves"
          list={{ name: "Pipeline", href: pageHref("/pipeline", place, query) }}
          {...pageHeadProps(state)}
          period={words}
        />
        <QueryNotice problems={problems} />
        {untold
          ? <NotKept what="list of moves" why={untold} figures />
          : (
            <MoveList
              rows={rows}
              total={total}
              words={[left && `from ${left}`, reached && `to ${reached}`]
                .filter(Boolean).join(" ")}
              period={words}
              isNew={newToReader(state)}
              here={pageHref(MOVES, place, { left, reached, ...query })}
              workspace={place}
              currency={currency}
              timezone={timezone}
            />
          )}
      </>
    );
  },
);
