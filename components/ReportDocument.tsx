import {
  formatCount,
  formatDateTime,
  formatDayShort,
  formatMoney,
  formatPercent,
  paragraphsOf,
  type StageRow,
  type WeekFigures,
  type WeeklyReport,
  zoneName,
} from "../lib/domain/mod.ts";
import { BarList } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { type Remark, Remarks } from "./Remarks.tsx";
import { type ReportLinks, reportLinks } from "./report_links.ts";
import { ReportCards } from "./ReportCards.tsx";
import { counted, leadRemarks, pipelineRemarks } from "./sentences.ts";
import { WeekBars } from "./WeekBars.tsx";

export interface ReportDocumentProps {
  report: WeeklyReport;
  workspace: string;
  currency: string;
  timezone: string;
}

const MOST_MOVES = 12;
const MOST_SOURCES = 10;

/** A week's report: what the agency says, the figures, and what to know about them. */
export function ReportDocument(
  { report, workspace, currency, timezone }: ReportDocumentProps,
) {
  const { figures, week } = report;
  const links = reportLinks(workspace, week, figures.asOf);
  return (
    <article class="grid gap-4 print:gap-2" aria-label="The report">
      <Summary text={report.summary ?? ""} />
      <ReportCards figures={figures} links={links} currency={currency} />
      <div class="grid gap-4 lg:grid-cols-2 print:grid-cols-2 print:gap-2 items-start">
        <NewLeadsByWeek figures={figures} links={links} />
        <NewLeadsBySource figures={figures} links={links} />
      </div>
      <Stages figures={figures} links={links} currency={currency} />
      <Moves figures={figures} links={links} />
      <Remarks sentences={remarksOf(figures)} />
      <p class="text-small text-ink-3">{versionText(report, timezone)}</p>
    </article>
  );
}

function Summary({ text }: { text: string }) {
  const paragraphs = paragraphsOf(text);
  if (paragraphs.length === 0) return null;
  return (
    <Card title="Summary">
      <div class="grid gap-3 max-w-prose">
        {paragraphs.map((paragraph, index) => (
          <p key={index} class="whitespace-pre-wrap">{paragraph}</p>
        ))}
      </div>
    </Card>
  );
}

/** Figures, and where each of them leads. */
interface Figured {
  figures: WeekFigures;
  links: ReportLinks;
}

function NewLeadsByWeek({ figures: { trend }, links }: Figured) {
  if (!trend) return null;
  const most = Math.max(...trend.map(({ count }) => count));
  const best = trend.find(({ count }) => count === most);
  return (
    <Card
      title="New leads by week"
      says={most === 0 || !best
        ? "No new leads in these eight weeks."
        : `Eight weeks, the report's own the last. Most came in the week of ${
          formatDayShort(best.week)
        }: ${formatCount(most)}.`}
    >
      <WeekBars
        weeks={trend.map(({ week, count }, index) => ({
          week,
          count,
          now: index === trend.length - 1,
          href: links.newLeads({ week }),
        }))}
      />
    </Card>
  );
}

function NewLeadsBySource(
  { figures: { newBySource, newLeads }, links }: Figured,
) {
  if (!newBySource) return null;
  const title = "Where the week's new leads came from";
  const [first] = newBySource;
  if (!first) {
    return (
      <Card title={title}>
        <EmptyState title="No new leads.">
          Nobody was created in ClientTether in this week.
        </EmptyState>
      </Card>
    );
  }
  const rest = newBySource.slice(MOST_SOURCES);
  return (
    <Card
      title={title}
      says={`${first.name} brought most: ${formatCount(first.leads)} of ${
        formatCount(newLeads)
      }.`}
    >
      <BarList
        caption="New leads by source"
        head="Source"
        figures={["New leads"]}
        rows={newBySource.slice(0, MOST_SOURCES).map(({ name, leads }) => ({
          name,
          href: links.newLeads({ source: name }),
          amount: leads,
          figures: [formatCount(leads)],
        }))}
        totalHref={links.newLeads()}
        totals={[formatCount(newLeads)]}
      />
      {rest.length > 0 && (
        <p class="mt-2 text-small text-ink-3">
          The total includes {counted(
            rest.reduce((sum, { leads }) => sum + leads, 0),
            "lead",
          )} of {counted(rest.length, "more source")}.
        </p>
      )}
    </Card>
  );
}

