import { compareText } from "./_compare.ts";
import { compareDeals } from "./deals.ts";
import { daysInStage } from "./days_in_stage.ts";
import type { StandingChange } from "./history.ts";
import { candidateName, type HotOpportunity } from "./hot_list.ts";
import { NEW_LEAD } from "./records.ts";
import type { Lead } from "./records.ts";
import { isProspect, type StageModel } from "./stages.ts";
import { stageSince } from "./trail.ts";
import type { PipelineView, StageTimes, WaitingDeal } from "./views.ts";
import { dayNumber, localDay } from "./zones.ts";

/** From so many stays that have ended on, a brand has a median of its own for a stage. */
export const LEAST_STAYS = 5;
/** Longest stays that are named for each stage. */
export const NAMED_DEALS = 8;
/** So many of the newest changes say how long stays last. */
export const CHANGES_FOR_TIMES = 2_000;
/** A deal is stalled that is in its stage for longer than so many medians, but not before so many days. */
const MEDIANS = 2;
const LEAST_DAYS = 14;
/** Where a brand has no median at all yet. */
const DAYS_WITHOUT_MEDIAN = 30;

/** The part of an opportunity that times in stages are computed from. */
export type TimedOpportunity = Omit<HotOpportunity, "market" | "units">;

/** Takes opportunities and changes one by one, and keeps days, and the longest stays of each stage. */
export interface StageTimeFigures {
  add(opportunity: TimedOpportunity): void;
  /** A change of an opportunity; those that end a stay count. */
  addChange(change: StandingChange): void;
  /** @param lookUp told the deals that will be named, all at once */
  result(
    lookUp: (deals: readonly TimedOpportunity[]) => Promise<FindPerson>,
  ): Promise<Required<Pick<PipelineView, "stageTimes" | "medianStayDays">>>;
}

/** What is known of a deal's person. */
export type FindPerson = (deal: TimedOpportunity) => PersonOfDeal;

/** A name, and when the last note about the person was written. */
export interface PersonOfDeal {
  client: Pick<Lead, "firstName" | "lastName" | "company"> | null;
  /** ISO 8601 UTC. */
  lastNoteAt: string | null;
}

interface Tally {
  ended: number[];
  entered: Map<number, number>;
  atLeast: number;
  unknown: number;
  oldest: { deal: TimedOpportunity; since: string; atLeast: boolean }[];
}

/** An accumulator of how long opportunities stay in the stages of the pipeline. */
export function createStageTimes(
  model: StageModel,
  timezone: string,
): StageTimeFigures {
  const tallies = new Map(
    model.pipelineStages.map(({ name }) => [name, emptyTally()]),
  );
  const tallyOf = (standing: { stage: string; contactType: string }) =>
    isProspect(standing)
      ? tallies.get(standing.stage.trim() || NEW_LEAD)
      : undefined;
  const numberOf = (iso: string) =>
    dayNumber(localDay(Date.parse(iso), timezone));
  return {
    add(deal) {
      const tally = tallyOf(deal);
      if (!tally) return;
      const start = stageSince(deal.trail);
      if (!start) {
        tally.unknown++;
        return;
      }
      const { at: since, atLeast } = start;
      const day = numberOf(since);
      tally.entered.set(day, (tally.entered.get(day) ?? 0) + 1);
      if (atLeast) tally.atLeast++;
      keepOldest(tally.oldest, { deal, since, atLeast });
    },
    addChange({ from, to, since, at }) {
      const tally = from && since && !since.atLeast && tallyOf(from);
      const stays = to?.stage === from?.stage &&
        to?.contactType === from?.contactType;
      if (!tally || stays) return;
      tally.ended.push(Math.max(0, numberOf(at) - numberOf(since.at)));
    },
    async result(lookUp) {
      const all = [...tallies.values()];
      const personOf = await lookUp(
        all.flatMap(({ oldest }) => oldest.map(({ deal }) => deal)),
      );
      const ended = all.flatMap((tally) => tally.ended);
      return {
        stageTimes: [...tallies].map(([stage, tally]) => ({
          stage,
          ...timesOf(tally),
          oldest: tally.oldest.map((waiting) =>
            waitingDeal(waiting, personOf(waiting.deal))
          ),
        })),
        medianStayDays: timesOf({ ...emptyTally(), ended }).medianDays,
      };
    },
  };
}

function emptyTally(): Tally {
  return { ended: [], entered: new Map(), atLeast: 0, unknown: 0, oldest: [] };
}

/** In their order, the earliest first, and of the same time the largest. */
function keepOldest(oldest: Tally["oldest"], one: Tally["oldest"][number]) {
  oldest.push(one);
  oldest.sort((a, b) =>
    compareText(a.since, b.since) || compareDeals(a.deal, b.deal)
  );
  if (oldest.length > NAMED_DEALS) oldest.pop();
}

