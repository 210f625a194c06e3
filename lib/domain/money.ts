/**
 * Money in integer cents. A CRM's amounts are text that people typed, so an amount is taken only where
 * there is no doubt about it; everything else is "no size", which is null and never 0.
 */

/**
 * An optional minus before or after an optional dollar sign, digits either plain or in groups of three,
 * and an optional fraction of any length.
 */
const AMOUNT =
  /^([-\u2212]?)\$?([-\u2212]?)\s?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/;

/**
 * Reads an amount as integer cents: "$1,234.50", "1234.5", "-$500" or a JSON number.
 * More than two decimals are rounded half away from zero.
 *
 * @returns the cents; null ("no size") for 0, which CRMs write for "not filled in", for anything that is
 * not plainly an amount ("(500)", "1.5M", "NaN") and for what no safe integer holds.
 *
 * @example
 * ```ts
 * import { parseMoneyCents } from "./money.ts";
 *
 * if (parseMoneyCents("$1,234.50") !== 123450) throw new Error();
 * if (parseMoneyCents("0") !== null) throw new Error();
 * ```
 */
export function parseMoneyCents(value: unknown): number | null {
  const text = amountText(value);
  const match = text === null ? null : AMOUNT.exec(text);
  if (!match) return null;
  const [, before = "", after = "", whole = "", fraction = ""] = match;
  if (before !== "" && after !== "") return null;
  const cents = centsOf(whole.replaceAll(",", ""), fraction);
  if (cents === 0 || !Number.isSafeInteger(cents)) return null;
  return before + after === "" ? cents : -cents;
}

/**
 * The share of an amount at a likelihood, in whole cents, rounded half away from zero. Exact: the likelihood
 * counts as the decimal it is written as (12.5 is 125/10), so no binary fraction moves a cent.
 *
 * @param sizeCents integer cents, negative amounts too
 * @param likelihoodPct 0-100
 */
export function weightedCents(
  sizeCents: number,
  likelihoodPct: number,
): number {
  const product = sizeCents * likelihoodPct;
  if (Number.isInteger(likelihoodPct) && Number.isSafeInteger(product)) {
    const rest = product % 100;
    const away = Math.abs(rest) >= 50 ? Math.sign(product) : 0;
    return (product - rest) / 100 + away + 0;
  }
  const { digits, scale } = decimalOf(likelihoodPct);
  return Number(
    divideHalfAway(BigInt(sizeCents) * digits, 100n * 10n ** BigInt(scale)),
  );
}

/**
 * `dividend / divisor` rounded half away from zero.
 *
 * @param divisor more than 0
 */
export function divideHalfAway(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

function amountText(value: unknown): string | null {
  if (typeof value === "string") return value.trim();
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const text = String(value);
  // 1e21 and 1e-7: more than a safe integer holds, and less than half a cent.
  return text.includes("e") ? null : text;
}

/** Cents of decimal digits; not a safe integer where they are too many. */
function centsOf(whole: string, fraction: string): number {
  const cents = Number(whole) * 100 +
    Number(fraction.padEnd(2, "0").slice(0, 2));
  return cents + (fraction.charAt(2) >= "5" ? 1 : 0);
}

/** A number as the decimal that it is written as: `digits / 10^scale`. */
function decimalOf(value: number): { digits: bigint; scale: number } {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  return { digits: BigInt(whole + fraction), scale: Math.max(scale, 0) };
}
