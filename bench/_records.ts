import {
  type BrandRecords,
  smallBrand,
  testActivity,
  testLead,
  testNote,
  testOpportunity,
} from "../tests/_data.ts";
import { sizeOf } from "./_brand.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Two years of leads, whatever their number. */
const DAYS = 730;
/** Rows of the hot list. */
const HOT = 40;
const STAGES = [
  "New Lead",
  "QR Returned",
  "Deal Structure",
  "FA Sent",
  "FA Signed",
  "Lost",
];
const SOURCES = [
  "Web",
  "Expo",
  "Referral",
  "Broker",
  "Portal A",
  "Portal B",
  "Social",
  "Print",
  null,
];

/** The records of a brand of so many leads, the same ones every time, as they stand at `now` (epoch milliseconds). */
export function brandOf(leads: number, now: number): BrandRecords {
  const { opportunities, notes, activities } = sizeOf(leads);
  const at = (n: number, of: number) =>
    new Date(now - Math.floor(((of - n) / of) * DAYS * DAY)).toISOString();
  const times = <T>(count: number, make: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, n) => make(n));
  return {
    cycles: smallBrand("bench").cycles,
    leads: times(leads, (n) =>
      testLead(`l${n}`, {
        source: SOURCES[(n * 7) % SOURCES.length]!,
        stage: STAGES[(n * 5) % STAGES.length]!,
        market: `Market ${n % 40}`,
        createdAt: at(n, leads),
      })),
    opportunities: times(opportunities, (n) =>
      testOpportunity(`o${n}`, {
        clientId: `l${2 * n}`,
        // As many are close to their end, whatever the brand: a page's cost is to be that of the brand, not of its rows.
        stage: n < HOT ? "Deal Structure" : STAGES[n % 2]!,
        dealSizeCents: 1_000_00 * (1 + n % 90),
        market: `Market ${n % 40}`,
        createdAt: at(n, opportunities),
      })),
    notes: times(notes, (n) =>
      testNote(`n${n}`, {
        contactId: `l${n}`,
        noteDate: at(n, notes),
        content: `Called about territory ${n % 97}; wants the FDD. `.repeat(3),
      })),
    activities: times(activities, (n) =>
      testActivity(`a${n}`, {
        contactId: `l${n}`,
        scheduledAt: new Date(now + (n + 1) * DAY / 4).toISOString(),
      })),
  };
}
