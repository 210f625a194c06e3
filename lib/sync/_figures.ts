import {
  buildStageModel,
  CHANGES_FOR_TIMES,
  type CountedLead,
  type CountedOpportunity,
  createLeadFigures,
  createPipelineFigures,
  createStageTimes,
  hotItemOf,
  kpisOf,
  type Opportunity,
  type PipelineView,
  type SalesCycle,
  settingsOf,
  type StageModel,
  type StageTimeFigures,
  type StageTimes,
  type TenantSettings,
} from "../domain/mod.ts";
import {
  type DayViews,
  giveWay,
  type HotFinder,
  type HotPlace,
  isTimeToGiveWay,
  type PlaceOf,
  type StoredOpportunity,
  type SyncWriter,
} from "../store/mod.ts";

/** Finds hot places by the sales cycles and leads that are stored now. */
export async function createHotFinder(
  writer: SyncWriter,
  settings: TenantSettings,
): Promise<HotFinder> {
  const stages = buildStageModel(await writer.cycles(), settings);
  return (opportunities) => placesOf(writer, stages, opportunities);
}

/** The places of these opportunities; one read of the leads behind the hot ones. */
async function placesOf(
  writer: Pick<SyncWriter, "leadsOf">,
  stages: StageModel,
  opportunities: readonly Opportunity[],
): Promise<PlaceOf> {
  const hot = opportunities.filter(({ contactType, stage }) =>
    stages.isHot(contactType, stage)
  );
  const clients = await writer.leadsOf(
    hot.flatMap(({ clientId }) => clientId ?? []),
  );
  return (opportunity) => {
    const client = clients.get(opportunity.clientId ?? "") ?? null;
    return hotItemOf(opportunity, client, stages);
  };
}

/** Hot places rewritten at a time. */
const MOVES = 200;
/** Opportunities whose places are looked up at a time. */
const LOOKED_UP = 500;

/** Where figures are computed from, and where places in the hot list that have moved are told. */
export type FigureStore = Pick<
  SyncWriter,
  | "cycles"
  | "leads"
  | "opportunities"
  | "leadsOf"
  | "moveInHotList"
  | "newestChanges"
  | "lastNotesAt"
>;

export interface Figures {
  views: DayViews;
  /** Leads that are prospects. */
  prospects: number;
}

/** The records that figures are computed from, wherever they come from. */
export interface FigureSource {
  cycles(): Promise<SalesCycle[]>;
  opportunities(): AsyncIterable<CountedOpportunity | StoredOpportunity>;
  leads(): AsyncIterable<CountedLead>;
  /** What syncs saw earlier; absent where the records come from raw, which does not tell it. */
  history?: Pick<FigureStore, "newestChanges" | "leadsOf" | "lastNotesAt">;
}

/** The day and the moment that figures are computed for. */
export interface FiguresFor {
  /** YYYY-MM-DD in the tenant's zone. */
  day: string;
  /** ISO 8601 UTC. */
  computedAt: string;
}

/** The three view documents of a day, in one pass over the opportunities and then the leads. */
export async function figuresOf(
  source: FigureSource,
  settings: TenantSettings,
  at: FiguresFor,
): Promise<Figures> {
  const stages = buildStageModel(await source.cycles(), settings);
  const leads = createLeadFigures(stages, settings);
  const pipeline = createPipelineFigures(stages);
  const times = source.history &&
    createStageTimes(stages, settings.timezone);
  let hotCount = 0;
  for await (const opportunity of source.opportunities()) {
    if (isTimeToGiveWay()) await giveWay();
    pipeline.add(opportunity);
    if ("clientId" in opportunity) times?.add(opportunity);
    const { contactType, stage } = opportunity;
    if (stages.isHot(contactType, stage)) hotCount++;
  }
  for await (const lead of source.leads()) {
    if (isTimeToGiveWay()) await giveWay();
    leads.add(lead);
    pipeline.addLead(lead);
  }
  const leadMetrics = { ...leads.result(at), settings: settingsOf(settings) };
  const pipelineView: PipelineView = {
    ...pipeline.result(at),
    ...times ? await timesOf(times, source.history!) : {},
  };
  return {
    views: {
      leads: leadMetrics,
      pipeline: pipelineView,
      kpis: kpisOf(leadMetrics, pipelineView, hotCount),
    },
    prospects: leadMetrics.totalLeads,
  };
}

