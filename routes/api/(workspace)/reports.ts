import {
  defineInWorkspace,
  jsonAnswer,
  methods,
  toPublicReport,
  type WorkspaceState,
} from "../../../lib/web/mod.ts";

/** The published reports, newest first. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, state: { workspace } }) {
    const reports = await workspace.store.listReports();
    return jsonAnswer(req, { data: reports.map(toPublicReport) });
  },
}));
