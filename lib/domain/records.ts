/** The five things a tenant has in ClientTether, in the order in which a sync asks for them. */
export const STREAMS = [
  "cycles",
  "leads",
  "opportunities",
  "notes",
  "activities",
] as const;
export type StreamName = typeof STREAMS[number];

/**
 * What every normalized record says about values that could not be taken as they came:
 * sentences such as "created: '2024-02-30' is not a date". Empty when nothing was odd.
 */
export type Remarks = string[];

/** A person in the CRM (a ClientTether *client*). Text is trimmed; blank and unknown text is null. */
export interface Lead {
  id: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  email: string | null;
  phone: string | null;
  city: string | null;
  state: string | null;
  /** By the tenant's aliases, else "city, state", else whichever is there, else null. */
  market: string | null;
  /** Number of units wanted. */
  units: number | null;
  /** Trimmed, case kept; null reads "Not recorded". */
  source: string | null;
  /** Stage name, trimmed; blank is "New Lead". */
  stage: string;
  /** "1" is a prospect; blank counts as "1". */
  contactType: string;
  assignedTo: string | null;
  /** Integer cents; null when there is no size (0 is no size too). */
  dealSizeCents: number | null;
  /** ISO 8601 in UTC, milliseconds always written. */
  createdAt: string | null;
  updatedAt: string | null;
  remarks: Remarks;
}

/** A deal. Its money is counted by opportunity, its person by `clientId`. */
export interface Opportunity {
  id: string;
  clientId: string | null;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  source: string | null;
  stage: string;
  contactType: string;
  assignedTo: string | null;
  /** Integer cents; null when there is no size. Negative amounts are kept. */
  dealSizeCents: number | null;
  /** By the tenant's aliases on the opportunity itself; the lead's are used where these are null. */
  market: string | null;
  units: number | null;
  createdAt: string | null;
  updatedAt: string | null;
  remarks: Remarks;
}

/** One stage of a tenant's sales cycle. A stage is the pair (contactType, name). */
export interface SalesCycle {
  id: string;
  /** Trimmed, case kept. */
  name: string;
  contactType: string;
  contactTypeName: string | null;
  active: boolean;
  /** Null: the stage lies outside every boundary. */
  order: number | null;
  /** 0-100, fractions kept; null when it is not a number in that range. */
  likelihoodPct: number | null;
  remarks: Remarks;
}

/** A note on a person. `raw` is the JSON text of the record as ClientTether sent it. */
export interface Note {
  id: string;
  contactId: string | null;
  noteDate: string | null;
  author: string | null;
  content: string | null;
  raw: string;
  /** When the portal stored it first. */
  createdAt: string;
  remarks: Remarks;
}

/** A scheduled activity. `raw` is the JSON text of the record as ClientTether sent it. */
export interface Activity {
  id: string;
  activityType: string | null;
  scheduledAt: string | null;
  contactName: string | null;
  contactId: string | null;
  description: string | null;
  status: string | null;
  raw: string;
  /** When the portal stored it first. */
  createdAt: string;
  remarks: Remarks;
}

/** The normalized record of each stream. */
export interface RecordOf {
  cycles: SalesCycle;
  leads: Lead;
  opportunities: Opportunity;
  notes: Note;
  activities: Activity;
}

/** The part of a tenant that figures and normalization depend on. */
export interface TenantSettings {
  /** IANA zone. */
  timezone: string;
  /** ISO 4217. */
  currency: string;
  qualifiedFrom: string;
  qualifiedTo: string;
  hotFrom: string;
  hotTo: string;
  /** Upstream field names that are tried before the default aliases. */
  fieldAliases: { market?: string[]; units?: string[] };
}

export const DEFAULT_SETTINGS: Omit<TenantSettings, "timezone"> = {
  currency: "USD",
  qualifiedFrom: "QR Returned",
  qualifiedTo: "FA Sent",
  hotFrom: "Deal Structure",
  hotTo: "FA Sent",
  fieldAliases: {},
};

/** The settings alone, of a tenant that has more than these. */
export function settingsOf(tenant: TenantSettings): TenantSettings {
  const { timezone, currency, fieldAliases } = tenant;
  const { qualifiedFrom, qualifiedTo, hotFrom, hotTo } = tenant;
  return {
    timezone,
    currency,
    qualifiedFrom,
    qualifiedTo,
    hotFrom,
    hotTo,
    fieldAliases,
  };
}

/** The contact type of a prospect. */
export const PROSPECT = "1";
/** The stage of a record whose stage is blank. */
export const NEW_LEAD = "New Lead";
