import { page } from "fresh";
import { NoFigures } from "../../components/NoFigures.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { PipelineCards } from "../../components/PipelineCards.tsx";
import { Remarks } from "../../components/Remarks.tsx";
import { pipelineRemarks } from "../../components/sentences.ts";
import { AfterCard, StagesCard } from "../../components/StagesCard.tsx";
import { defineInWorkspace } from "../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET({ state: { workspace: { store, sync } } }) {
    const views = sync.viewDay === null
      ? null
      : await store.views(sync.viewDay);
    return page({ pipeline: views?.pipeline ?? null });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Pipeline({ data: { pipeline }, state }) {
    const { tenant: { currency }, sync } = state.workspace;
    return (
      <>
        <PageHead title="Pipeline" {...pageHeadProps(state)} />
        {!pipeline ? <NoFigures status={sync.status} /> : (
          <>
            <PipelineCards view={pipeline} currency={currency} />
            <div class="mt-4 grid gap-4">
              <StagesCard view={pipeline} currency={currency} />
              <AfterCard rows={pipeline.after} currency={currency} />
            </div>
            <Remarks sentences={pipelineRemarks(pipeline)} />
          </>
        )}
      </>
    );
  },
);
