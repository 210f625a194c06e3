import type { StageChange } from "./history.ts";
import type { PipelineView } from "./views.ts";
import { type StageMove, stageMoves } from "./weekly_report.ts";

/**
 * Where a move leads, by the CRM's order of active stages: `forward` and `back`, `past` the pipeline to a stage after
 * it, `out` to a stage that is inactive or unknown, `returned` from one.
 */
export type Direction = "forward" | "back" | "past" | "out" | "returned";

/** How many opportunities went from one stage to another. */
export interface DirectedMove extends StageMove {
  /** Null between two stages that are both inactive or unknown. */
  direction: Direction | null;
}

/** What moved between stages in a period. */
export interface Movement {
  /** Most first, then by name. */
  moves: DirectedMove[];
  /** Moves by direction; an opportunity that moved twice counts twice. */
  counts: Record<Direction, number>;
  /** Distinct opportunities that moved. */
  opportunities: number;
}

/** Sums up stage changes by the order that the stages have in a view. */
export function movementOf(
  changes: readonly StageChange[],
  { stages, after }: Pick<PipelineView, "stages" | "after">,
): Movement {
  const place = new Map(
    [...stages, ...after].map(({ stage }, index) => [stage, index]),
  );
  const counts = { forward: 0, back: 0, past: 0, out: 0, returned: 0 };
  const moves = stageMoves(changes).map((move) => {
    const direction = directionOf(
      place.get(move.from),
      place.get(move.to),
      stages.length,
    );
    if (direction) counts[direction] += move.count;
    return { ...move, direction };
  });
  const opportunities =
    new Set(changes.map(({ opportunityId }) => opportunityId)).size;
  return { moves, counts, opportunities };
}

/** @param end place of the first stage after the pipeline */
function directionOf(
  from: number | undefined,
  to: number | undefined,
  end: number,
): Direction | null {
  if (from !== undefined && to !== undefined) {
    if (from < end && to >= end) return "past";
    return to > from ? "forward" : "back";
  }
  if (from !== undefined) return "out";
  return to === undefined ? null : "returned";
}
