import { toDashboardPipeline } from "../../../../lib/domain/mod.ts";
import {
  dataAnswer,
  defineReading,
  methods,
  type PipelineAnswer,
  pipelineViewOf,
  type ReadingState,
} from "../../../../lib/web/mod.ts";

/** The Pipeline page's figures. */
export const handler = defineReading.handlers(methods<ReadingState>({
  GET: (ctx) =>
    dataAnswer<PipelineAnswer>(
      ctx,
      async () =>
        toDashboardPipeline(await pipelineViewOf(ctx.state.workspace)),
    ),
}));
