import { page } from "fresh";
import { EmptyState } from "../../components/EmptyState.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { ReportArchive } from "../../components/ReportArchive.tsx";
import { defineInWorkspace, toPublicReport } from "../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET({ state: { workspace: { store } } }) {
    const reports = await store.listReports();
    return page({ reports: reports.map(toPublicReport) });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Reports({ data: { reports }, state }) {
    const { timezone } = state.workspace.tenant;
    return (
      <>
        <PageHead title="Reports" {...pageHeadProps(state)} />
        {reports.length === 0
          ? (
            <EmptyState title="No report has been published yet.">
              Weekly reports appear here, newest first, once your agency has
              published the first one.
            </EmptyState>
          )
          : <ReportArchive reports={reports} timezone={timezone} />}
      </>
    );
  },
);
