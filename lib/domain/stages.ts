import { compareText } from "./_compare.ts";
import {
  NEW_LEAD,
  PROSPECT,
  type SalesCycle,
  type TenantSettings,
} from "./records.ts";

/** A figure that may be unknown, with the sentence that says why. */
export type Reason = string;

export type StageKind = "active" | "inactive" | "unclassified";

/** A stage, the pair (contactType, name), as the figures see it. */
export interface Stage {
  contactType: string;
  /** Trimmed, case kept. */
  name: string;
  /** `unclassified`: the tenant's sales cycles do not know it. */
  kind: StageKind;
  /** Null: outside every boundary. */
  order: number | null;
  /** 0-100, or null. */
  likelihoodPct: number | null;
  /** Place in the CRM's order among all stages; Infinity when unclassified. */
  position: number;
  /** The three are false for stages of another contact type, and where the boundary is unknown. */
  qualified: boolean;
  inPipeline: boolean;
  hot: boolean;
}

/** The tenant's sales cycles with its four boundaries applied: the only place that says what a stage counts as. */
export interface StageModel {
  /** The stage of that name; the same object each time. A blank name is New Lead, a blank contact type "1". */
  stageOf(contactType: string, name: string): Stage;
  isQualified(contactType: string, name: string): boolean;
  inPipeline(contactType: string, name: string): boolean;
  isHot(contactType: string, name: string): boolean;
  /** Active prospect stages up to the upper qualified boundary, in CRM order; empty when that boundary is unknown. */
  readonly pipelineStages: readonly Stage[];
  /** Active prospect stages after it, in CRM order, those without an order last; empty when it is unknown. */
  readonly afterStages: readonly Stage[];
  /** Why a boundary is unknown, and with it the figures that need it; null where all is known. */
  readonly reasons: {
    /** Needs both qualified boundaries. */
    readonly qualified: Reason | null;
    /** Needs the upper qualified boundary alone. */
    readonly pipeline: Reason | null;
    /** Needs both hot boundaries. */
    readonly hot: Reason | null;
  };
}

type Boundaries = Pick<
  TenantSettings,
  "qualifiedFrom" | "qualifiedTo" | "hotFrom" | "hotTo"
>;

/**
 * Classifies stages by a tenant's sales cycles and boundaries.
 *
 * Names are compared after trimming, case kept. Where two cycles have the same contact type and name, the
 * active one counts, then the one with the lower order, then the lower id.
 *
 * Boundaries are stages of the prospects' cycle, and delimit by their order alone. A boundary that is inactive
 * therefore still delimits, though its own records do not count; one without an order cannot delimit anything
 * and is unknown, like one that the cycles lack. A lower boundary that comes after the upper one leaves an
 * empty range: nothing lies between them.
 */
export function buildStageModel(
  cycles: Iterable<SalesCycle>,
  settings: Boundaries,
): StageModel {
  const chosen = chooseCycles(cycles);
  const boundary = (name: string) =>
    boundaryOf(name, chosen.get(stageKey(PROSPECT, name)));
  const qualifiedTo = boundary(settings.qualifiedTo);
  const qualified = rangeOf(boundary(settings.qualifiedFrom), qualifiedTo);
  const pipeline = rangeOf(null, qualifiedTo);
  const hot = rangeOf(boundary(settings.hotFrom), boundary(settings.hotTo));

  const known = new Map<string, Stage>();
  for (const [key, cycle, position] of inCrmOrder(chosen)) {
    const counts = isActiveProspect(cycle);
    known.set(key, {
      contactType: contactTypeOf(cycle.contactType),
      name: cycle.name.trim(),
      kind: cycle.active ? "active" : "inactive",
      order: cycle.order,
      likelihoodPct: cycle.likelihoodPct,
      position,
      qualified: counts && holds(qualified, cycle.order),
      inPipeline: counts && holds(pipeline, cycle.order),
      hot: counts && holds(hot, cycle.order),
    });
  }
  return modelOf(known, {
    qualified: qualified.reason,
    pipeline: pipeline.reason,
    hot: hot.reason,
  });
}

/** Names of the stages that can be a boundary, in CRM order: those of prospects that are active and have an order. */
export function boundaryChoices(cycles: Iterable<SalesCycle>): string[] {
  return inCrmOrder(chooseCycles(cycles))
    .filter(([, cycle]) => isActiveProspect(cycle) && cycle.order !== null)
    .map(([, { name }]) => name.trim());
}

/** Whether figures are about this record: its contact type is "1" or blank. */
export function isProspect(record: { contactType: string }): boolean {
  return contactTypeOf(record.contactType) === PROSPECT;
}