async function timesOf(
  times: StageTimeFigures,
  history: NonNullable<FigureSource["history"]>,
): Promise<Pick<PipelineView, "stageTimes" | "medianStayDays">> {
  for await (const change of history.newestChanges(CHANGES_FOR_TIMES)) {
    times.addChange(change);
  }
  return await times.result(async (deals) => {
    const ids = deals.flatMap(({ clientId }) => clientId ?? []);
    const [clients, notes] = await Promise.all([
      history.leadsOf(ids),
      history.lastNotesAt(ids),
    ]);
    return ({ clientId }) => ({
      client: clients.get(clientId ?? "") ?? null,
      lastNoteAt: notes.get(clientId ?? "") ?? null,
    });
  });
}

/**
 * A pipeline view with the last note about each deal that it names: the one thing in it that notes change. The same
 * object where none has.
 */
export async function withLastNotes(
  view: PipelineView,
  store: Pick<FigureStore, "lastNotesAt">,
): Promise<PipelineView> {
  const rows = view.stageTimes ?? [];
  const deals = rows.flatMap(({ oldest }) => oldest);
  const notes = await store.lastNotesAt(
    deals.flatMap(({ clientId }) => clientId ?? []),
  );
  const lastOf = ({ clientId }: StageTimes["oldest"][number]) =>
    notes.get(clientId ?? "") ?? null;
  if (deals.every((deal) => deal.lastNoteAt === lastOf(deal))) return view;
  const stageTimes = rows.map((row) => ({
    ...row,
    oldest: row.oldest.map((deal) => ({ ...deal, lastNoteAt: lastOf(deal) })),
  }));
  return { ...view, stageTimes };
}

/**
 * The figures of a day with the times in stages as they are stored: history is what syncs saw, and a replay, which may
 * know less of it, leaves it as it is.
 */
export function withStoredTimes(
  views: DayViews,
  { pipeline }: { pipeline: PipelineView | null },
): DayViews {
  const { stageTimes, medianStayDays } = pipeline ?? {};
  if (!stageTimes) return views;
  const times = medianStayDays === undefined
    ? { stageTimes }
    : { stageTimes, medianStayDays };
  return { ...views, pipeline: { ...views.pipeline, ...times } };
}

/**
 * Computes today's view documents from what is stored, and puts right every place in the hot list that a changed
 * lead, stage or setting has moved; `moved` counts them.
 */
export async function computeFigures(
  writer: FigureStore,
  settings: TenantSettings,
  at: FiguresFor,
): Promise<Figures & { moved: number }> {
  const cycles = await writer.cycles();
  const stages = buildStageModel(cycles, settings);
  let moved = 0;
  const onMove = () => void moved++;
  const source: FigureSource = {
    cycles: () => Promise.resolve(cycles),
    opportunities: () => withHotListInOrder(writer, stages, onMove),
    leads: () => writer.leads(),
    history: writer,
  };
  return { ...await figuresOf(source, settings, at), moved };
}

/** The stored opportunities; on the way each gets the place in the hot list that it belongs to. */
async function* withHotListInOrder(
  writer: FigureStore,
  stages: StageModel,
  onMove: () => void,
): AsyncGenerator<StoredOpportunity> {
  let moves: { stored: StoredOpportunity; hot: HotPlace | null }[] = [];
  for await (const some of inRuns(writer.opportunities(), LOOKED_UP)) {
    const placeOf = await placesOf(writer, stages, some);
    for (const stored of some) {
      const hot = placeOf(stored);
      if (JSON.stringify(hot) !== JSON.stringify(stored.hot)) {
        moves.push({ stored, hot });
        onMove();
      }
      if (moves.length >= MOVES) {
        await writer.moveInHotList(moves);
        moves = [];
      }
      yield stored;
    }
  }
  if (moves.length > 0) await writer.moveInHotList(moves);
}

/** So many at a time, and the rest. */
async function* inRuns<T>(
  all: AsyncIterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let run: T[] = [];
  for await (const one of all) {
    run.push(one);
    if (run.length < size) continue;
    yield run;
    run = [];
  }
  if (run.length > 0) yield run;
}

/** Counts up when the views get other fields, so that they are computed anew. */
const VIEW_VERSION = 4;

/** The settings that figures depend on, as one text. */
export function figuresKey(tenant: TenantSettings): string {
  const { timezone, currency, qualifiedFrom, qualifiedTo, hotFrom, hotTo } =
    tenant;
  return JSON.stringify([
    VIEW_VERSION,
    timezone,
    currency,
    qualifiedFrom,
    qualifiedTo,
    hotFrom,
    hotTo,
  ]);
}
