import {
  type BrandRecords,
  smallBrand,
  testActivity,
  testCycle,
  testLead,
  testNote,
  testOpportunity,
} from "../tests/_data.ts";

const STAGES = [
  "New Lead",
  "Initial Call",
  "QR Returned",
  "FDD Sent",
  "Deal Structure",
  "FA Sent",
  "FA Signed",
];
const SOURCES = ["Website", "Referral", "Expo", "Broker", null];
const NOW = Date.parse("2026-03-11T15:00:00.000Z");
const HOUR = 3_600_000;
const HALF_A_YEAR = 26 * 7 * 24 * HOUR;

/** A brand with so many leads, a fifth as many opportunities and notes, and 500 activities at most. */
export function largeBrand(leads: number): BrandRecords {
  const iso = (time: number) => new Date(time).toISOString();
  const many = <T>(count: number, one: (n: number) => T) =>
    Array.from({ length: count }, (_, n) => one(n));
  return {
    ...smallBrand("large"),
    cycles: STAGES.map((name, n) => testCycle(name, n + 1, 10 * n)),
    leads: many(leads, (n) =>
      testLead(String(n), {
        firstName: `First ${n % 997}`,
        stage: STAGES[n % STAGES.length]!,
        source: SOURCES[n % SOURCES.length]!,
        market: n % 3 === 0 ? `Market ${n % 200}` : null,
        createdAt: createdAt(n, leads),
      })),
    opportunities: many(leads / 5, (n) =>
      testOpportunity(`o${n}`, {
        clientId: String(n),
        stage: STAGES[n % STAGES.length]!,
        dealSizeCents: n % 9 === 0 ? null : 4_500_000 + n,
      })),
    notes: many(leads / 5, (n) =>
      testNote(`n${n}`, {
        contactId: String(n % 50),
        noteDate: iso(NOW - n * HOUR),
      })),
    activities: many(Math.min(500, leads / 5), (n) =>
      testActivity(`a${n}`, {
        contactId: String(n),
        scheduledAt: iso(NOW + n * HOUR),
      })),
  };
}

/** Over half a year, to the second, with gaps of any length between. */
function createdAt(n: number, leads: number): string {
  const gap = HALF_A_YEAR / leads;
  const jitter = (n * 2_654_435_761 % 2 ** 32) / 2 ** 32;
  const second = Math.floor((NOW - (n + jitter) * gap) / 1000);
  return new Date(second * 1000).toISOString();
}
