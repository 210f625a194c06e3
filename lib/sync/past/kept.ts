import { addDays, type Recent } from "../../domain/mod.ts";
import type {
  KeptReader,
  RecentReader,
  ReportReader,
  RunReader,
  ViewReader,
} from "../../store/mod.ts";
import type { PastRecords } from "./records.ts";

/** The view documents up to that day. */
export function pastViews({ live, past }: PastRecords): ViewReader {
  return {
    views: async (day) => {
      if (day === past.day) return past.views;
      return day < past.day
        ? await live.views(day)
        : { leads: null, pipeline: null, kpis: null };
    },
    // What changed lately is of now.
    shown: () => Promise.resolve({ ...past.views, recent: null }),
    firstViewDay: () => live.firstViewDay(),
    kpiHistory: async (limit) => {
      const all = await live.kpiHistory(Infinity);
      return all.filter(({ day }) => day <= past.day).slice(0, limit);
    },
    kpisUntil: (day, limit) =>
      live.kpisUntil(day < past.day ? day : past.day, limit),
    kpisBefore: (day) => {
      const after = addDays(past.day, 1);
      return live.kpisBefore(day < after ? day : after);
    },
  };
}

/** What is kept in memory of that day, apart from what is kept of now. */
export function pastKept({ live, past }: PastRecords): KeptReader {
  return {
    kept: (list, make) => live.kept(`${list} as of ${past.moment}`, make),
    answerTag: () => Promise.resolve(null),
    keepAnswerTag: () => {
      // An earlier day is shown on pages alone.
    },
  };
}

/** Of an earlier day nothing is new. */
export function nothingRecent(): RecentReader {
  const none = { rows: [], total: 0, hasMore: false, cursor: null };
  return {
    recent: () => Promise.resolve<Recent | null>(null),
    listRecent: () => Promise.resolve(none),
    recentIds: () => Promise.resolve(new Set()),
  };
}

/** The reports that were published by then, as they are now. */
export function pastReports({ live, past }: PastRecords): ReportReader {
  return {
    listReports: async () =>
      (await live.listReports()).filter(({ publishedAt }) =>
        Date.parse(publishedAt) <= past.moment
      ),
  };
}

/** The runs that had begun by then. */
export function pastRuns({ live, past }: PastRecords): RunReader {
  return {
    listRuns: (limit) => live.runsBefore(past.moment, limit),
    runsBefore: (instant, limit) =>
      live.runsBefore(Math.min(instant, past.moment), limit),
    getRun: (id) => live.getRun(id),
  };
}
