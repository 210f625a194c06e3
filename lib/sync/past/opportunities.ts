import {
  buildStageModel,
  ColumnTable,
  HOT_LIST,
  type HotItem,
  hotItemOf,
  type Opportunity,
  type RankedHotItem,
  type SalesCycle,
} from "../../domain/mod.ts";
import { idPart, type OpportunityReader } from "../../store/mod.ts";
import type { DayStream } from "../day_records.ts";
import { trailsThen } from "./history.ts";
import { byIdPart } from "./order.ts";
import { byId, type PastRecords } from "./records.ts";

/** Opportunities, hot list and stages as raw tells them of that day. */
export function pastOpportunities(at: PastRecords): OpportunityReader {
  return {
    opportunities: async function* () {
      yield* await opportunitiesThen(at);
    },
    opportunitiesOf: async (ids) => {
      const wanted = new Set(ids);
      const found = (await opportunitiesThen(at)).filter(({ id }) =>
        wanted.has(id)
      );
      return new Map(found.map((one) => [one.id, one]));
    },
    cycles: () => cyclesThen(at),
    listHotList: async ({ limit, offset }) => {
      const rows = await hotList(at);
      return {
        rows: rows.slice(offset, offset + limit),
        total: rows.length,
        hasMore: offset + limit < rows.length,
        cursor: null,
      };
    },
    hotTable: () => hotTable(at),
  };
}

/** Every opportunity of that day. */
export async function opportunitiesThen(
  at: PastRecords,
): Promise<readonly Opportunity[]> {
  const { opportunities } = await at.told("opportunities");
  return await at.rows(
    "opportunities",
    [opportunities],
    () => Array.fromAsync(opportunities.records()),
  );
}

/** The stages of that day. */
export async function cyclesThen(at: PastRecords): Promise<SalesCycle[]> {
  return await Array.fromAsync((await at.told("cycles")).cycles.records());
}

/** What a hot list is made of. */
type HotStreams = {
  [S in "cycles" | "opportunities" | "leads"]: DayStream<S>;
};

function hotStreams(at: PastRecords): Promise<HotStreams> {
  return at.told("cycles", "opportunities", "leads");
}

function versionsOf({ cycles, opportunities, leads }: HotStreams) {
  return [cycles, opportunities, leads];
}

async function hotTable(at: PastRecords): Promise<ColumnTable<HotItem>> {
  return await at.kept(
    "hot table",
    versionsOf(await hotStreams(at)),
    async () => ColumnTable.from(HOT_LIST.kinds, await hotList(at), idPart),
  );
}

async function hotList(at: PastRecords): Promise<readonly HotItem[]> {
  const streams = await hotStreams(at);
  return await at.rows(
    "hot list",
    versionsOf(streams),
    () => makeHotList(at, streams),
  );
}

async function makeHotList(
  at: PastRecords,
  { cycles, leads }: HotStreams,
): Promise<HotItem[]> {
  const stages = buildStageModel(
    await Array.fromAsync(cycles.records()),
    at.past.settings,
  );
  const hot = (await opportunitiesThen(at)).filter((one) =>
    stages.isHot(one.contactType, one.stage)
  );
  const clients = await byId(
    leads.some(hot.flatMap(({ clientId }) => clientId ?? [])),
  );
  const ids = hot.map(({ id }) => id);
  const trails = await trailsThen(at, "opportunities", ids);
  const places = hot.flatMap((one) => {
    const client = clients.get(one.clientId ?? "") ?? null;
    const trail = trails.get(one.id);
    const followed = trail ? { ...one, trail } : one;
    return hotItemOf(followed, client, stages) ?? [];
  });
  return places.sort(byRank).map(({ item }) => item);
}

/** As the rows of the hot list are stored: by rank, then by id. */
function byRank(a: RankedHotItem, b: RankedHotItem): number {
  return a.rank === b.rank ? byIdPart(a.item, b.item) : a.rank - b.rank;
}
