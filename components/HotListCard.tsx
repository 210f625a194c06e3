import {
  type ActivityRow,
  formatCount,
  formatDateTime,
  formatMoney,
  type HotItem,
  type HotTotals,
  isNarrowed,
  NOT_RECORDED,
  shownColumns,
  zoneName,
} from "../lib/domain/mod.ts";
import { type Column, DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import {
  clearedHref,
  type ListFrame,
  pageAddress,
  sortWords,
  tableColumns,
} from "./list_frame.ts";
import { kept } from "./kept.ts";
import { pageHref } from "./links.ts";
import { ListCard } from "./ListCard.tsx";
import { personHref, QUIET } from "./person_links.ts";
import type { SavedViewsProps } from "./SavedViews.tsx";
import { counted } from "./sentences.ts";

export interface HotListCardProps {
  frame: ListFrame<HotItem>;
  page: {
    rows: readonly HotItem[];
    total: number;
    before: number | null;
    isFirst: boolean;
    cursor: string | null;
    totals: HotTotals;
    whole: number;
    stages: readonly string[];
    markets: readonly string[];
  };
  /** Why there is no hot list, where a boundary is unknown. */
  reason: string | null;
  /** The stages between which the list lies. */
  from: string;
  to: string;
  currency: string;
  /** The views that the reader has saved, and how the list is looked at now. */
  saved: Pick<SavedViewsProps, "views" | "query">;
  /** What is scheduled next with each person, by lead; null where the account offers no schedule. */
  next: ReadonlyMap<string, ActivityRow> | null;
  timezone: string;
}

/** The candidates closest to signing, with their totals; those without a weighted IFF are folded, never lost. */
export function HotListCard(props: HotListCardProps) {
  const { frame, page, reason, from, to, saved } = props;
  const { rows, total, before, whole } = page;
  if (whole === 0) {
    return (
      <EmptyState title="There is no candidate on the hot list.">
        {reason ??
          `Opportunities appear here when they reach a stage from ${from} to ${to}.`}
      </EmptyState>
    );
  }
  const [first, last] = [(before ?? 0) + 1, (before ?? 0) + rows.length];
  return (
    <ListCard
      frame={frame}
      title={isNarrowed(frame.view)
        ? `${formatCount(total)} of ${counted(whole, "candidate")}`
        : counted(whole, "candidate")}
      says={
        <>
          {`In active stages from ${from} to ${to}, ${sortWords(frame)}. `}
          <a class="link" href={pageHref(QUIET, frame.workspace)}>
            Deals without activity
          </a>
        </>
      }
      searchLabel="Search candidate or market"
      choices={{
        stage: {
          choices: page.stages.map((value) => ({ value, label: value })),
        },
        market: { suggestions: [NOT_RECORDED, ...page.markets] },
      }}
      saved={saved}
      page={page.isFirst && page.cursor === null ? null : {
        isFirst: page.isFirst,
        cursor: page.cursor,
        says: `Candidates ${formatCount(first)} to ${formatCount(last)} of ${
          formatCount(total)
        }.`,
        nextLabel: "Next candidates",
      }}
    >
      {rows.length === 0 ? <NoCandidates {...props} /> : <Rows {...props} />}
    </ListCard>
  );
}

function NoCandidates({ frame }: HotListCardProps) {
  return (
    <EmptyState title="No candidates match all of this.">
      <a class="link" href={clearedHref(frame)}>Clear filters</a>
    </EmptyState>
  );
}

/** Sorted by their weight, those that have none are folded. */
function Rows(props: HotListCardProps) {
  const { page: { rows, totals }, ...shared } = props;
  const { frame } = props;
  if (frame.view.sort !== frame.list.sort) {
    return <Candidates {...shared} rows={rows} totals={totals} all />;
  }
  const weighted = rows.filter((row) => row.weightedIffCents !== null);
  const others = rows.filter((row) => row.weightedIffCents === null);
  return (
    <>
      {(weighted.length > 0 || totals.weighted === 0) && (
        <Candidates {...shared} rows={weighted} totals={totals} />
      )}
      {others.length > 0 && (
        <details
          class="unfolds"
          open={weighted.length === 0 && totals.weighted > 0}
        >
          <summary class="opens inline-flex items-center min-h-target font-semibold hover:text-accent">
            {counted(totals.unweighted, "candidate")}{" "}
            without a deal size or a likelihood
          </summary>
          <Candidates
            {...shared}
            rows={others}
            caption="Hot list, candidates without a weighted IFF"
          />
        </details>
      )}
    </>
  );
}

interface CandidatesProps
  extends Pick<HotListCardProps, "frame" | "currency" | "next" | "timezone"> {
  rows: readonly HotItem[];
  /** Of all pages. */
  totals?: HotTotals;
  /** Whether the rows may lack a weight. */
  all?: boolean;
  caption?: string;
}

function Candidates(
  { frame, rows, totals, all, caption, currency, next, timezone }:
    CandidatesProps,
) {
  const shown = new Set(rows.map(({ clientId }) => clientId));
  return (
    <Table
      {...{ frame, rows, currency, timezone }}
      {...totals ? { totals } : {}}
      {...all ? { all } : {}}
      {...caption ? { caption } : {}}
      next={next && new Map([...next].filter(([id]) => shown.has(id)))}
    />
  );
}

const Table = kept(function CandidatesTable(
  { frame, rows, totals, all, caption, currency, next, timezone }:
    CandidatesProps,
) {
  const here = pageAddress(frame);
  const hrefOf = ({ clientId }: HotItem) =>
    clientId ? personHref(frame.workspace, clientId, here) : undefined;
  return (
    <DataTable
      stacks
      sticks
      caption={caption ?? `Hot list, ${sortWords(frame)}`}
      columns={[
        ...tableColumns(frame, hrefOf),
        ...next ? [nextColumn(next, timezone, hrefOf)] : [],
      ]}
      rows={rows}
      rowKey={({ id }) => id}
      currency={currency}
      empty="No candidate has both a deal size and a likelihood."
      {...totals
        ? {
          totals: [
            ...totalCells(frame, totals, currency, all),
            ...next ? [""] : [],
          ],
        }
        : {}}
    />
  );
});

/** What is scheduled next with the candidate: the schedule beside the list. */
function nextColumn(
  next: ReadonlyMap<string, ActivityRow>,
  timezone: string,
  hrefOf: (row: HotItem) => string | undefined,
): Column<HotItem> {
  const nextOf = ({ clientId }: HotItem) =>
    clientId === null ? undefined : next.get(clientId);
  return {
    kind: "text",
    head: `Next (${zoneName(timezone)})`,
    value: (row) => {
      const activity = nextOf(row);
      if (!activity) return null;
      const when = formatDateTime(activity.scheduledAt, timezone);
      return `${activity.activityType ?? "Activity"}, ${when}`;
    },
    href: (row) => nextOf(row) ? hrefOf(row) : undefined,
    missing: "Nothing scheduled",
  };
}

/** The sums of the columns that are shown, over every page. */
function totalCells(
  { list, view }: ListFrame<HotItem>,
  totals: HotTotals,
  currency: string,
  all = false,
): string[] {
  const { weighted, unweighted, weightedIffCents } = totals;
  const count = all ? weighted + unweighted : weighted;
  const cells: Record<string, string> = {
    name: `Total of ${counted(count, "candidate")}`,
    units: formatCount(all ? totals.units : totals.weightedUnits),
    iff: formatMoney(weightedIffCents, currency),
  };
  return shownColumns(list, view).map(({ key }) => cells[key] ?? "");
}
