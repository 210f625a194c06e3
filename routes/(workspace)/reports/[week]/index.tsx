import { page } from "fresh";
import * as z from "zod";
import { Badge } from "../../../../components/Badge.tsx";
import { pageHref } from "../../../../components/links.ts";
import { pageHeadProps } from "../../../../components/page_head_props.ts";
import { PageHead } from "../../../../components/PageHead.tsx";
import { QueryNotice } from "../../../../components/QueryNotice.tsx";
import { ReportDocument } from "../../../../components/ReportDocument.tsx";
import { ReportVersions } from "../../../../components/ReportVersions.tsx";
import {
  formatDate,
  formatDay,
  formatWeek,
} from "../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  editsReports,
  readQuery,
  visibleReports,
} from "../../../../lib/web/mod.ts";

const VERSION = {
  version: z.string()
    .regex(/^[1-9]\d{0,5}$/, "it must be the number of a version")
    .transform(Number)
    .optional(),
};
const DONE: Record<string, string> = {
  save: "Saved.",
  publish: "Published. Readers see it from now on.",
  unpublish: "Readers no longer find it.",
  correct:
    "The figures were computed anew. They are a new version, which readers see when it is published.",
};

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const versions = await visibleReports(ctx, ctx.params.week ?? "");
    const { values: { version }, problems } = readQuery(ctx.url, VERSION);
    const asked = versions.find((one) => one.version === version);
    if (version !== undefined && !asked) {
      problems.push(`This report has no version ${version}`);
    }
    const done = ctx.url.searchParams.get("done") ?? "";
    return page({
      versions,
      report: asked ?? versions[0],
      problems,
      isAgency: editsReports(ctx),
      notice: Object.hasOwn(DONE, done) ? DONE[done]! : null,
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Report({ data, state }) {
    const { report, versions, problems, isAgency, notice } = data;
    const { slug, currency, timezone } = state.workspace.tenant;
    const { week, figures, frozenAt } = report;
    const words = `Week of ${formatWeek(week)}`;
    return (
      <>
        <PageHead
          title={report.title}
          {...pageHeadProps(state)}
          dataFrom={figures.dataFrom ?? frozenAt}
          period={words}
        >
          <p class="no-print flex flex-wrap items-center gap-x-4">
            {report.publishedAt === null && <Badge tone="warn">Draft</Badge>}
            {isAgency && (
              <a
                class="link inline-flex items-center min-h-target"
                href={pageHref(`/reports/${week}/edit`, slug)}
              >
                Edit and publish
              </a>
            )}
            <a
              class="link inline-flex items-center min-h-target"
              href={pageHref("/reports", slug)}
              aria-current="false"
            >
              All reports
            </a>
          </p>
        </PageHead>
        <QueryNotice problems={problems} />
        {notice && (
          <p
            role="status"
            class="no-print mb-4 max-w-prose rounded-control px-4 py-2 bg-accent-weak text-accent"
          >
            {notice}
          </p>
        )}
        <ReportVersions
          versions={versions}
          shown={report.version}
          workspace={slug}
          timezone={timezone}
        />
        <p class="mb-4 text-ink-2">
          <strong class="font-semibold text-ink">{words}</strong>
          {report.correctedAt && report.publishedAt &&
            ` · corrected on ${formatDate(report.correctedAt, timezone)}`}
          {` · pipeline and leads as of ${formatDay(figures.asOf)}`}
        </p>
        <ReportDocument
          report={report}
          workspace={slug}
          currency={currency}
          timezone={timezone}
        />
      </>
    );
  },
);
