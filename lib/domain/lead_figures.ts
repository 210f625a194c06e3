import { compareText } from "./_compare.ts";
import { createCreationCounts } from "./_created.ts";
import type { Lead, TenantSettings } from "./records.ts";
import { isProspect, type Stage, type StageModel } from "./stages.ts";
import type { LeadMetrics, SourceRow, StatusRow } from "./views.ts";

/** What a lead without a source reads as: a row of the table, not a lead source. */
export const NOT_RECORDED = "Not recorded";

/** The day and the moment that figures are computed for. */
export interface FiguresAt {
  /** YYYY-MM-DD in the tenant's zone. */
  day: string;
  /** ISO 8601 UTC. */
  computedAt: string;
}

/** Takes leads one by one, in any order, and keeps counts and ids only. */
export interface LeadFigures {
  /** Counts a prospect once, by its id; a lead of another contact type is left out. */
  add(lead: CountedLead): void;
  result(at: FiguresAt): LeadMetrics;
}

/** The part of a lead that is counted. */
export type CountedLead = Pick<
  Lead,
  "id" | "stage" | "contactType" | "source" | "createdAt"
>;

/** An accumulator of the figures about leads: Total leads, Qualified leads, Lead sources, By status, By source, Leads in pipeline. */
export function createLeadFigures(
  model: StageModel,
  settings: Pick<TenantSettings, "timezone">,
): LeadFigures {
  const seen = new Set<string>();
  const sources = new Map<string, { leads: number; qualified: number }>();
  const stages = new Map<Stage, number>();
  const created = createCreationCounts(settings.timezone);
  return {
    add(lead) {
      if (!isProspect(lead) || seen.has(lead.id)) return;
      seen.add(lead.id);
      const stage = model.stageOf(lead.contactType, lead.stage);
      stages.set(stage, (stages.get(stage) ?? 0) + 1);
      const name = lead.source?.trim() || NOT_RECORDED;
      const source = sources.get(name) ?? { leads: 0, qualified: 0 };
      source.leads++;
      if (stage.qualified) source.qualified++;
      sources.set(name, source);
      created.add(lead.createdAt, { source: name, qualified: stage.qualified });
    },
    result({ day, computedAt }) {
      const { qualified, pipeline } = model.reasons;
      const count = (is: (stage: Stage) => boolean) => sumWhere(stages, is);
      const bySource = sourceRows(sources, qualified === null);
      return {
        day,
        computedAt,
        totalLeads: seen.size,
        qualifiedLeads: qualified ? null : count((stage) => stage.qualified),
        inPipeline: pipeline ? null : count((stage) => stage.inPipeline),
        leadSources: sources.size - Number(sources.has(NOT_RECORDED)),
        bySource,
        byStatus: statusRows(stages),
        inactive: count((stage) => stage.kind === "inactive"),
        unclassified: count((stage) => stage.kind === "unclassified"),
        ...created.result(day, computedAt, bySource.map(({ name }) => name)),
        reasons: { qualified },
      };
    },
  };
}

function sumWhere(
  stages: ReadonlyMap<Stage, number>,
  is: (stage: Stage) => boolean,
): number {
  let sum = 0;
  for (const [stage, count] of stages) if (is(stage)) sum += count;
  return sum;
}

/** Most leads first, then by name. */
function sourceRows(
  sources: ReadonlyMap<string, { leads: number; qualified: number }>,
  qualifiedKnown: boolean,
): SourceRow[] {
  return [...sources]
    .map(([name, { leads, qualified }]) => ({
      name,
      leads,
      qualified: qualifiedKnown ? qualified : null,
    }))
    .sort((a, b) => b.leads - a.leads || compareText(a.name, b.name));
}

const KIND_RANK = { active: 0, inactive: 1, unclassified: 2 };

/** Active stages in CRM order, inactive ones in CRM order, unclassified ones by name. */
function statusRows(stages: ReadonlyMap<Stage, number>): StatusRow[] {
  return [...stages]
    .sort(([a], [b]) =>
      KIND_RANK[a.kind] - KIND_RANK[b.kind] ||
      (a.kind === "unclassified"
        ? compareText(a.name, b.name)
        : a.position - b.position)
    )
    .map(([{ name, kind }, leads]) => ({ name, leads, kind }));
}
