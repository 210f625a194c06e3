import { UsageError } from "./errors.ts";
import type {
  ShownReport,
  WeekFigures,
  WeeklyReport,
} from "./weekly_report.ts";
import { addDays, mondayOf } from "./zones.ts";

/** What the agency writes of a report. */
export interface ReportText {
  title: string;
  summary: string;
}

/** What is done to a report at once. */
export interface ReportChange {
  text?: ReportText;
  /** Shows the newest version to readers, or takes the report from them. */
  publish?: boolean;
  /** Computed anew: they become the next version, a draft. */
  figures?: WeekFigures;
}

export const MAX_REPORT_TITLE = 120;
export const MAX_REPORT_SUMMARY = 5_000;

/** Whether a text is the Monday that names a week, YYYY-MM-DD. */
export function isReportWeek(text: string): boolean {
  if (!/^(?:19|20)\d\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && addDays(text, 0) === text &&
    mondayOf(text) === text;
}

/**
 * A title in one line and a summary whose lines end in the same way, whichever browser sent them.
 *
 * @throws {UsageError} which says what is wrong with which of them.
 */
export function readReportText({ title, summary }: ReportText): ReportText {
  const text = {
    title: title.replaceAll(/\s+/g, " ").trim(),
    summary: summary.replaceAll(/\r\n?/g, "\n").trim(),
  };
  if (text.title === "") throw new UsageError("Give the report a title");
  if (text.title.length > MAX_REPORT_TITLE) {
    throw new UsageError(
      `The title has more than ${MAX_REPORT_TITLE} characters`,
    );
  }
  if (text.summary.length > MAX_REPORT_SUMMARY) {
    throw new UsageError(
      `The summary has ${text.summary.length} characters, and 5,000 are the most`,
    );
  }
  for (const part of [text.title, text.summary]) {
    if (!part.isWellFormed() || part.includes("\0")) {
      throw new UsageError("Title and summary must be text");
    }
  }
  return text;
}

/** The paragraphs of a summary; they are apart by a blank line. */
export function paragraphsOf(summary: string): string[] {
  return summary.split(/\n[ \t]*\n\s*/).map((part) => part.trim()).filter(
    Boolean,
  );
}

/**
 * A report after a change, and the version that the new one takes the place of.
 *
 * @param at ISO 8601 UTC
 */
export function changedReport(
  current: WeeklyReport,
  { text, publish, figures }: ReportChange,
  at: string,
): { report: WeeklyReport; replaced: WeeklyReport | null } {
  let report = { ...current, ...text };
  let replaced: WeeklyReport | null = null;
  if (figures) {
    const { shown: _shown, ...earlier } = current;
    const { mailedAt: _mailedAt, ...next } = report;
    replaced = earlier;
    report = {
      ...next,
      figures,
      version: current.version + 1,
      correctedAt: at,
      publishedAt: null,
      shown: shownReport(current),
    };
  }
  if (publish !== undefined) {
    const { shown: _shown, ...rest } = report;
    report = {
      ...rest,
      publishedAt: publish ? report.publishedAt ?? at : null,
    };
  }
  return { report, replaced };
}

/** What readers see of a report in a list; null: nothing. */
export function shownReport(report: WeeklyReport): ShownReport | null {
  const { version, title, publishedAt } = report;
  if (publishedAt !== null) return { version, title, publishedAt };
  return report.shown ?? null;
}

/**
 * The versions that one may look at, newest first: the agency at all of them, readers at those that were
 * published, while one is.
 *
 * @param earlier in any order
 */
export function visibleVersions(
  newest: WeeklyReport,
  earlier: readonly WeeklyReport[],
  isAgency: boolean,
): WeeklyReport[] {
  const all = [newest, ...earlier].sort((one, other) =>
    other.version - one.version
  );
  if (isAgency) return all;
  const shown = shownReport(newest);
  return all.filter(({ version, publishedAt }) =>
    shown !== null && publishedAt !== null && version <= shown.version
  );
}

/** Whether two computations of a week's figures say the same. */
export function sameFigures(one: WeekFigures, other: WeekFigures): boolean {
  const sorted = (_name: string, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
        Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1),
      )
      : value;
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted);
}
