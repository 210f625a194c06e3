import type { Standing, StandingChange } from "./history.ts";
import { NEW_LEAD } from "./records.ts";
import { isProspect } from "./stages.ts";
import type { PipelineView } from "./views.ts";

/** From so many opportunities that entered a stage on, a share of them says something. */
export const LEAST_ENTERED = 5;

/** What became of the opportunities that entered a stage in a period. */
export interface StageConversion {
  stage: string;
  /** Distinct opportunities that entered it in the period, from another stage or as new ones. */
  entered: number;
  /** Those of them that went on to a later stage by the end of the period. */
  wentOn: number;
  /** Those that did not, and by its end are in no active stage any more: inactive, unknown, or gone. */
  left: number;
  /** `wentOn` of `entered`, 0-100, not rounded; null where too few entered. */
  percent: number | null;
}

/** What became of who entered a stage: went on, is in no active stage any more, or is there still or went back. */
export const FATES = ["went-on", "left", "stayed"] as const;
export type Fate = typeof FATES[number];

/** The first entry of an opportunity into a stage in a period, and what became of it by the period's end. */
export interface StageEntry {
  /** Of the opportunity. */
  id: string;
  stage: string;
  /** Start of the sync that saw it, ISO 8601 UTC. */
  at: string;
  fate: Fate;
}

/**
 * Who entered each stage of the pipeline, the stages in CRM order, and what became of them.
 *
 * @param changes of the period, oldest first
 */
export function stageEntries(
  changes: readonly StandingChange[],
  { stages, after }: Pick<PipelineView, "stages" | "after">,
): StageEntry[] {
  const place = new Map(
    [...stages, ...after].map(({ stage }, index) => [stage, index]),
  );
  const placeOf = (standing: Standing | null): number | undefined =>
    standing && isProspect(standing)
      ? place.get(standing.stage.trim() || NEW_LEAD)
      : undefined;
  const histories = new Map<string, StandingChange[]>();
  for (const change of changes) {
    const history = histories.get(change.id);
    if (history) history.push(change);
    else histories.set(change.id, [change]);
  }
  const walks = [...histories].map(([id, history]) => ({
    id,
    history,
    walk: history.map(({ from, to }) => [placeOf(from), placeOf(to)]),
  }));
  return stages.flatMap(({ stage }, here) =>
    walks.flatMap(({ id, history, walk }): StageEntry[] => {
      const entry = walk.findIndex(([was, is]) => is === here && was !== here);
      if (entry < 0) return [];
      const wentOn = walk.slice(entry + 1).some(([, is]) =>
        is !== undefined && is > here
      );
      const fate = wentOn
        ? "went-on"
        : walk.at(-1)![1] === undefined
        ? "left"
        : "stayed";
      return [{ id, stage, at: history[entry]!.at, fate }];
    })
  );
}

/**
 * How opportunities went on from stage to stage, for every stage of the pipeline in CRM order.
 *
 * @param changes of the period, oldest first
 */
export function stageConversions(
  changes: readonly StandingChange[],
  view: Pick<PipelineView, "stages" | "after">,
): StageConversion[] {
  const entries = Map.groupBy(
    stageEntries(changes, view),
    ({ stage }) => stage,
  );
  return view.stages.map(({ stage }) => {
    const own = entries.get(stage) ?? [];
    const count = (fate: Fate) =>
      own.filter((entry) => entry.fate === fate).length;
    const [entered, wentOn] = [own.length, count("went-on")];
    return {
      ...{ stage, entered, wentOn, left: count("left") },
      percent: entered >= LEAST_ENTERED ? wentOn / entered * 100 : null,
    };
  });
}
