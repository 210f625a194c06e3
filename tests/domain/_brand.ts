import fc from "fast-check";
import {
  DEFAULT_SETTINGS,
  type Lead,
  type Opportunity,
  type SalesCycle,
  type TenantSettings,
} from "../../lib/domain/mod.ts";

/** A small brand whose figures the tests work out by hand. */

export const SETTINGS: TenantSettings = {
  ...DEFAULT_SETTINGS,
  timezone: "America/New_York",
};

/** Wednesday, 11 March 2026, 11:00 in New York; its clocks went forward on Sunday the 8th. */
export const AT = { day: "2026-03-11", computedAt: "2026-03-11T15:00:00.000Z" };

export function cycle(
  id: string,
  name: string,
  order: number | null,
  likelihoodPct: number | null,
  more: Partial<SalesCycle> = {},
): SalesCycle {
  return {
    id,
    name,
    contactType: "1",
    contactTypeName: "Prospect",
    active: true,
    order,
    likelihoodPct,
    remarks: [],
    ...more,
  };
}

export function lead(id: string, more: Partial<Lead> = {}): Lead {
  return {
    id,
    firstName: null,
    lastName: null,
    company: null,
    email: null,
    phone: null,
    city: null,
    state: null,
    market: null,
    units: null,
    source: null,
    stage: "New Lead",
    contactType: "1",
    assignedTo: null,
    dealSizeCents: null,
    createdAt: null,
    updatedAt: null,
    remarks: [],
    ...more,
  };
}

export function opportunity(
  id: string,
  more: Partial<Opportunity> = {},
): Opportunity {
  return {
    id,
    clientId: null,
    firstName: null,
    lastName: null,
    company: null,
    source: null,
    stage: "New Lead",
    contactType: "1",
    assignedTo: null,
    dealSizeCents: null,
    market: null,
    units: null,
    createdAt: null,
    updatedAt: null,
    remarks: [],
    ...more,
  };
}

export const CYCLES: SalesCycle[] = [
  cycle("1", "New Lead", 1, 5),
  cycle("2", "QR Sent", 2, 10),
  cycle("3", "QR Returned", 3, 20),
  cycle("4", "FDD Sent", 4, 12.5),
  cycle("5", "Deal Structure", 5, 60),
  cycle("6", "FA Sent", 6, null),
  cycle("7", "FA Signed", 7, 100),
  cycle("8", "Future Interest", null, 1),
  // Inactive, though its order lies between the boundaries.
  cycle("9", "Dead Lead", 5, 0, { active: false }),
  cycle("10", "Not Interested", 2, 0, { active: false }),
  cycle("11", "Deal Structure", 1, 90, { contactType: "2" }),
];

export const LEADS: Lead[] = [
  // Monday 00:00 of this week.
  lead("L1", { source: "Website", createdAt: "2026-03-09T04:00:00.000Z" }),
  // Now.
  lead("L2", { stage: "", createdAt: "2026-03-11T15:00:00.000Z" }),
  // One millisecond from now.
  lead("L3", {
    stage: "QR Returned",
    source: "Website",
    createdAt: "2026-03-11T15:00:00.001Z",
  }),
  // The last millisecond of last week.
  lead("L4", {
    stage: "QR Returned",
    source: "Referral",
    createdAt: "2026-03-09T03:59:59.999Z",
  }),
  // Monday 00:00 of last week.
  lead("L5", {
    stage: " FDD Sent ",
    source: " Website ",
    createdAt: "2026-03-02T05:00:00.000Z",
  }),
  // Last Wednesday, 11:00.
  lead("L6", {
    stage: "Deal Structure",
    source: "website",
    createdAt: "2026-03-04T16:00:00.000Z",
  }),
  // One millisecond later.
  lead("L7", {
    stage: "FA Sent",
    source: "Referral",
    createdAt: "2026-03-04T16:00:00.001Z",
  }),
  // The last millisecond of the week before last.
  lead("L8", {
    stage: "FA Signed",
    source: "Website",
    createdAt: "2026-03-02T04:59:59.999Z",
  }),
  lead("L9", { stage: "Future Interest" }),
  // 800 days before the day of the view.
  lead("L10", {
    stage: "Dead Lead",
    source: "Referral",
    createdAt: "2024-01-01T12:00:00.000Z",
  }),
  // 22 days before now.
  lead("L11", {
    stage: "Mystery",
    source: "Website",
    createdAt: "2026-02-17T15:00:00.000Z",
  }),
  lead("L12", {
    contactType: "",
    stage: "QR Sent",
    source: "Expo",
    createdAt: "2099-01-01T00:00:00.000Z",
  }),
  // A vendor: kept, and left out of every figure.
  lead("L13", {
    contactType: "2",
    stage: "Deal Structure",
    source: "Vendor list",
    createdAt: "2026-03-10T15:00:00.000Z",
  }),
];

export const OPPORTUNITIES: Opportunity[] = [
  opportunity("O1", { stage: "QR Returned", dealSizeCents: 4_500_000 }),
  opportunity("O2", { stage: "QR Returned" }),
  opportunity("O3", { stage: "FDD Sent", dealSizeCents: 4_950_050 }),
  opportunity("O4", { stage: "FDD Sent", dealSizeCents: -50_000 }),
  opportunity("O5", { stage: "Deal Structure", dealSizeCents: 3 }),
  opportunity("O6", { stage: "FA Sent", dealSizeCents: 10_000_000 }),
  opportunity("O7", { stage: "Deal Structure" }),
  opportunity("O8", { stage: "FA Signed", dealSizeCents: 4_000_000 }),
  opportunity("O9", { stage: "Future Interest" }),
  opportunity("O10", { stage: "Dead Lead", dealSizeCents: 1_000_000 }),
  opportunity("O11", { stage: "Mystery", dealSizeCents: 2_000_000 }),
  opportunity("O12", {
    contactType: "2",
    stage: "Deal Structure",
    dealSizeCents: 99_999_900,
  }),
  opportunity("O13", { contactType: "", stage: "", dealSizeCents: 100 }),
];

const stageNames = fc.constantFrom(
  ...new Set(CYCLES.map(({ name }) => name)),
  "",
  "Mystery",
  "Elsewhere",
);
const contactTypes = fc.constantFrom("1", "1", "1", "", "2");

/** Leads of any stage, source and date, ids distinct. */
export const anyLeads = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    stage: stageNames,
    contactType: contactTypes,
    source: fc.option(fc.constantFrom("Website", "website", "Expo", " ")),
    createdAt: fc.option(
      fc.integer({ min: 0, max: Date.UTC(2100, 0) })
        .map((time) => new Date(time).toISOString()),
    ),
  }).map(({ id, ...more }) => lead(id, more)),
  { selector: ({ id }) => id, maxLength: 60 },
);

/** Opportunities of any stage and size, mistyped ones too, ids distinct. */
export const anyOpportunities = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    stage: stageNames,
    contactType: contactTypes,
    dealSizeCents: fc.option(fc.oneof(
      fc.integer({ min: -1e7, max: 1e9 }),
      fc.maxSafeInteger(),
    )),
  }).map(({ id, ...more }) => opportunity(id, more)),
  { selector: ({ id }) => id, maxLength: 60 },
);
