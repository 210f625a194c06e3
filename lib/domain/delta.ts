/** A figure beside the one it is compared with. */
export interface Delta {
  /** Null where either figure is unknown. */
  difference: number | null;
  /** Of the comparison, not rounded; null from a base below 10, where a percentage says nothing. */
  percent: number | null;
}

/** The least comparison from which a percentage is told. */
const LEAST_BASE = 10;

/** Current minus comparison. */
export function delta(
  current: number | null,
  comparison: number | null,
): Delta {
  if (current === null || comparison === null) {
    return { difference: null, percent: null };
  }
  const difference = current - comparison;
  return {
    difference,
    percent: comparison >= LEAST_BASE ? difference / comparison * 100 : null,
  };
}
