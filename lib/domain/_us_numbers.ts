// What Intl writes of the numbers that pages are full of. The first formatter of a process costs it 15 ms, in which it
// learns of every language; pages in dollars do without. Tests hold both against each other.

/** Larger ones may have lost digits already. */
const MAX_DIGITS = 15;
const UNITS = ["", "K", "M", "B", "T"];
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

interface Decimal {
  sign: string;
  whole: string;
  fraction: string;
}

/**
 * A number with separators and at most so many decimals.
 *
 * @returns null where only Intl knows
 */
export function plainNumber(value: number, digits: 0 | 2): string | null {
  const read = readDecimal(Object.is(value, -0) ? "-0" : String(value));
  if (!read) return null;
  const { sign, whole, fraction } = rounded(read, digits);
  const decimals = fraction.replace(/0+$/, "");
  return sign + grouped(whole) + (decimals && `.${decimals}`);
}

/** Dollars in full, of plain decimal text, with so many decimals; null where only Intl knows. */
export function dollars(decimal: string, digits: 0 | 2): string | null {
  const read = readDecimal(decimal);
  if (!read) return null;
  const { sign, whole, fraction } = rounded(read, digits);
  return `${sign}$${grouped(whole)}${fraction && `.${fraction}`}`;
}

/** Dollars from a thousand upwards in three figures, of plain decimal text; null where only Intl knows. */
export function compactDollars(decimal: string): string | null {
  const read = readDecimal(decimal);
  if (!read || read.whole.length < 4) return null;
  const { sign, whole } = read;
  // What was rounded up may have a digit more: $999,950 is $1M.
  const figures = String(
    Number(whole.slice(0, 3)) + (whole.charAt(3) >= "5" ? 1 : 0),
  );
  const length = whole.length - 3 + figures.length;
  const unit = UNITS[Math.floor((length - 1) / 3)];
  if (unit === undefined) return null;
  const before = (length - 1) % 3 + 1;
  const decimals = figures.slice(before).replace(/0+$/, "");
  return `${sign}$${figures.slice(0, before)}${
    decimals && `.${decimals}`
  }${unit}`;
}

function readDecimal(text: string): Decimal | null {
  const [, sign, whole, fraction = ""] = PLAIN.exec(text) ?? [];
  if (sign === undefined || !whole || whole.length > MAX_DIGITS) return null;
  return { sign, whole, fraction };
}

/** Half is rounded away from zero, by the digits as they are written: 1.005 is 1.01. */
function rounded({ sign, whole, fraction }: Decimal, digits: number): Decimal {
  const kept = whole + fraction.slice(0, digits).padEnd(digits, "0");
  const up = fraction.charAt(digits) >= "5" ? 1n : 0n;
  const all = (BigInt(kept) + up).toString().padStart(digits + 1, "0");
  const point = all.length - digits;
  return { sign, whole: all.slice(0, point), fraction: all.slice(point) };
}

function grouped(whole: string): string {
  return whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
