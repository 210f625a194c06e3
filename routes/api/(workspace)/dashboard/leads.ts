import { toDashboardLeads } from "../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  jsonAnswer,
  leadMetricsOf,
  methods,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

/** The Leads page's figures. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, state: { workspace } }) {
    const metrics = await leadMetricsOf(workspace);
    const quarantined = workspace.sync.streams.leads?.quarantined ?? 0;
    return jsonAnswer(req, toDashboardLeads(metrics, quarantined));
  },
}));
