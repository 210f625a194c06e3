import { toDashboardPipeline } from "../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  jsonAnswer,
  methods,
  pipelineViewOf,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

/** The Pipeline page's figures. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, state: { workspace } }) {
    const view = await pipelineViewOf(workspace);
    return jsonAnswer(req, toDashboardPipeline(view));
  },
}));
