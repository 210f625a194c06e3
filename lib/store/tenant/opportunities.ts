import {
  ColumnTable,
  HOT_LIST,
  type HotItem,
  type Opportunity,
  type SalesCycle,
} from "../../domain/mod.ts";
import type { StoredOpportunity } from "../_records.ts";
import { idPart } from "../keys.ts";
import type { Opened } from "./opened.ts";
import { readAll, recordsOf } from "../_read.ts";
import { tableOf } from "./kept.ts";
import type { Page } from "./page.ts";

/** The opportunities of a tenant, its hot list, and the stages in which they stand. */
export interface OpportunityReader {
  /** Every opportunity, in no order. One read. */
  opportunities(): AsyncGenerator<Opportunity>;
  /** The opportunities of these ids, as far as they are stored. One read. */
  opportunitiesOf(ids: Iterable<string>): Promise<Map<string, Opportunity>>;
  /** The stages of the sales cycles, in no order. One read. */
  cycles(): Promise<SalesCycle[]>;
  /** Highest weighted IFF first; rows without one last. */
  listHotList(
    query: { limit: number; offset: number },
  ): Promise<Page<HotItem>>;
  /** The whole hot list, for lists that are sorted, filtered or searched. One read for each version of the data, else none. */
  hotTable(): Promise<ColumnTable<HotItem>>;
}

/** Reads them under the keys of an opened tenant. */
export function opportunityReader(at: Opened): OpportunityReader {
  const { port, k } = at;
  return {
    opportunities: () => eachOpportunity(at),
    opportunitiesOf: (ids) => opportunitiesOf(at, ids),
    cycles: () => readAll<SalesCycle>(port, k.cycles()),
    listHotList: async ({ limit, offset }) => {
      const all = await readAll<HotItem>(port, k.hotListItems());
      return {
        rows: all.slice(offset, offset + limit),
        total: all.length,
        hasMore: offset + limit < all.length,
        cursor: null,
      };
    },
    hotTable: () =>
      tableOf(
        at,
        "hot-list",
        () => ColumnTable.from(HOT_LIST.kinds, eachHotItem(at), idPart),
      ),
  };
}

async function* eachOpportunity(
  { port, k }: Opened,
): AsyncGenerator<Opportunity> {
  const prefix = k.opportunities();
  const list = port.list<StoredOpportunity>({ prefix });
  for await (const { value } of list) yield withoutPlace(value);
}

async function opportunitiesOf(
  { port, k }: Opened,
  ids: Iterable<string>,
): Promise<Map<string, Opportunity>> {
  const found = await recordsOf<StoredOpportunity>(port, ids, k.opportunity);
  return new Map([...found].map(([id, stored]) => [id, withoutPlace(stored)]));
}

async function* eachHotItem({ port, k }: Opened): AsyncGenerator<HotItem> {
  const list = port.list<HotItem>({ prefix: k.hotListItems() });
  for await (const { value } of list) yield value;
}

/** An opportunity as it was normalized. */
export function withoutPlace(
  { hot: _hot, trail: _trail, ...opportunity }: StoredOpportunity,
): Opportunity {
  return opportunity;
}
