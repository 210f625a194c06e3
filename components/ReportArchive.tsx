import { formatDateTime, formatWeek, zoneName } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";

/** A published report, as the archive lists it. */
export interface ArchivedReport {
  /** Monday of the week, YYYY-MM-DD. */
  week: string;
  title: string;
  /** ISO 8601 UTC. */
  publishedAt: string;
  version: number;
}

export interface ReportArchiveProps {
  /** Newest first. */
  reports: readonly ArchivedReport[];
  timezone: string;
}

const MONTHS = new Intl.DateTimeFormat("en-US", {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** Weekly reports by year and month, newest first. */
export function ReportArchive({ reports, timezone }: ReportArchiveProps) {
  return (
    <div class="grid gap-4">
      {[...byMonth(reports)].map(([month, inMonth]) => (
        <Card key={month} title={month}>
          <ul class="divide-y divide-line">
            {inMonth.map((report) => (
              <li key={report.week} class="flex flex-wrap gap-x-4 py-2">
                <span class="font-semibold">{report.title}</span>
                <span class="text-ink-2">{formatWeek(report.week)}</span>
                <span class="text-ink-3">
                  Published {formatDateTime(report.publishedAt, timezone)}{" "}
                  ({zoneName(timezone)})
                  {report.version > 1 && `, version ${report.version}`}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}

/** "November 2026", by the Monday of the week, in the order of the reports. */
function byMonth(
  reports: readonly ArchivedReport[],
): Map<string, ArchivedReport[]> {
  return Map.groupBy(
    reports,
    ({ week }) => MONTHS.format(new Date(`${week}T00:00:00Z`)),
  );
}
