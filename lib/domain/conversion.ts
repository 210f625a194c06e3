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

/**
 * How opportunities went on from stage to stage, for every stage of the pipeline in CRM order.
 *
 * @param changes of the period, oldest first
 */
export function stageConversions(
  changes: readonly StandingChange[],
  { stages, after }: Pick<PipelineView, "stages" | "after">,
): StageConversion[] {
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
  const rows = stages.map(({ stage }) => ({
    ...{ stage, entered: 0, wentOn: 0, left: 0 },
  }));
  for (const history of histories.values()) {
    const walk = history.map(({ from, to }) => [placeOf(from), placeOf(to)]);
    const last = walk.at(-1)![1];
    rows.forEach((row, here) => {
      const entry = walk.findIndex(([was, is]) => is === here && was !== here);
      if (entry < 0) return;
      row.entered++;
      const wentOn = walk.slice(entry + 1).some(([, is]) =>
        is !== undefined && is > here
      );
      if (wentOn) row.wentOn++;
      else if (last === undefined) row.left++;
    });
  }
  return rows.map((row) => ({
    ...row,
    percent: row.entered >= LEAST_ENTERED
      ? row.wentOn / row.entered * 100
      : null,
  }));
}
