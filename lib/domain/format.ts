/**
 * Numbers as people read them. An unknown value is an en dash, a negative one has a proper minus sign, which is
 * as wide as a tabular figure. Words and separators are those of the United States, as the portal's texts are.
 */

import { compactDollars, dollars, plainNumber } from "./_us_numbers.ts";

/** What stands for an unknown value. */
export const UNKNOWN = "\u2013";

const MINUS = "\u2212";

/**
 * Money in full: "$1,250,000"; cents are shown only where there are any: "$1,234.50".
 *
 * @param cents integer cents
 * @param currency ISO 4217
 * @throws {RangeError} when `currency` is not three letters
 */
export function formatMoney(cents: number | null, currency: string): string {
  if (cents === null) return UNKNOWN;
  const digits = cents % 100 === 0 ? 0 : 2;
  const decimal = decimalOf(cents);
  return withMinus(
    (currency === "USD" ? dollars(decimal, digits) : null) ??
      moneyFormat(currency, digits).format(decimal),
  );
}

/**
 * Money for a card, in three figures: "$1.25M", "$780K"; in full below a thousand.
 *
 * @param cents integer cents
 * @param currency ISO 4217
 * @throws {RangeError} when `currency` is not three letters
 */
export function formatMoneyCompact(
  cents: number | null,
  currency: string,
): string {
  if (cents === null || Math.abs(cents) < 100_000) {
    return formatMoney(cents, currency);
  }
  const decimal = decimalOf(cents);
  return withMinus(
    (currency === "USD" ? compactDollars(decimal) : null) ??
      compactFormat(currency).format(decimal),
  );
}

/** A count: "1,234". */
export function formatCount(count: number | null): string {
  return count === null
    ? UNKNOWN
    : withMinus(plainNumber(count, 0) ?? numberFormat(0).format(count));
}

/** A percentage given as such, 12.5 for "12.5%", with at most two decimals. */
export function formatPercent(percent: number | null): string {
  if (percent === null) return UNKNOWN;
  const text = plainNumber(percent, 2) ?? numberFormat(2).format(percent);
  return `${withMinus(text)}%`;
}

/** A difference with its sign: "+6", "−3", "0". `format` writes the number itself. */
export function formatSigned(
  value: number | null,
  format: (value: number | null) => string = formatCount,
): string {
  const text = format(value);
  return value !== null && value > 0 ? `+${text}` : text;
}

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(digits: 0 | 2): Intl.NumberFormat {
  return formatFor(`${digits}`, { maximumFractionDigits: digits });
}

function moneyFormat(currency: string, digits: 0 | 2): Intl.NumberFormat {
  return formatFor(`${currency} ${digits}`, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function compactFormat(currency: string): Intl.NumberFormat {
  return formatFor(`${currency} compact`, {
    style: "currency",
    currency,
    notation: "compact",
    minimumFractionDigits: 0,
    maximumSignificantDigits: 3,
  });
}

function formatFor(
  key: string,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat("en-US", options);
    formats.set(key, format);
  }
  return format;
}

/** Cents as plain decimal text, "-1234.50", exact where a division by 100 would not be. */
export function decimalOf(cents: number): `${number}` {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  const sign = cents < 0 ? "-" : "";
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}` as `${number}`;
}

/** Zero is never negative, not even where rounding made it so. */
function withMinus(text: string): string {
  if (!text.startsWith("-")) return text;
  return /[1-9]/.test(text) ? MINUS + text.slice(1) : text.slice(1);
}
