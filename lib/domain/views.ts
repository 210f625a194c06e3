/**
 * View documents: the figures of one day, computed when a sync ends, read when a page is served.
 * They hold buckets, never windows: "this week" is computed from them at read time.
 */
import type { StageStart } from "./history.ts";
import type { TenantSettings } from "./records.ts";
import type { Reason } from "./stages.ts";

export interface SourceRow {
  /** "Not recorded" for leads without a source. */
  name: string;
  leads: number;
  /** Null when a qualified boundary is unknown. */
  qualified: number | null;
}

export interface StatusRow {
  name: string;
  leads: number;
  kind: "active" | "inactive" | "unclassified";
}

/** Counts per local day of the tenant's zone, dense from `from` on. */
export interface DailyCounts {
  /** YYYY-MM-DD of counts[0]; null when there is nothing. */
  from: string | null;
  counts: number[];
  /** What lies before `from`. */
  earlier: number;
  /** What lies after the last of `counts`: dates in the future. Absent when there are none. */
  later?: number;
}

/** Prospects of a source by local day of their creation. */
export interface SourceDays {
  name: string;
  /** Three numbers a day, ascending: days since 1970-01-01, leads, and those of them that are qualified by now. */
  days: number[];
}

/** A row of `lead_metrics`, by day. */
export interface LeadMetrics {
  day: string;
  /** When the records were counted, ISO 8601 UTC. */
  computedAt: string;
  totalLeads: number;
  qualifiedLeads: number | null;
  inPipeline: number | null;
  /** Distinct recorded sources; "Not recorded" is not one. */
  leadSources: number;
  bySource: SourceRow[];
  byStatus: StatusRow[];
  inactive: number;
  unclassified: number;
  /** Prospects by creation day, at most the last 800 days densely. */
  createdByDay: DailyCounts;
  /** The same days by source, in the order of `bySource`. */
  createdBySource: SourceDays[];
  /** Creation times (epoch seconds, with their fraction, ascending) of prospects of the 22 days before `computedAt` and later, for windows that end within a day. */
  createdRecently: number[];
  /** Where each of `createdRecently` came from: twice its place in `bySource`, and 1 more where it is qualified by now. */
  createdRecentlyFrom: number[];
  /** Prospects without a creation date: in no window. */
  createdUnknown: number;
  reasons: { qualified: Reason | null };
  /** By which settings the day's records were counted. Absent in figures of an earlier release. */
  settings?: TenantSettings;
}

export interface StageRow {
  stage: string;
  count: number;
  valueCents: number;
  likelyPct: number | null;
}

/** Prospects (people) beside opportunities, per stage: what the Dashboard's stage table shows. */
export interface StageLeads {
  stage: string;
  leads: number;
  qualified: boolean;
}

/** A deal that is named since it has been in its stage for long. */
export interface WaitingDeal {
  id: string;
  clientId: string | null;
  name: string;
  dealSizeCents: number | null;
  /** When it entered its stage, ISO 8601 UTC. */
  since: string;
  atLeast: boolean;
  /** When the last note about its person was written, ISO 8601 UTC; null where there is none. */
  lastNoteAt: string | null;
}

/** How long opportunities stay in a stage of the pipeline. It holds days, not ages: those are computed when it is read. */
export interface StageTimes {
  stage: string;
  /** Stays that syncs saw begin and end, of the newest changes. */
  ended: number;
  /** How long they lasted, and between which days the half in the middle lies; null where they are too few. */
  medianDays: number | null;
  middleDays: [number, number] | null;
  /** Of the opportunities that stand in it: days since 1970-01-01 and how many entered on it, ascending. */
  entered: number[];
  /** Those of them that may have entered earlier. */
  atLeast: number;
  /** Opportunities in it of which no entry is known. */
  unknown: number;
  /** The longest stays, the longest first. */
  oldest: WaitingDeal[];
}

/** A row of `pipeline_stage_counts`, by day. */
export interface PipelineView {
  day: string;
  computedAt: string;
  /** Null when the upper qualified boundary is unknown. */
  totalValueCents: number | null;
  weightedValueCents: number | null;
  /** Opportunities in pipeline stages. */
  opportunities: number | null;
  unsized: number | null;
  /** Those of `opportunities` whose stage has no likelihood. */
  withoutLikelihood: number | null;
  inactive: number;
  unclassified: number;
  stageCount: number | null;
  averageDealCents: number | null;
  stages: StageRow[];
  after: StageRow[];
  /** Prospects per pipeline stage, in the same order as `stages`. */
  stageLeads: StageLeads[];
  /** In the same order; absent in figures from before they were kept. They are what syncs saw: raw does not tell them. */
  stageTimes?: StageTimes[];
  /** Of the ended stays of all stages together: how long they lasted; null where they are too few. */
  medianStayDays?: number | null;
  reasons: { pipeline: Reason | null; hot: Reason | null };
}

/** A row of `kpis`, by day: the few numbers whose history is drawn; small on purpose. */
export interface Kpis {
  day: string;
  computedAt: string;
  totalLeads: number;
  inPipeline: number | null;
  qualifiedLeads: number | null;
  pipelineValueCents: number | null;
  weightedValueCents: number | null;
  unsized: number | null;
  hotList: number | null;
}

/** What the hot list shows of an opportunity; also the covering value of its index row. */
export interface HotItem {
  id: string;
  /** The person; null where ClientTether names none. */
  clientId: string | null;
  candidateName: string;
  market: string | null;
  units: number | null;
  weightedIffCents: number | null;
  stage: string;
  likelyPct: number | null;
  /** When it entered its stage, ISO 8601 UTC; null where no history was kept yet. */
  since: string | null;
  /** Whether it did so then, or may have stood there before. */
  sinceIs: "exact" | "at least" | null;
}

/** An opportunity in short; the covering value of `opportunities_by_client`. */
export interface OpportunityRow {
  id: string;
  stage: string;
  dealSizeCents: number | null;
  /** When it entered its stage; null where no history was kept yet. */
  since: StageStart | null;
}

/** What a list of leads shows; the covering value of `leads_by_created`. */
export interface LeadRow {
  id: string;
  name: string;
  stage: string;
  source: string | null;
  market: string | null;
  contactType: string;
  createdAt: string | null;
  updatedAt: string | null;
  assignedTo: string | null;
  /** Integer cents. */
  dealSizeCents: number | null;
}

/** What a list of notes shows; the covering value of `ct_notes_by_date`. */
export interface NoteRow {
  id: string;
  contactId: string | null;
  noteDate: string | null;
  author: string | null;
  /** At most 2 KiB of UTF-8. */
  content: string | null;
  truncated: boolean;
}

/** What the schedule shows; the covering value of `ct_scheduled_activities_by_date` and `…_by_contact`. */
export interface ActivityRow {
  id: string;
  scheduledAt: string | null;
  activityType: string | null;
  contactName: string | null;
  contactId: string | null;
  description: string | null;
  status: string | null;
}
