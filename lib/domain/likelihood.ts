/**
 * Reads a likelihood to close: a number from 0 to 100, as a JSON number or as text, with or without a per cent
 * sign. Fractions are kept exactly ("12.5%" is 12.5). "0.25" is a quarter of one per cent, not 25.
 *
 * @returns the percentage, or null for everything else: a likelihood that is not known is never 0.
 */
export function parseLikelihood(value: unknown): number | null {
  const percentage = typeof value === "string"
    ? percentageOf(value)
    : typeof value === "number"
    ? value
    : NaN;
  // Adding 0 turns -0 into 0.
  return percentage >= 0 && percentage <= 100 ? percentage + 0 : null;
}

function percentageOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s?%?$/.exec(text.trim());
  return match ? Number(match[1]) : NaN;
}
