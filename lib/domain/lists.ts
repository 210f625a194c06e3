import type { Cell, Condition, FieldKinds, RowOrder } from "./column_table.ts";
import { NOT_RECORDED } from "./lead_figures.ts";
import { createMatcher } from "./text.ts";
import type { HotItem, LeadMetrics, LeadRow, PipelineView } from "./views.ts";

/** A column of a list: what an address calls it, its heading, and what of a row it shows. */
export interface ListColumn<Row> {
  key: string;
  head: string;
  /** `days`: how many have passed since the instant in `field`. */
  kind: "text" | "badge" | "count" | "percent" | "money" | "datetime" | "days";
  field: keyof Row & string;
  /** Of days: the field that says "at least" where there may be more. */
  qualifier?: keyof Row & string;
  /** Read where there is no text. */
  missing?: string;
  /** Stages, which are sorted as the CRM has them. */
  isStage?: true;
  /** How a badge looks. */
  tone?: "accent";
  /** Shown only to who asks for it. */
  extra?: boolean;
}

/** What a list can be narrowed by; a row passes where one of the chosen values fits it. */
export interface ListFilter<Row> {
  key: string;
  label: string;
  /** `is`: the text itself; `contains`: a part of it in any case; `kind`: the stage is of this kind. */
  match: "is" | "contains" | "kind";
  field: keyof Row & string;
}

/** What a list can show and how it can be asked for: pages, files and addresses all follow it. */
export interface ListDefinition<Row extends { id: string }> {
  /** Names the list in addresses and files. */
  name: string;
  /** One row, in words. */
  noun: string;
  /** The first names the row, and is always shown. */
  columns: ReadonlyArray<ListColumn<Row>>;
  filters: ReadonlyArray<ListFilter<Row>>;
  /** What a search looks into. */
  searched: ReadonlyArray<keyof Row & string>;
  /** Sorted by this column unless told: its key, with "-" before it where the list runs downwards. */
  sort: string;
  /** Ids break ties upwards, even where the list runs downwards. */
  idsUp?: true;
  kinds: FieldKinds<Row>;
}

/** Values of one filter, at most. */
export const MOST_VALUES = 50;

/** What an address asks of a list; what is absent is the default. */
export interface ListView {
  /** A column's key, with "-" before it where the list runs downwards. */
  sort: string;
  /** Keys of the shown columns, in the definition's order. */
  columns: readonly string[];
  /** Chosen values by the filter's key; none is empty. */
  filters: Readonly<Record<string, readonly string[]>>;
  search?: string | undefined;
  /** Only what was created in the period of the page. */
  created?: "period" | undefined;
}

/** What a stage can count as in a filter. */
export const STAGE_KINDS = [
  "qualified",
  "pipeline",
  "inactive",
  "unclassified",
] as const;
export type FilteredStageKind = typeof STAGE_KINDS[number];

/** The people of a brand. */
export const LEAD_LIST: ListDefinition<LeadRow> = {
  name: "leads",
  noun: "lead",
  columns: [
    { key: "name", head: "Name", kind: "text", field: "name" },
    {
      key: "stage",
      head: "Stage",
      kind: "badge",
      field: "stage",
      isStage: true,
    },
    {
      key: "source",
      head: "Source",
      kind: "text",
      field: "source",
      missing: NOT_RECORDED,
    },
    {
      key: "market",
      head: "Market",
      kind: "text",
      field: "market",
      missing: NOT_RECORDED,
    },
    {
      key: "assigned",
      head: "Assigned to",
      kind: "text",
      field: "assignedTo",
      missing: NOT_RECORDED,
      extra: true,
    },
    {
      key: "size",
      head: "Deal size",
      kind: "money",
      field: "dealSizeCents",
      extra: true,
    },
    {
      key: "updated",
      head: "Updated",
      kind: "datetime",
      field: "updatedAt",
      extra: true,
    },
    { key: "created", head: "Created", kind: "datetime", field: "createdAt" },
  ],
  filters: [
    { key: "source", label: "Source", match: "is", field: "source" },
    { key: "stage", label: "Stage", match: "is", field: "stage" },
    { key: "kind", label: "Stage kind", match: "kind", field: "stage" },
    { key: "market", label: "Market", match: "contains", field: "market" },
    {
      key: "assigned",
      label: "Assigned to",
      match: "contains",
      field: "assignedTo",
    },
  ],
  searched: ["name", "market"],
  sort: "-created",
  kinds: {
    id: "text",
    name: "text",
    stage: "text",
    source: "text",
    market: "text",
    contactType: "text",
    createdAt: "time",
    updatedAt: "time",
    assignedTo: "text",
    dealSizeCents: "number",
  },
};

