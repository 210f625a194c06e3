import { page } from "fresh";
import { EntryList } from "../../../components/EntryList.tsx";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NotKept } from "../../../components/NotKept.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { periodWords } from "../../../components/period_words.ts";
import { ENTRIES } from "../../../components/person_links.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { FATES, stageEntries } from "../../../lib/domain/mod.ts";
import {
  candidatesOf,
  choiceParam,
  defineInWorkspace,
  periodOrWeek,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = {
  stage: textParam(),
  fate: choiceParam(["all", ...FATES], "all"),
};
/** Enough for whoever reads them; the number above counts all. */
const MOST = 500;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { values: { stage, fate }, problems } = readQuery(url, QUERY);
    const asked = periodOrWeek(url, now, timezone);
    const { period, query } = asked;
    const iso = (time: number) => new Date(time).toISOString();
    const untold = await store.untold("opportunities", "leads");
    const [{ pipeline }, changes] = await Promise.all([
      store.shown(),
      store.listChanges("opportunities", iso(period.from), iso(period.to)),
    ]);
    const entries = (pipeline ? stageEntries(changes, pipeline) : [])
      .filter((entry) =>
        (stage === undefined || entry.stage === stage) &&
        (fate === "all" || entry.fate === fate)
      )
      .sort((a, b) => a.at === b.at ? 0 : a.at < b.at ? 1 : -1);
    const shown = untold ? [] : entries.slice(0, MOST);
    const candidateOf = await candidatesOf(store, shown.map(({ id }) => id));
    return page({
      rows: shown.map((entry) => ({ ...entry, ...candidateOf(entry.id) })),
      total: entries.length,
      untold,
      stage,
      fate: fate === "all" ? undefined : fate,
      period,
      query,
      problems: [...problems, ...asked.problems],
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Entries({ data, state }) {
    const { rows, total, untold, stage, fate, period, query, problems } = data;
    const { currency, timezone } = state.workspace.tenant;
    const place = placeOf(state);
    const words = periodWords(period, timezone);
    return (
      <>
        <PageHead
          title="Entries into stages"
          list={{ name: "Pipeline", href: pageHref("/pipeline", place, query) }}
          {...pageHeadProps(state)}
          period={words}
        />
        <QueryNotice problems={problems} />
        {untold
          ? <NotKept what="list of entries" why={untold} figures />
          : (
            <EntryList
              rows={rows}
              total={total}
              stage={stage}
              fate={fate}
              period={words}
              here={pageHref(ENTRIES, place, { stage, fate, ...query })}
              workspace={place}
              currency={currency}
              timezone={timezone}
            />
          )}
      </>
    );
  },
);