function modelOf(
  known: ReadonlyMap<string, Stage>,
  reasons: StageModel["reasons"],
): StageModel {
  const unclassified = new Map<string, Stage>();
  const stageOf = (contactType: string, stageName: string): Stage => {
    const type = contactTypeOf(contactType);
    const name = stageName.trim() || NEW_LEAD;
    const key = stageKey(type, name);
    const stage = known.get(key) ?? unclassified.get(key);
    if (stage) return stage;
    const stranger = unclassifiedStage(type, name);
    unclassified.set(key, stranger);
    return stranger;
  };
  const active = [...known.values()].filter((stage) =>
    stage.kind === "active" && isProspect(stage)
  );
  return {
    stageOf,
    isQualified: (contactType, name) => stageOf(contactType, name).qualified,
    inPipeline: (contactType, name) => stageOf(contactType, name).inPipeline,
    isHot: (contactType, name) => stageOf(contactType, name).hot,
    pipelineStages: active.filter((stage) => stage.inPipeline),
    afterStages: reasons.pipeline === null
      ? active.filter((stage) => !stage.inPipeline)
      : [],
    reasons,
  };
}

function unclassifiedStage(contactType: string, name: string): Stage {
  return {
    contactType,
    name,
    kind: "unclassified",
    order: null,
    likelihoodPct: null,
    position: Infinity,
    qualified: false,
    inPipeline: false,
    hot: false,
  };
}

/** One cycle per (contact type, name). */
function chooseCycles(cycles: Iterable<SalesCycle>): Map<string, SalesCycle> {
  const chosen = new Map<string, SalesCycle>();
  for (const cycle of cycles) {
    const key = stageKey(contactTypeOf(cycle.contactType), cycle.name);
    const rival = chosen.get(key);
    if (!rival || comparePreference(cycle, rival) < 0) chosen.set(key, cycle);
  }
  return chosen;
}

function comparePreference(a: SalesCycle, b: SalesCycle): number {
  return Number(b.active) - Number(a.active) || compareCrmOrder(a, b);
}

function compareCrmOrder(a: SalesCycle, b: SalesCycle): number {
  if (a.order === b.order) return compareText(a.id, b.id);
  return (a.order ?? Infinity) - (b.order ?? Infinity);
}

function inCrmOrder(
  chosen: ReadonlyMap<string, SalesCycle>,
): [key: string, cycle: SalesCycle, position: number][] {
  return [...chosen]
    .sort(([, a], [, b]) => compareCrmOrder(a, b))
    .map(([key, cycle], position) => [key, cycle, position]);
}

function isActiveProspect(cycle: SalesCycle): boolean {
  return cycle.active && isProspect(cycle);
}

function contactTypeOf(contactType: string): string {
  return contactType.trim() || PROSPECT;
}

function stageKey(contactType: string, name: string): string {
  return JSON.stringify([contactType, name.trim()]);
}

interface Boundary {
  name: string;
  order: number | null;
  /** The cycles have no such stage. */
  missing: boolean;
}

/** Orders from..to, both ends in; `reason` is not null where an end is unknown, and then nothing is inside. */
interface Range {
  from: number;
  to: number;
  reason: Reason | null;
}

function boundaryOf(name: string, cycle: SalesCycle | undefined): Boundary {
  return { name: name.trim(), order: cycle?.order ?? null, missing: !cycle };
}

/** @param from null: everything up to the upper end */
function rangeOf(from: Boundary | null, to: Boundary): Range {
  return {
    from: from ? from.order ?? NaN : -Infinity,
    to: to.order ?? NaN,
    reason: reasonOf(from ? [from, to] : [to]),
  };
}

function holds({ from, to, reason }: Range, order: number | null): boolean {
  return reason === null && order !== null && from <= order && order <= to;
}

function reasonOf(ends: readonly Boundary[]): Reason | null {
  const missing = ends.filter((end) => end.missing);
  const unordered = ends.filter((end) => !end.missing && end.order === null);
  const sentences = [
    sentence(missing, "is not in", "are not in"),
    sentence(unordered, "has no order in", "have no order in"),
  ].filter((text) => text !== null);
  return sentences.length === 0 ? null : sentences.join(". ");
}

function sentence(
  ends: readonly Boundary[],
  singular: string,
  plural: string,
): string | null {
  const names = [...new Set(ends.map((end) => `'${end.name}'`))];
  if (names.length === 0) return null;
  const [stage, verb] = names.length === 1
    ? ["stage", singular]
    : ["stages", plural];
  return `The ${stage} ${
    names.join(" and ")
  } ${verb} ClientTether's sales cycle`;
}
