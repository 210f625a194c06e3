import {
  type Condition,
  conditionsOf,
  createdIn,
  HOT_LIST,
  type HotItem,
  type HotTotals,
  hotTotals,
  isByStage,
  LEAD_LIST,
  type LeadRow,
  type ListDefinition,
  type ListView,
  type Position,
  sortOf,
} from "../domain/mod.ts";
import { type AskedList, stagesInOrder, stagesOf } from "./list_ask.ts";
import { decodeListCursor, encodeListCursor } from "./list_cursor.ts";
import { orDefault } from "./period.ts";
import type { Workspace } from "./state.ts";

/** Where a page of a list begins, as an address says it, and how many rows it has. */
export interface AskedPage {
  cursor?: string | undefined;
  limit: number;
}

/** A page of a list as it is shown. */
export interface ListPage<Row> {
  rows: Row[];
  /** Rows that match, on whatever page. */
  total: number;
  /** Those before this page; null where nobody has counted them. */
  before: number | null;
  /** Whether the list begins with it. */
  isFirst: boolean;
  /** Where the next page begins; null after the last. */
  cursor: string | null;
  /** What was wrong with the cursor of the address. */
  problem: string | null;
}

/** A page of the leads, with the texts that its filters could be asked for where the list was read whole. */
export interface LeadListPage extends ListPage<LeadRow> {
  markets: string[];
  assignees: string[];
}

/** A page of the hot list, with what all rows that match come to. */
export interface HotListPage extends ListPage<HotItem> {
  totals: HotTotals;
  /** Candidates of the whole list. */
  whole: number;
  stages: string[];
  markets: string[];
}

/** Texts that a filter suggests. */
const SUGGESTIONS = 500;

/** A page of the leads. The default view is one range read, others come from the table in memory. */
export async function readLeadPage(
  workspace: Workspace,
  asked: AskedList,
  { cursor, limit }: AskedPage,
): Promise<LeadListPage> {
  const { store } = workspace;
  const scope = scopeOf(workspace, LEAD_LIST, asked);
  const { value: after, problem } = startOf(cursor, scope);
  if (isPlain(asked.view)) {
    const { rows, total, end } = await store.listLeads({
      limit,
      after,
      created: spanOf(asked),
    });
    return {
      rows,
      total,
      before: after ? null : 0,
      ...framed({ after, problem, end, scope }),
      markets: [],
      assignees: [],
    };
  }
  const table = await store.leadTable();
  const { end, ...page } = table.select({
    ...await selectionOf(LEAD_LIST, asked),
    after,
    limit,
  });
  return {
    ...page,
    ...framed({ after, problem, end, scope }),
    markets: table.texts("market", SUGGESTIONS) ?? [],
    assignees: table.texts("assignedTo", SUGGESTIONS) ?? [],
  };
}

/** Every lead of a view, in its order, read while they are asked for. */
export async function* eachLeadOf(
  { store }: Workspace,
  asked: AskedList,
): AsyncGenerator<LeadRow> {
  if (isPlain(asked.view)) {
    yield* store.eachLead({ created: spanOf(asked) });
  } else {
    const table = await store.leadTable();
    yield* table.all(await selectionOf(LEAD_LIST, asked));
  }
}

/** A page of the hot list. */
export async function readHotPage(
  workspace: Workspace,
  asked: AskedList,
  { cursor, limit }: AskedPage,
): Promise<HotListPage> {
  const scope = scopeOf(workspace, HOT_LIST, asked);
  const { value: after, problem } = startOf(cursor, scope);
  const table = await workspace.store.hotTable();
  const selection = await selectionOf(HOT_LIST, asked);
  const { end, ...page } = table.select({ ...selection, after, limit });
  return {
    ...page,
    ...framed({ after, problem, end, scope }),
    totals: hotTotals(table.all(selection)),
    whole: table.size,
    stages: table.texts("stage", SUGGESTIONS, await stagesInOrder(asked)) ?? [],
    markets: table.texts("market", SUGGESTIONS) ?? [],
  };
}

/** Every candidate of a view, in its order. */
export async function* eachCandidateOf(
  { store }: Workspace,
  asked: AskedList,
): AsyncGenerator<HotItem> {
  const table = await store.hotTable();
  yield* table.all(await selectionOf(HOT_LIST, asked));
}

/** Whether the leads stand in the order of their index, all of them or those of a span. */
function isPlain({ sort, filters, search }: ListView): boolean {
  return sort === LEAD_LIST.sort && search === undefined &&
    Object.keys(filters).length === 0;
}

function spanOf({ view, period }: AskedList) {
  return view.created ? period : undefined;
}

async function selectionOf<Row extends { id: string }>(
  list: ListDefinition<Row>,
  asked: AskedList,
) {
  const { view } = asked;
  const where: Condition<Row>[] = conditionsOf(
    list,
    view,
    await stagesOf(asked),
  );
  const span = spanOf(asked);
  const created = list.columns.find(({ key }) => key === "created");
  if (span && created) where.push(createdIn(created.field, span));
  const stages = isByStage(list, view) ? await stagesInOrder(asked) : [];
  return { order: sortOf(list, view, stages), where };
}

/** What a place in a list depends on; the shown columns are no part of it. */
function scopeOf<Row extends { id: string }>(
  { tenant }: Workspace,
  { name }: ListDefinition<Row>,
  { view: { sort, filters, search, created }, periodQuery }: AskedList,
): string {
  const period = created &&
    [periodQuery.period, periodQuery.from, periodQuery.to];
  return JSON.stringify([tenant.id, name, sort, filters, search, period]);
}

function startOf(cursor: string | undefined, scope: string) {
  return orDefault<Position | undefined>(
    () => cursor === undefined ? undefined : decodeListCursor(cursor, scope),
    () => undefined,
  );
}

function framed(
  { after, problem, end, scope }: {
    after: Position | undefined;
    problem: string | null;
    end: Position | null;
    scope: string;
  },
) {
  return {
    isFirst: after === undefined,
    cursor: end && encodeListCursor(end, scope),
    problem,
  };
}
