import { page } from "fresh";
import { pageHref } from "../../components/links.ts";
import { MovementCard } from "../../components/MovementCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { periodWords } from "../../components/period_words.ts";
import { PeriodMenu } from "../../components/PeriodMenu.tsx";
import { dealsHref, MOVES } from "../../components/person_links.ts";
import { PipelineCards } from "../../components/PipelineCards.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { pipelineRemarks } from "../../components/sentences.ts";
import { AfterCard, StagesCard } from "../../components/StagesCard.tsx";
import { movementOf, periodOf } from "../../lib/domain/mod.ts";
import { defineInWorkspace, orDefault, readPeriod } from "../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, sync, tenant: { timezone } } = workspace;
    const now = services.clock.now();
    const { value: { period, query }, problem } = orDefault(
      () => readPeriod(url, now, timezone),
      () => ({ period: periodOf({ kind: "week" }, now, timezone), query: {} }),
    );
    const iso = (time: number) => new Date(time).toISOString();
    const [views, before, changes] = await Promise.all([
      sync.viewDay === null ? null : store.views(sync.viewDay),
      store.kpisBefore(period.firstDay),
      store.listStageChanges(iso(period.from), iso(period.to)),
    ]);
    return page({
      pipeline: views?.pipeline ?? null,
      period,
      query,
      problems: problem ? [problem] : [],
      before,
      changes,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Pipeline({ data, state }) {
    const { pipeline, period, before, changes } = data;
    const { tenant: { slug, currency, timezone }, sync } = state.workspace;
    const words = periodWords(period, timezone);
    return (
      <>
        <PageHead title="Pipeline" {...pageHeadProps(state)} period={words}>
          {pipeline && <PeriodMenu period={period} workspace={slug} />}
        </PageHead>
        <QueryNotice problems={data.problems} />
        {!pipeline ? <NoFigures status={sync.status} /> : (
          <>
            <PipelineCards
              view={pipeline}
              before={before}
              workspace={slug}
              currency={currency}
            />
            <div class="mt-4 grid gap-4">
              <StagesCard
                view={pipeline}
                workspace={slug}
                currency={currency}
              />
              <MovementCard
                movement={movementOf(changes, pipeline)}
                period={words}
                hrefOf={(move) =>
                  pageHref(MOVES, slug, {
                    left: move?.from,
                    reached: move?.to,
                    ...data.query,
                  })}
              />
              <AfterCard
                rows={pipeline.after}
                workspace={slug}
                currency={currency}
              />
            </div>
            <Remarks
              sentences={pipelineRemarks(
                pipeline,
                (group) => dealsHref(slug, { group }),
              )}
            />
          </>
        )}
      </>
    );
  },
);
