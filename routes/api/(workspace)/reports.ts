import {
  defineReading,
  jsonAnswer,
  methods,
  type ReadingState,
  type ReportsAnswer,
  toPublicReport,
} from "../../../lib/web/mod.ts";

/** The published reports, newest first. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, state: { workspace } }) {
    const reports = await workspace.store.listReports();
    return jsonAnswer<ReportsAnswer>(req, {
      data: reports.map(toPublicReport),
    });
  },
}));
