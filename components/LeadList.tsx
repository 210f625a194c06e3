import {
  formatCount,
  isNarrowed,
  type LeadMetrics,
  type LeadRow,
  NOT_RECORDED,
  STAGE_KINDS,
} from "../lib/domain/mod.ts";
import { DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { kept } from "./kept.ts";
import {
  clearedHref,
  KIND_LABELS,
  type ListFrame,
  pageAddress,
  sortWords,
  tableColumns,
} from "./list_frame.ts";
import { ListCard } from "./ListCard.tsx";
import type { FilterChoices } from "./ListFilters.tsx";
import { personHref } from "./person_links.ts";
import type { SavedViewsProps } from "./SavedViews.tsx";
import { counted } from "./sentences.ts";

export interface LeadListProps {
  frame: ListFrame<LeadRow>;
  page: {
    rows: LeadRow[];
    total: number;
    before: number | null;
    isFirst: boolean;
    cursor: string | null;
    markets: readonly string[];
    assignees: readonly string[];
  };
  /** All leads of the brand. */
  whole: number;
  metrics: LeadMetrics | null;
  /** The period in words. */
  period: string;
  currency: string;
  timezone: string;
  /** Ids of those who were not there when the reader looked last. */
  fresh?: ReadonlySet<string>;
  /** The views that the reader has saved, and how the list is looked at now. */
  saved: Pick<SavedViewsProps, "views" | "query">;
}

/** The people behind the figures, as the address asks for them. */
export function LeadList(props: LeadListProps) {
  const { frame, page, period, currency, timezone, saved } = props;
  return (
    <div class="mt-4">
      <ListCard
        frame={frame}
        title="All leads"
        says={countWords(props)}
        searchLabel="Search name or market"
        choices={choicesOf(props)}
        period={period}
        saved={saved}
        page={page.rows.length === 0 ? null : {
          isFirst: page.isFirst,
          cursor: page.cursor,
          says: pageWords(page),
          nextLabel: isUsual(frame) ? "Older leads" : "Next leads",
        }}
      >
        {page.rows.length === 0 ? <NoLeads {...props} /> : (
          <Rows
            frame={frame}
            rows={page.rows}
            fresh={props.fresh}
            currency={currency}
            timezone={timezone}
          />
        )}
      </ListCard>
    </div>
  );
}

const Rows = kept(function LeadRows(
  { frame, rows, fresh, currency, timezone }:
    & Pick<LeadListProps, "frame" | "currency" | "timezone">
    & { rows: readonly LeadRow[]; fresh: ReadonlySet<string> | undefined },
) {
  const here = pageAddress(frame);
  return (
    <DataTable
      stacks
      sticks
      caption={`Leads, ${sortWords(frame)}`}
      columns={tableColumns(
        frame,
        ({ id }) => personHref(frame.workspace, id, here),
      )}
      rows={rows}
      rowKey={({ id }) => id}
      isNew={({ id }) => fresh?.has(id) ?? false}
      currency={currency}
      timezone={timezone}
      empty=""
    />
  );
});

function isUsual({ list, view }: ListFrame<LeadRow>): boolean {
  return view.sort === list.sort;
}

function countWords({ frame, page: { total }, whole }: LeadListProps): string {
  const sorted = sortWords(frame);
  return isNarrowed(frame.view)
    ? `${formatCount(total)} of ${counted(whole, "lead")}, ${sorted}.`
    : `${counted(total, "lead")}, ${sorted}.`;
}

/** "Leads 51 to 100 of 1,204", where it is known how many come before. */
function pageWords(
  { rows, total, before }: LeadListProps["page"],
): string {
  return before === null
    ? `${counted(rows.length, "lead")} on this page, ${
      counted(total, "lead")
    } in all.`
    : `Leads ${formatCount(before + 1)} to ${
      formatCount(before + rows.length)
    } of ${formatCount(total)}.`;
}

function NoLeads({ frame }: LeadListProps) {
  if (!isNarrowed(frame.view)) {
    return (
      <EmptyState title="There are no leads yet.">
        They appear with the first update that brings some.
      </EmptyState>
    );
  }
  const { search, filters, created } = frame.view;
  const onlySearch = search !== undefined && !created &&
    Object.keys(filters).length === 0;
  return (
    <EmptyState
      title={onlySearch
        ? `No leads match '${search}'.`
        : "No leads match all of this."}
    >
      <a class="link" href={clearedHref(frame)}>
        {onlySearch ? "Clear search" : "Clear filters"}
      </a>
    </EmptyState>
  );
}

function choicesOf(
  { metrics, page }: LeadListProps,
): Record<string, FilterChoices> {
  const named = (rows: readonly { name: string; leads: number }[] = []) =>
    rows.map(({ name, leads }) => ({
      value: name,
      label: `${name} (${formatCount(leads)})`,
    }));
  return {
    source: { choices: named(metrics?.bySource) },
    stage: { choices: named(metrics?.byStatus) },
    kind: {
      choices: STAGE_KINDS.map((value) => ({
        value,
        label: KIND_LABELS[value],
      })),
    },
    market: { suggestions: [NOT_RECORDED, ...page.markets] },
    assigned: { suggestions: [NOT_RECORDED, ...page.assignees] },
  };
}
