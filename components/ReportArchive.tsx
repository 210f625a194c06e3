import {
  formatDateTime,
  formatMonth,
  formatWeek,
  monthOf,
  zoneName,
} from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";
import { Card } from "./Card.tsx";

/** A report, as the archive lists it. */
export interface ArchivedReport {
  /** Monday of the week, YYYY-MM-DD. */
  week: string;
  title: string;
  /** ISO 8601 UTC; null: readers do not see it. */
  publishedAt: string | null;
  version: number;
  /** A newer version that readers do not see yet; only the agency is told. */
  draft?: number | null;
  href?: string;
}

export interface ReportArchiveProps {
  /** Newest first. */
  reports: readonly ArchivedReport[];
  timezone: string;
}

/** Weekly reports by year and month, newest first. */
export function ReportArchive({ reports, timezone }: ReportArchiveProps) {
  return (
    <div class="grid gap-4">
      {[...byMonth(reports)].map(([month, inMonth]) => (
        <Card key={month} title={formatMonth(month)}>
          <ul class="divide-y divide-line">
            {inMonth.map((report) => (
              <li
                key={report.week}
                class="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2"
              >
                <Name {...report} />
                {report.publishedAt === null && <Badge>Draft</Badge>}
                <span class="text-small text-ink-3">
                  {stateOf(report, timezone)}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}

function Name({ week, title, href }: ArchivedReport) {
  const name = (
    <>
      <span class="font-semibold">{formatWeek(week)}</span> · {title}
    </>
  );
  if (!href) return <span>{name}</span>;
  return <a class="link inline-block py-2 md:py-0" href={href}>{name}</a>;
}

function stateOf(
  { publishedAt, version, draft }: ArchivedReport,
  timezone: string,
): string {
  const parts = publishedAt === null ? ["Readers do not see it yet"] : [
    `Published ${formatDateTime(publishedAt, timezone)} (${
      zoneName(timezone)
    })`,
  ];
  if (version > 1) parts.push(`version ${version}`);
  if (draft) parts.push(`version ${draft} waits as a draft`);
  return parts.join(", ");
}

/** By the month of the week's Monday, YYYY-MM, in the order of the reports. */
function byMonth(
  reports: readonly ArchivedReport[],
): Map<string, ArchivedReport[]> {
  return Map.groupBy(reports, ({ week }) => monthOf(week));
}