function waitingDeal(
  { deal, since, atLeast }: Tally["oldest"][number],
  { client, lastNoteAt }: PersonOfDeal,
): WaitingDeal {
  return {
    id: deal.id,
    clientId: deal.clientId,
    name: candidateName(deal, client),
    dealSizeCents: deal.dealSizeCents,
    since,
    atLeast,
    lastNoteAt,
  };
}

function timesOf({ ended, entered, atLeast, unknown }: Tally) {
  const sorted = ended.toSorted((a, b) => a - b);
  const enough = sorted.length >= LEAST_STAYS;
  return {
    ended: sorted.length,
    medianDays: enough ? medianOf(sorted) : null,
    middleDays: enough
      ? [sorted[rank(sorted, 0.25)]!, sorted[rank(sorted, 0.75)]!] as [
        number,
        number,
      ]
      : null,
    entered: [...entered].sort(([a], [b]) => a - b).flat(),
    atLeast,
    unknown,
  };
}

/** Between the two in the middle where their number is even. */
function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** The nearest rank. */
function rank(sorted: readonly number[], share: number): number {
  return Math.max(0, Math.ceil(sorted.length * share) - 1);
}

/** After how many days in a stage a deal is stalled, by the brand's own median. */
export function stalledAfter(medianDays: number | null): number {
  return medianDays === null
    ? DAYS_WITHOUT_MEDIAN
    : Math.max(LEAST_DAYS, MEDIANS * medianDays);
}

/** Times in a stage as a day's page shows them. */
export interface ShownStageTimes
  extends Pick<StageTimes, "stage" | "ended" | "medianDays" | "middleDays"> {
  /** Opportunities that stand in it and whose entry is known. */
  count: number;
  /** Those of them that have been there for longer than is usual. */
  stalled: number;
  /** Days of the longest stay; null where nobody is there. */
  longestDays: number | null;
}

/** A deal that has been in its stage for longer than is usual. */
export interface StalledDeal extends WaitingDeal {
  stage: string;
  days: number;
  /** Of the stage, or where it has none of all stages. */
  medianDays: number | null;
}

/** Times in stages and stalled deals of a day. */
export interface StageTimesShown {
  stages: ShownStageTimes[];
  /** Of the ended stays of all stages together; null where they are too few. */
  medianDays: number | null;
  /** The longest stays of each stage, the longest first, where they are as long the largest. */
  stalled: StalledDeal[];
  /** All that are stalled, named or not. */
  count: number;
}

/**
 * The deal where it has been in its stage for longer than is usual, by a day's figures; null where it has not, or
 * where they do not tell of its stage.
 *
 * @param timezone of the tenant
 */
export function stalledDealOf(
  deal: WaitingDeal,
  stage: string,
  { day, stageTimes, medianStayDays }: Pick<
    PipelineView,
    "day" | "stageTimes" | "medianStayDays"
  >,
  timezone: string,
): StalledDeal | null {
  const times = stageTimes?.find((row) => row.stage === stage);
  if (!times) return null;
  const medianDays = times.medianDays ?? medianStayDays ?? null;
  const start = { at: deal.since, atLeast: deal.atLeast };
  const { days } = daysInStage(start, day, timezone);
  if (days <= stalledAfter(medianDays)) return null;
  return { ...deal, stage, days, medianDays };
}

/** The longest stay first, of the same length the largest deal. */
export function compareStalled(a: StalledDeal, b: StalledDeal): number {
  return b.days - a.days || compareDeals(a, b);
}

/**
 * Times in stages and stalled deals by a day's last update; null where the day's figures hold none, being older.
 *
 * @param timezone of the tenant
 */
export function stageTimesOf(
  view: Pick<PipelineView, "day" | "stageTimes" | "medianStayDays">,
  timezone: string,
): StageTimesShown | null {
  const { day, stageTimes, medianStayDays = null } = view;
  if (!stageTimes) return null;
  const today = dayNumber(day);
  const usual = (days: number | null) => days ?? medianStayDays;
  const stages = stageTimes.map((row): ShownStageTimes => {
    const limit = stalledAfter(usual(row.medianDays));
    let [count, stalled] = [0, 0];
    for (let n = 0; n < row.entered.length; n += 2) {
      const [entered, deals] = [row.entered[n]!, row.entered[n + 1]!];
      count += deals;
      if (today - entered > limit) stalled += deals;
    }
    const { stage, ended, medianDays, middleDays } = row;
    const longestDays = count === 0
      ? null
      : Math.max(0, today - row.entered[0]!);
    return {
      ...{ stage, ended, medianDays, middleDays },
      ...{ count, stalled, longestDays },
    };
  });
  const stalled = stageTimes.flatMap(({ stage, oldest }) =>
    oldest.flatMap((deal) => stalledDealOf(deal, stage, view, timezone) ?? [])
  );
  return {
    stages,
    medianDays: medianStayDays,
    stalled: stalled.sort(compareStalled),
    count: stages.reduce((sum, row) => sum + row.stalled, 0),
  };
}
