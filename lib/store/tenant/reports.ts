import {
  type ShownReport,
  shownReport,
  type WeeklyReport,
} from "../../domain/mod.ts";
import type { Opened } from "./opened.ts";
import { readNewest } from "../_read.ts";

/** A weekly report as its readers see it in a list. */
export type PublishedReport = Pick<WeeklyReport, "week"> & ShownReport;

/** The weekly reports of a tenant, as their readers see them. */
export interface ReportReader {
  /** Published reports, newest first. */
  listReports(): Promise<PublishedReport[]>;
}

/** Reads them under the keys of an opened tenant. */
export function reportReader({ port, k }: Opened): ReportReader {
  return {
    listReports: async () => {
      const prefix = k.reports();
      const all = await readNewest<WeeklyReport>(port, prefix, Infinity);
      return all.flatMap((report) => {
        const shown = shownReport(report);
        return shown ? [{ week: report.week, ...shown }] : [];
      });
    },
  };
}
