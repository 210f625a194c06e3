import { toDashboardLeads } from "../../../../lib/domain/mod.ts";
import {
  dataAnswer,
  defineReading,
  leadMetricsOf,
  type LeadsAnswer,
  methods,
  type ReadingState,
} from "../../../../lib/web/mod.ts";

/** The Leads page's figures. */
export const handler = defineReading.handlers(methods<ReadingState>({
  GET: (ctx) =>
    dataAnswer<LeadsAnswer>(ctx, async () => {
      const { workspace } = ctx.state;
      const metrics = await leadMetricsOf(workspace);
      const quarantined = workspace.sync.streams.leads?.quarantined ?? 0;
      return toDashboardLeads(metrics, quarantined);
    }),
}));