/** The candidates near signing. */
export const HOT_LIST: ListDefinition<HotItem> = {
  name: "hot-list",
  noun: "candidate",
  columns: [
    {
      key: "name",
      head: "Candidate Name",
      kind: "text",
      field: "candidateName",
    },
    {
      key: "market",
      head: "Market",
      kind: "text",
      field: "market",
      missing: NOT_RECORDED,
    },
    { key: "units", head: "Units", kind: "count", field: "units" },
    {
      key: "iff",
      head: "Weighted IFF",
      kind: "money",
      field: "weightedIffCents",
    },
    {
      key: "stage",
      head: "Stage",
      kind: "badge",
      field: "stage",
      isStage: true,
      tone: "accent",
    },
    { key: "likely", head: "Likely %", kind: "percent", field: "likelyPct" },
    {
      key: "days",
      head: "Days in stage",
      kind: "days",
      field: "since",
      qualifier: "sinceIs",
    },
  ],
  filters: [
    { key: "stage", label: "Stage", match: "is", field: "stage" },
    { key: "market", label: "Market", match: "contains", field: "market" },
  ],
  searched: ["candidateName", "market"],
  sort: "-iff",
  idsUp: true,
  kinds: {
    id: "text",
    clientId: "text",
    candidateName: "text",
    market: "text",
    units: "number",
    weightedIffCents: "number",
    stage: "text",
    likelyPct: "number",
    since: "time",
    sinceIs: "text",
  },
};

/** A list as it is shown to who asks for nothing. */
export function defaultView<Row extends { id: string }>(
  list: ListDefinition<Row>,
): ListView {
  const columns = list.columns.filter(({ extra }) => !extra);
  return {
    sort: list.sort,
    columns: columns.map(({ key }) => key),
    filters: {},
  };
}

/**
 * The column that a view is sorted by, and its direction.
 *
 * @param stages in the CRM's order; those that are not among them come after them, by name
 */
export function sortOf<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort }: Pick<ListView, "sort">,
  stages: readonly string[] = [],
): RowOrder<Row> & { key: string } {
  const down = sort.startsWith("-");
  const key = down ? sort.slice(1) : sort;
  const column = list.columns.find((column) => column.key === key);
  if (!column) throw new TypeError(`Cannot sort by '${sort}': no such column`);
  // The more days, the earlier the instant.
  return {
    key,
    field: column.field,
    down: down !== (column.kind === "days"),
    ...list.idsUp ? { idsUp: true } : {},
    ...column.isStage ? { known: stages } : {},
  };
}

/** Whether a view is sorted by stages, whose order only the figures of the day know. */
export function isByStage<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort }: Pick<ListView, "sort">,
): boolean {
  return list.columns.some(({ key, isStage }) =>
    isStage && key === sort.replace(/^-/, "")
  );
}

/** The columns that a view shows. */
export function shownColumns<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { columns }: Pick<ListView, "columns">,
): ReadonlyArray<ListColumn<Row>> {
  return list.columns.filter(({ key }) => columns.includes(key));
}

/** Whether a view leaves anything out of the list. */
export function isNarrowed({ filters, search, created }: ListView): boolean {
  return search !== undefined || created !== undefined ||
    Object.keys(filters).length > 0;
}

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

/** The part of an address that asks for a view; defaults are left out. */
export function queryOfView<Row extends { id: string }>(
  list: ListDefinition<Row>,
  { sort, columns, filters, search, created }: ListView,
): Record<string, string | readonly string[] | undefined> {
  const usual = defaultView(list).columns.join();
  const shown = columns.join();
  return {
    ...filters,
    search,
    created,
    sort: sort === list.sort ? undefined : sort,
    cols: shown === usual ? undefined : shown,
  };
}
