import { type Context, HttpError, page } from "fresh";
import { EmptyState } from "../../../components/EmptyState.tsx";
import { pageHref } from "../../../components/links.ts";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import {
  type ArchivedReport,
  ReportArchive,
} from "../../../components/ReportArchive.tsx";
import { ReportSubscription } from "../../../components/ReportSubscription.tsx";
import { shownReport } from "../../../lib/domain/mod.ts";
import {
  isReportSubscriber,
  listAllReports,
  setReportSubscriber,
} from "../../../lib/store/mod.ts";
import {
  defineInWorkspace,
  editsReports,
  localUrl,
  readForm,
  type WorkspaceState,
} from "../../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const { services: { store, mail }, workspace, signedIn } = ctx.state;
    const { id } = workspace.tenant;
    const [reports, subscribed] = await Promise.all([
      listed(ctx),
      mail ? isReportSubscriber(store, id, signedIn.user.id) : null,
    ]);
    return page({ reports, subscribed, isAgency: editsReports(ctx) });
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, ["do"]);
    if (form.do !== "subscribe" && form.do !== "unsubscribe") {
      throw new HttpError(400, "The form asks for nothing known");
    }
    const { services: { store, clock }, workspace, signedIn } = ctx.state;
    const { id, slug } = workspace.tenant;
    const wanted = form.do === "subscribe";
    await setReportSubscriber(store, id, signedIn.user.id, wanted, clock);
    return ctx.redirect(localUrl("/reports", { w: slug }), 303);
  },
});

/** The agency sees drafts too. */
async function listed(ctx: Context<WorkspaceState>): Promise<ArchivedReport[]> {
  const { services: { store }, workspace: { tenant } } = ctx.state;
  const isAgency = editsReports(ctx);
  const reports = await listAllReports(store, tenant.id);
  return reports.flatMap((report): ArchivedReport[] => {
    const { week, title, version } = report;
    const shown = shownReport(report);
    const href = pageHref(`/reports/${week}`, tenant.slug);
    if (!isAgency) return shown ? [{ week, href, ...shown }] : [];
    if (!shown) return [{ week, href, title, version, publishedAt: null }];
    const draft = shown.version < version ? version : null;
    return [{ week, href, ...shown, draft }];
  });
}

export default defineInWorkspace.page<typeof handler>(
  function Reports({ data: { reports, subscribed, isAgency }, state }) {
    const { timezone, slug } = state.workspace.tenant;
    return (
      <>
        <PageHead title="Reports" {...pageHeadProps(state)} />
        <div class="grid gap-4">
          {reports.length === 0
            ? (
              <EmptyState title="No report has been published yet.">
                {isAgency
                  ? "The draft of a week appears here when the week is over and its first updates have run."
                  : "Weekly reports appear here, newest first, once your agency has published the first one."}
              </EmptyState>
            )
            : <ReportArchive reports={reports} timezone={timezone} />}
          {subscribed !== null && (
            <ReportSubscription
              action={pageHref("/reports", slug)}
              subscribed={subscribed}
              email={state.user.email}
            />
          )}
        </div>
      </>
    );
  },
);
