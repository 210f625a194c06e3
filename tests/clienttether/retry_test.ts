import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
  retryDelay,
} from "../../lib/clienttether/mod.ts";
import { START } from "./_helpers.ts";

const transient = { kind: "transient", retryAfterMs: null } as const;

describe("retryDelay()", () => {
  it("waits 1, 2 and 4 s after a failure that can pass, then gives up", () => {
    const delays = [1, 2, 3, 4, 5].map((n) => retryDelay(n, transient));
    expect(delays).toEqual([1000, 2000, 4000, null, null]);
  });

  it("never waits for what will not pass", () => {
    for (
      const kind of ["refused", "terminal", "not_found", "damaged"] as const
    ) {
      expect(retryDelay(1, { kind, retryAfterMs: 5 })).toBe(null);
    }
  });

  it("obeys a Retry-After up to 60 s and gives up above", () => {
    const limited = (retryAfterMs: number | null) =>
      retryDelay(1, { kind: "rate_limited", retryAfterMs });
    expect(limited(null)).toBe(1000);
    expect(limited(7000)).toBe(7000);
    expect(limited(MAX_RETRY_AFTER_MS)).toBe(60_000);
    expect(limited(MAX_RETRY_AFTER_MS + 1)).toBe(null);
  });

  it("gives up after four tries, whatever Retry-After says", () => {
    expect(retryDelay(4, { kind: "rate_limited", retryAfterMs: 10 })).toBe(
      null,
    );
  });
});

describe("parseRetryAfter()", () => {
  it("reads seconds", () => {
    expect(parseRetryAfter("3", START)).toBe(3000);
    expect(parseRetryAfter(" 1.5 ", START)).toBe(1500);
  });

  it("reads an HTTP date as the time from now", () => {
    const date = new Date(START + 42_000).toUTCString();
    expect(parseRetryAfter(date, START)).toBe(42_000);
  });

  it("knows nothing of a past date, of zero and of garbage", () => {
    const past = new Date(START - 1000).toUTCString();
    const headers = [
      null,
      "",
      past,
      "0",
      "-5",
      "soon",
      "in 5",
      "NaN",
      "Infinity",
      "1e9",
      "5, 5",
      "2026-07-01T12:00:10Z",
      "Wed, 99 Jul 2026 12:00:10 GMT",
    ];
    for (const header of headers) {
      expect([header, parseRetryAfter(header, START)]).toEqual([header, null]);
    }
  });

  it("cuts an absurd wait to a day", () => {
    expect(parseRetryAfter("9".repeat(400), START)).toBe(86_400_000);
  });

  it("is null or a positive whole number of milliseconds for any header", () => {
    const header = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
    );
    fc.assert(fc.property(header, (text) => {
      const ms = parseRetryAfter(text, START);
      if (ms === null) return;
      expect(Number.isInteger(ms)).toBe(true);
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(86_400_000);
    }));
  });

  it("finds the date that was written, to the second", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 86_400 }), (seconds) => {
      const date = new Date(START + seconds * 1000).toUTCString();
      expect(parseRetryAfter(date, START)).toBe(seconds * 1000);
    }));
  });
});
