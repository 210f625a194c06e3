import { toDashboardLeads } from "../../../../lib/domain/mod.ts";
import {
  defineReading,
  jsonAnswer,
  leadMetricsOf,
  type LeadsAnswer,
  methods,
  type ReadingState,
} from "../../../../lib/web/mod.ts";

/** The Leads page's figures. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, state: { workspace } }) {
    const metrics = await leadMetricsOf(workspace);
    const quarantined = workspace.sync.streams.leads?.quarantined ?? 0;
    return jsonAnswer<LeadsAnswer>(req, toDashboardLeads(metrics, quarantined));
  },
}));
