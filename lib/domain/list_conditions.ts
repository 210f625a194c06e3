import type { Cell, Condition } from "./column_table.ts";
import { NOT_RECORDED } from "./lead_figures.ts";
import type { ListView } from "./list_view.ts";
import type { ListDefinition, ListFilter } from "./lists.ts";
import { createMatcher } from "./text.ts";
import type { LeadMetrics, PipelineView } from "./views.ts";

/** What a stage can count as in a filter. */
export const STAGE_KINDS = [
  "qualified",
  "pipeline",
  "inactive",
  "unclassified",
] as const;
export type FilteredStageKind = typeof STAGE_KINDS[number];

/** The names of the stages of a kind; null where the kind is unknown for this brand. */
export type StagesOfKind = (kind: string) => ReadonlySet<string> | null;

/** What each kind of stage holds, by the figures of the day: the lists show who the figures count. */
export function stagesOfKind(
  leads: LeadMetrics | null,
  pipeline: PipelineView | null,
): StagesOfKind {
  const byStatus = (kind: string) =>
    leads && leads.byStatus.filter((row) => row.kind === kind);
  const inPipeline = (qualified: boolean) =>
    pipeline?.reasons.pipeline === null
      ? pipeline.stageLeads
        .filter((row) => !qualified || row.qualified)
        .map(({ stage }) => ({ name: stage }))
      : null;
  return (kind) => {
    const rows = kind === "pipeline"
      ? inPipeline(false)
      : kind === "qualified"
      ? leads?.qualifiedLeads === null ? null : inPipeline(true)
      : byStatus(kind);
    return rows && new Set(rows.map(({ name }) => name));
  };
}

/** The brand's stages as the CRM has them, by the figures of the day: the active ones, then the inactive ones. */
export function stageOrder(
  leads: Pick<LeadMetrics, "byStatus"> | null,
  pipeline: Pick<PipelineView, "stages" | "after"> | null,
): string[] {
  const names = [
    ...[...pipeline?.stages ?? [], ...pipeline?.after ?? []]
      .map(({ stage }) => stage),
    ...(leads?.byStatus ?? []).filter(({ kind }) => kind !== "unclassified")
      .map(({ name }) => name),
  ];
  return [...new Set(names)];
}

/** The conditions of a view, but for the time of creation. */
export function conditionsOf<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { filters, search }: Pick<ListView, "filters" | "search">,
  stages: StagesOfKind = () => null,
): Condition<Row>[] {
  const conditions = list.filters.flatMap((filter): Condition<Row>[] => {
    const values = filters[filter.key];
    if (!values) return [];
    return [{ fields: [filter.field], test: testOf(filter, values, stages) }];
  });
  if (search !== undefined) {
    const finds = createMatcher(search);
    conditions.push({
      fields: list.searched,
      test: (value) => finds(textOf(value)),
    });
  }
  return conditions;
}

/** Holds for rows of [from, to), epoch milliseconds. */
export function createdIn<Row>(
  field: keyof Row & string,
  { from, to }: { from: number; to: number },
): Condition<Row> {
  return {
    fields: [field],
    test: (value) => {
      const time = value === null ? NaN : Date.parse(String(value));
      return from <= time && time < to;
    },
  };
}

function testOf<Row>(
  { match }: ListFilter<Row>,
  values: readonly string[],
  stages: StagesOfKind,
): (value: Cell) => boolean {
  if (match === "kind") {
    const names = new Set(values.flatMap((kind) => [...stages(kind) ?? []]));
    return (value) => names.has(String(value));
  }
  if (match === "is") {
    const wanted = new Set(values);
    return (value) => wanted.has(textOf(value) ?? NOT_RECORDED);
  }
  const matchers = values.map((value) => createMatcher(value));
  const blank = values.includes(NOT_RECORDED);
  return (value) =>
    value === null ? blank : matchers.some((matcher) => matcher(String(value)));
}

function textOf(value: Cell): string | null {
  return value === null ? null : String(value);
}
