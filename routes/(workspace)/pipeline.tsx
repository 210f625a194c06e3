import { page } from "fresh";
import { BridgeCard } from "../../components/BridgeCard.tsx";
import { ConversionCard } from "../../components/ConversionCard.tsx";
import { pageHref, placeOf } from "../../components/links.ts";
import { MovementCard } from "../../components/MovementCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { periodWords } from "../../components/period_words.ts";
import { PeriodMenu } from "../../components/PeriodMenu.tsx";
import { dealsHref, ENTRIES, MOVES } from "../../components/person_links.ts";
import { PipelineCards } from "../../components/PipelineCards.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { pipelineRemarks } from "../../components/sentences.ts";
import { AfterCard, StagesCard } from "../../components/StagesCard.tsx";
import { StaysCards } from "../../components/StaysCards.tsx";
import {
  movementOf,
  pipelineBridge,
  stageChangesOf,
  stageConversions,
  stageMoves,
} from "../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  newToReader,
  periodOrWeek,
  pipelineHistory,
} from "../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { period, query, problems } = periodOrWeek(url, now, timezone);
    const [{ pipeline }, { days, ends, changes }] = await Promise.all([
      store.shown(),
      pipelineHistory(store, period),
    ]);
    return page({
      pipeline,
      period,
      query,
      problems,
      before: days.find(({ day }) => day < period.firstDay) ?? null,
      changes: changes.filter(({ at }) => {
        const time = Date.parse(at);
        return period.from <= time && time < period.to;
      }),
      bridge: typeof ends === "string"
        ? ends
        : pipeline
        ? pipelineBridge(changes, ends, pipeline)
        : "",
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Pipeline({ data, state }) {
    const { pipeline, period, before, changes } = data;
    const { tenant: { currency, timezone }, sync } = state.workspace;
    const place = placeOf(state);
    const words = periodWords(period, timezone);
    const moves = stageChangesOf(changes);
    const isNew = newToReader(state);
    return (
      <>
        <PageHead title="Pipeline" {...pageHeadProps(state)} period={words}>
          {pipeline && (
            <PeriodMenu
              period={period}
              workspace={place}
            />
          )}
        </PageHead>
        <QueryNotice problems={data.problems} />
        {!pipeline ? <NoFigures status={sync.status} /> : (
          <>
            <PipelineCards
              view={pipeline}
              before={before}
              workspace={place}
              currency={currency}
            />
            <div class="mt-4 grid gap-4">
              <StagesCard
                view={pipeline}
                workspace={place}
                currency={currency}
              />
              <BridgeCard
                bridge={data.bridge}
                today={pipeline.day}
                workspace={place}
                query={data.query}
                currency={currency}
              />
              <ConversionCard
                rows={stageConversions(changes, pipeline)}
                period={words}
                hrefOf={(of) =>
                  pageHref(ENTRIES, place, { ...of, ...data.query })}
              />
              <StaysCards
                view={pipeline}
                workspace={place}
                timezone={timezone}
                currency={currency}
              />
              <MovementCard
                movement={movementOf(moves, pipeline)}
                fresh={stageMoves(moves.filter(({ at }) => isNew(at)))}
                period={words}
                hrefOf={(move) =>
                  pageHref(MOVES, place, {
                    left: move?.from,
                    reached: move?.to,
                    ...data.query,
                  })}
              />
              <AfterCard
                rows={pipeline.after}
                workspace={place}
                currency={currency}
              />
            </div>
            <Remarks
              sentences={pipelineRemarks(
                pipeline,
                (group) => dealsHref(place, { group }),
              )}
            />
          </>
        )}
      </>
    );
  },
);
