/** One measured figure. Speeds are ratios of two things measured in the same run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it should be: at most, or at least, this. */
  goal: { atMost: number } | { atLeast: number };
}

export function holds({ value, goal }: Figure): boolean {
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** A bench: measures, and hands over each figure as it is known. */
export type Bench = (report: (figure: Figure) => void) => Promise<void>;

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle one of the values, of an even number the upper of both. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
