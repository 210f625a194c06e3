import type { FieldKinds } from "./column_table.ts";
import { NOT_RECORDED } from "./lead_figures.ts";
import type { HotItem, LeadRow } from "./views.ts";

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

/** The people of a brand. */
export const LEAD_LIST = Object.freeze<ListDefinition<LeadRow>>({
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
});

/** The candidates near signing. */
export const HOT_LIST = Object.freeze<ListDefinition<HotItem>>({
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
});
