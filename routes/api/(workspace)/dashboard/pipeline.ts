import { toDashboardPipeline } from "../../../../lib/domain/mod.ts";
import {
  defineReading,
  jsonAnswer,
  methods,
  type PipelineAnswer,
  pipelineViewOf,
  type ReadingState,
} from "../../../../lib/web/mod.ts";

/** The Pipeline page's figures. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, state: { workspace } }) {
    const view = await pipelineViewOf(workspace);
    return jsonAnswer<PipelineAnswer>(req, toDashboardPipeline(view));
  },
}));
