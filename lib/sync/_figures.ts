import {
  buildStageModel,
  createLeadFigures,
  createPipelineFigures,
  hotItemOf,
  kpisOf,
  type Opportunity,
  type StageModel,
  type TenantSettings,
} from "../domain/mod.ts";
import type {
  DayViews,
  HotFinder,
  HotPlace,
  StoredOpportunity,
  SyncWriter,
} from "../store/mod.ts";

/** Finds hot places by the sales cycles and leads that are stored now. */
export async function createHotFinder(
  writer: SyncWriter,
  settings: TenantSettings,
): Promise<HotFinder> {
  const stages = buildStageModel(await writer.cycles(), settings);
  return (opportunity) => hotPlaceOf(writer, stages, opportunity);
}

async function hotPlaceOf(
  writer: SyncWriter,
  stages: StageModel,
  opportunity: Opportunity,
): Promise<HotPlace | null> {
  const { contactType, stage } = opportunity;
  if (!stages.isHot(contactType, stage)) return null;
  const client = opportunity.clientId === null
    ? null
    : await writer.lead(opportunity.clientId);
  return hotItemOf(opportunity, client, stages);
}

/** Hot places rewritten at a time. */
const MOVES = 200;

export interface Figures {
  views: DayViews;
  /** Stored leads that are prospects. */
  prospects: number;
}

/**
 * Computes today's view documents from what is stored, in one pass over opportunities and leads,
 * and puts right every place in the hot list that a changed lead, stage or setting has moved.
 */
export async function computeFigures(
  writer: SyncWriter,
  settings: TenantSettings,
  at: { day: string; computedAt: string },
): Promise<Figures> {
  const stages = buildStageModel(await writer.cycles(), settings);
  const leads = createLeadFigures(stages, settings);
  const pipeline = createPipelineFigures(stages);
  let hotCount = 0;
  let moves: { stored: StoredOpportunity; hot: HotPlace | null }[] = [];
  for await (const stored of writer.opportunities()) {
    pipeline.add(stored);
    const hot = await hotPlaceOf(writer, stages, stored);
    if (hot) hotCount++;
    if (JSON.stringify(hot) !== JSON.stringify(stored.hot)) {
      moves.push({ stored, hot });
    }
    if (moves.length >= MOVES) await writer.moveInHotList(moves.splice(0));
  }
  if (moves.length > 0) await writer.moveInHotList(moves);
  moves = [];
  for await (const lead of writer.leads()) {
    leads.add(lead);
    pipeline.addLead(lead);
  }
  const leadMetrics = leads.result(at);
  const pipelineView = pipeline.result(at);
  return {
    views: {
      leads: leadMetrics,
      pipeline: pipelineView,
      kpis: kpisOf(leadMetrics, pipelineView, hotCount),
    },
    prospects: leadMetrics.totalLeads,
  };
}

/** Yesterday's figures as today's: nothing has changed since. */
export function carryForward(
  { leads, pipeline, kpis }: DayViews,
  at: { day: string; computedAt: string },
): DayViews {
  return {
    leads: { ...leads, ...at },
    pipeline: { ...pipeline, ...at },
    kpis: { ...kpis, ...at },
  };
}
