/** Numbers as pages write them. Money is integer cents. */

const MINUS = "\u2212";
export const UNKNOWN = "\u2013";

export function countText(count: number): string {
  return minus(count.toLocaleString("en-US"));
}

/** "1 lead", "1,204 leads" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** "$1,250,000", "$1,234.50" */
export function moneyText(cents: number | null): string {
  if (cents === null) return UNKNOWN;
  const digits = cents % 100 === 0 ? 0 : 2;
  return minus(
    (cents / 100).toLocaleString("en-US", {
      style: "currency",
      currency: "USD",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
  );
}

/** "$1.25M", in full below a thousand */
export function shortMoney(cents: number | null): string {
  if (cents === null || Math.abs(cents) < 100_000) return moneyText(cents);
  return minus(
    (cents / 100).toLocaleString("en-US", {
      style: "currency",
      currency: "USD",
      notation: "compact",
      minimumFractionDigits: 0,
      maximumSignificantDigits: 3,
    }),
  );
}

/** "+6", "−3", "0" */
export function signed(
  value: number,
  write: (value: number) => string = countText,
): string {
  return value > 0 ? `+${write(value)}` : write(value);
}

/** Whole per cent of a total, halves away from zero. */
export function shareText(part: number, whole: number): string {
  return whole > 0 ? `${Math.round(part / whole * 100)}%` : UNKNOWN;
}

/** "12.5%" */
export function percentText(percent: number | null): string {
  return percent === null ? UNKNOWN : `${percent}%`;
}

/** "+6 (+19%) on 15 Mar (379)"; a percentage only from a base of 10 or more. */
export function deltaText(
  current: number,
  base: number,
  words: string,
  write: (value: number) => string = countText,
): string {
  const difference = current - base;
  const percent = halfAway(difference / base * 100);
  const share = base >= 10
    ? ` (${signed(percent, (value) => `${countText(value)}%`)})`
    : "";
  return `${signed(difference, write)}${share} on ${words} (${write(base)})`;
}

function halfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value)) + 0;
}

function minus(text: string): string {
  return text.startsWith("-")
    ? (/[1-9]/.test(text) ? MINUS : "") + text.slice(1)
    : text;
}
