import type { LeadRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { hereHref, pageHref, type Query } from "./links.ts";
import { personHref } from "./person_links.ts";
import { Pagination } from "./Pagination.tsx";
import { SearchForm } from "./SearchForm.tsx";
import { counted } from "./sentences.ts";

/** What the list is narrowed to. */
export interface LeadFilter {
  source?: string | undefined;
  stage?: string | undefined;
  search?: string | undefined;
  /** Only new leads of the period. */
  created?: "period" | undefined;
}

export interface LeadListProps {
  list: {
    rows: LeadRow[];
    total: number;
    hasMore: boolean;
    cursor: string | null;
  };
  query: LeadFilter;
  /** The period in words. */
  period: string;
  /** What of the address keeps the period. */
  periodQuery: Query;
  isFirstPage: boolean;
  /** Where the shown page of the list begins. */
  cursor?: string | undefined;
  workspace: string;
  timezone: string;
}

/** The people behind the figures, newest first, narrowed by source, stage or search. */
export function LeadList(props: LeadListProps) {
  const { list, isFirstPage, workspace, timezone } = props;
  const query = { ...props.query, ...props.periodQuery };
  const { source, stage, search, created } = props.query;
  const filtered = Object.values(props.query).some(Boolean);
  const here = pageHref("/leads", workspace, {
    ...query,
    cursor: props.cursor,
  });
  const first = hereHref(workspace, { ...query }) + "#list";
  return (
    <div class="mt-4">
      <Card
        id="list"
        title="All leads"
        says={filtered
          ? <FilterLine {...props} />
          : `${counted(list.total, "lead")}, newest first.`}
        aside={
          <SearchForm
            label="Search name or market"
            value={search}
            keep={{
              w: workspace,
              source,
              stage,
              created,
              ...props.periodQuery,
            }}
          />
        }
      >
        <DataTable
          stacks
          caption="Leads, newest first"
          columns={[
            {
              kind: "text",
              head: "Name",
              value: ({ name }) => name,
              href: ({ id }) => personHref(workspace, id, here),
            },
            {
              kind: "badge",
              head: "Stage",
              value: (row) => ({ text: row.stage }),
            },
            {
              kind: "text",
              head: "Source",
              value: ({ source }) => source,
              missing: "Not recorded",
            },
            {
              kind: "text",
              head: "Market",
              value: ({ market }) => market,
              missing: "Not recorded",
            },
            {
              kind: "datetime",
              head: "Created",
              value: ({ createdAt }) => createdAt,
            },
          ]}
          rows={list.rows}
          rowKey={({ id }) => id}
          timezone={timezone}
          empty={filtered
            ? `No leads match ${filterWords(props)}.`
            : "There are no leads yet. They appear with the first update that brings some."}
        />
        {list.rows.length > 0 && (
          <Pagination
            says={`${counted(list.rows.length, "lead")} on this page, ${
              counted(list.total, "lead")
            } in all.`}
            first={isFirstPage ? null : first}
            next={list.cursor === null
              ? null
              : hereHref(workspace, { ...query, cursor: list.cursor }) +
                "#list"}
            nextLabel="Older leads"
          />
        )}
      </Card>
    </div>
  );
}

function FilterLine(props: LeadListProps) {
  const { list, query: { search, ...others }, workspace, periodQuery } = props;
  return (
    <>
      {counted(list.total, "lead")}: {filterWords(props)}.{" "}
      <a class="link" href={hereHref(workspace, periodQuery) + "#list"}>
        {search && !Object.values(others).some(Boolean)
          ? "Clear search"
          : "Show all leads"}
      </a>
    </>
  );
}

/** "source 'Referral', 'tampa'": what the list is narrowed to. */
function filterWords({ query, period }: LeadListProps): string {
  const { source, stage, search, created } = query;
  return [
    created && `created ${period}`,
    source && `source '${source}'`,
    stage && `stage '${stage}'`,
    search && `'${search}'`,
  ].filter(Boolean).join(", ");
}
