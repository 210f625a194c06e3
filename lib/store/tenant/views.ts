import {
  addDays,
  type Kpis,
  type LeadMetrics,
  type PipelineView,
  type Recent,
} from "../../domain/mod.ts";
import type { Key } from "../keys.ts";
import type { Opened } from "./opened.ts";
import { readDocs, readNewest } from "../_read.ts";
import { standing } from "./kept.ts";

/** The three view documents of one day. */
export interface DayViews {
  leads: LeadMetrics;
  pipeline: PipelineView;
  kpis: Kpis;
}

/** What dashboards show, each null where there is none yet. Shared by requests, and frozen. */
export type ShownViews =
  & { readonly [V in keyof DayViews]: DayViews[V] | null }
  & {
    /** What is new by then, summed up. */
    readonly recent: Recent | null;
  };

/** The view documents of a tenant. */
export interface ViewReader {
  /** View documents of a day, null where there are none. One read, two where one is chunked. */
  views(day: string): Promise<{ [V in keyof DayViews]: DayViews[V] | null }>;
  /**
   * The newest view documents as `opened` names them, never older than it. One read for each state of the tenant, two
   * where a document is chunked; else none.
   */
  shown(): Promise<ShownViews>;
  /** The oldest day that has view documents. One read. */
  firstViewDay(): Promise<string | null>;
  /** Newest first. One read. */
  kpiHistory(limit: number): Promise<Kpis[]>;
  /**
   * Those of a day (YYYY-MM-DD) and the days before it that have any, newest first; frozen. One read for each state of
   * the tenant, else none.
   */
  kpisUntil(day: string, limit: number): Promise<readonly Kpis[]>;
  /** The newest kpis of a day before this one (YYYY-MM-DD). One read. */
  kpisBefore(day: string): Promise<Kpis | null>;
}

/** Reads them under the keys of an opened tenant. */
export function viewReader(at: Opened): ViewReader {
  const { port } = at;
  const days = at.k.kpiDays();
  return {
    views: async (day) => viewsOf(await readDocs(port, viewKeys(at, day))),
    shown: () => readShown(at),
    firstViewDay: async () => {
      const oldest = port.list<Kpis>({ prefix: days }, { limit: 1 });
      for await (const { value } of oldest) return value.day;
      return null;
    },
    kpiHistory: (limit) => readNewest<Kpis>(port, days, limit),
    kpisUntil: (day, limit) => {
      const end = [...days, addDays(day, 1)];
      return standing(
        at,
        `kpis until ${day}, ${limit}`,
        () => readNewest<Kpis>(port, days, limit, end),
      );
    },
    kpisBefore: async (day) => {
      const [newest] = await readNewest<Kpis>(port, days, 1, [...days, day]);
      return newest ?? null;
    },
  };
}

const NOTHING_SHOWN: ShownViews = {
  leads: null,
  pipeline: null,
  kpis: null,
  recent: null,
};

async function readShown(at: Opened): Promise<ShownViews> {
  const day = at.state.viewDay;
  if (day === null) return NOTHING_SHOWN;
  return await standing(at, "shown", async () => {
    const docs = await readDocs(at.port, [
      ...viewKeys(at, day),
      at.k.recent(),
    ]);
    return { ...viewsOf(docs), recent: docs[3] as Recent | null };
  });
}

function viewKeys({ k }: Opened, day: string): Key[] {
  return [k.leadMetrics(day), k.pipelineView(day), k.kpis(day)];
}

function viewsOf([leads, pipeline, kpis]: unknown[]) {
  return {
    leads: leads as LeadMetrics | null,
    pipeline: pipeline as PipelineView | null,
    kpis: kpis as Kpis | null,
  };
}