function Stages(
  { figures, links, currency }: Figured & { currency: string },
) {
  const { stages, after, notes, totalValueCents } = figures;
  const row = ({ stage, count, valueCents, likelyPct }: StageRow) => ({
    name: stage,
    href: links.deals(stage),
    amount: valueCents,
    figures: [
      formatCount(count),
      formatMoney(valueCents, currency),
      formatPercent(likelyPct),
    ],
  });
  const count = notes?.opportunities ??
    stages.reduce((sum, stage) => sum + stage.count, 0);
  return (
    <Card
      title="Pipeline by stage"
      says="At the end of the week, in the order of the CRM. Bars show value."
    >
      {stages.length === 0
        ? (
          <EmptyState title="The pipeline of this week is not known.">
            {notes?.reasons.pipeline ?? "There were no stages to show."}
          </EmptyState>
        )
        : (
          <BarList
            caption="Opportunities and value by stage"
            head="Stage"
            figures={["Count", "Value", "Likely"]}
            rows={stages.map(row)}
            totalHref={links.deals()}
            totals={[
              formatCount(count),
              formatMoney(totalValueCents, currency),
              "",
            ]}
            stacks
          />
        )}
      {after.some(({ count }) => count > 0) && (
        <p class="mt-2 text-small text-ink-3">
          After the pipeline, in none of its figures: {after
            .filter(({ count }) => count > 0)
            .map(({ stage, count }) => `${stage} ${formatCount(count)}`)
            .join(", ")}.
        </p>
      )}
    </Card>
  );
}

function Moves({ figures: { moves }, links }: Figured) {
  const title = "Moves between stages";
  if (moves.length === 0) {
    return (
      <Card title={title}>
        <EmptyState title="Nothing moved.">
          No opportunity changed its stage in this week.
        </EmptyState>
      </Card>
    );
  }
  const sum = (some: typeof moves) =>
    some.reduce((total, { count }) => total + count, 0);
  const rest = sum(moves.slice(MOST_MOVES));
  return (
    <Card
      title={title}
      says={`${
        counted(sum(moves), "move")
      } in the week, as hourly updates saw ${
        sum(moves) === 1 ? "it" : "them"
      }.`}
    >
      <BarList
        caption="Moves between stages"
        head="From and to"
        figures={["Moves"]}
        rows={moves.slice(0, MOST_MOVES).map(({ from, to, count }) => ({
          name: `${from} → ${to}`,
          href: links.moves({ left: from, reached: to }),
          amount: count,
          figures: [formatCount(count)],
        }))}
        stacks
      />
      {rest > 0 && (
        <p class="mt-2 text-small text-ink-3">
          <a class="link inline-block py-1 -my-1" href={links.moves()}>
            {counted(rest, "more move")}
          </a>{" "}
          between other stages.
        </p>
      )}
    </Card>
  );
}

/** What to know about the figures, as sentences. */
function remarksOf(
  { notes, unsized, before }: WeekFigures,
): Array<string | Remark> {
  const since = before
    ? []
    : ["The portal keeps no figures from before this week to compare with."];
  if (!notes) return since;
  return [
    ...pipelineRemarks({ ...notes, unsized }),
    ...leadRemarks({
      inactive: notes.inactiveLeads,
      unclassified: notes.unclassifiedLeads,
    }),
    ...since,
  ];
}

function versionText(
  { version, frozenAt, correctedAt, publishedAt }: WeeklyReport,
  timezone: string,
): string {
  const at = (iso: string) => formatDateTime(iso, timezone);
  const parts = [`Version ${version}`, `frozen ${at(frozenAt)}`];
  if (correctedAt) parts.push(`corrected on ${at(correctedAt)}`);
  parts.push(publishedAt ? `published ${at(publishedAt)}` : "not published");
  return `${parts.join(" · ")} · times in ${zoneName(timezone)}`;
}
