/** The lists that the simulated API serves. */
export const SIMULATED_STREAMS = [
  "cycles",
  "leads",
  "opportunities",
  "notes",
  "activities",
  "sources",
] as const;
export type SimulatedStream = typeof SIMULATED_STREAMS[number];

/**
 * How fields are named: as the vendor's public pages and public callers have them
 * (`client_id`, `firstName`, ...), or as the product's brief does (`id`,
 * `contact_id`, `created_at`, ...).
 */
export type Spelling = "documented" | "brief";

/** A record as it goes over the wire. */
export type WireRow = Record<string, unknown>;

/**
 * A record that is served verbatim: an object, or its JSON text where the text matters
 * (an integer beyond 2^53, a key given twice).
 */
export type LiteralRow = WireRow | string;

/**
 * `local`: `2026-03-04 14:05:06` in the brand's zone, without an offset.
 * `offset`: `2026-03-04T14:05:06-05:00`. `utc`: `2026-03-04T19:05:06Z`.
 */
export type DateStyle = "local" | "offset" | "utc";

/** How `TotalRecord` is written. */
export type TotalRecordStyle = "number" | "string" | "absent";

/** How a list without records is written: `[]`, `null`, `""`, or result code CT515. */
export type EmptyStyle = "array" | "null" | "text" | "CT515";

/** A stage's place in the funnel. Only steps are moved through in order. */
export type StageRole = "step" | "parked" | "lost";

/** One stage of a brand's sales cycle. */
export interface StageConfig {
  name: string;
  role: StageRole;
  /** `sales_cycle_active_status` "1" or "0". */
  active: boolean;
  /** `sales_cycle_order`; null is served as blank. */
  order: number | null;
  /** `likelihood_to_close` as its text, e.g. "25" or "62.5%"; may be blank. */
  likelihood: string;
  /** "1" (prospect) when not given. */
  contactType?: "1" | "2";
}

/** One brand (one web key) of the simulated enterprise. */
export interface BrandConfig {
  name: string;
  /** Selects the brand: header `X-Web-Key`. */
  webKey: string;
  /** Must come with it: header `X-Access-Token`. */
  accessToken: string;
  /** IANA zone of the brand's people and of dates without an offset. */
  timezone: string;
  /** Leads at the start of the model's time; 0 to 1,000,000. */
  leads: number;
  /** Default: about 3 for 10 leads. */
  opportunities?: number;
  /** Default: 15 for 10 leads. */
  notes?: number;
  /** Default: 5 for 10 leads, past and future. */
  activities?: number;
  /** Default: derived from the simulator's seed and the web key. */
  seed?: number;
  /** Over how many weeks before the start the leads came; default 26. */
  weeks?: number;
  /** Default "standard". */
  stageSet?: "standard" | "compact" | readonly StageConfig[];
  /** Literal sales cycles, served in place of those of the stage set. */
  cycles?: readonly LiteralRow[];
  /** Literal records, served verbatim after the generated ones. */
  records?: Partial<Record<SimulatedStream, readonly LiteralRow[]>>;
  /** False: the account-wide list of notes answers "not found". Default true. */
  notesList?: boolean;
  /** False: the list of activities answers "not found". Default true. */
  activitiesList?: boolean;
  /** How "not found" is said. Default "http404". */
  missingStyle?: "http404" | "CT404";
  /** Default "local". */
  dateStyle?: DateStyle;
  /** Default "number". */
  totalRecordStyle?: TotalRecordStyle;
  /** Default "array". */
  emptyStyle?: EmptyStyle;
  /** Order of every list; default "oldest" first. */
  listOrder?: "oldest" | "newest";
  /** Custom field that holds a lead's market; null: none. Default "market". */
  marketField?: string | null;
  /** Custom field that holds the units wanted; null: none. Default "units". */
  unitsField?: string | null;
  /** Initial franchise fee of one unit in whole dollars. Default by seed. */
  franchiseFee?: number;
}

/** What the model knows of a lead, whatever its spelling on the wire. */
export interface ModelLead {
  id: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  email: string | null;
  phone: string | null;
  address: string;
  city: string | null;
  state: string | null;
  zip: string;
  /** The market in the brand's custom field; null where it has none. */
  market: string | null;
  /** The units wanted in the brand's custom field; null where it has none. */
  units: number | null;
  source: string | null;
  stage: string;
  contactType: "1" | "2";
  assignedTo: string | null;
  /** Integer cents; null when no size was filled in (blank or zero). */
  dealSizeCents: number | null;
  /** ISO 8601 in UTC. */
  createdAt: string;
  updatedAt: string;
  /** The same facts as the CRM's users typed them. */
  typed: TypedLead;
}

/** Odd but valid spellings, as stored by the CRM. */
export interface TypedLead {
  firstName: string;
  lastName: string;
  company: string;
  source: string;
  stage: string;
  contactType: string;
  assignedUser: string;
  dealSize: string;
}

/** What the model knows of an opportunity. */
export interface ModelOpportunity {
  id: string;
  clientId: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  source: string | null;
  stage: string;
  contactType: "1" | "2";
  assignedTo: string | null;
  dealSizeCents: number | null;
  createdAt: string;
  updatedAt: string;
  typed: TypedLead;
}

/** What the model knows of a note. */
export interface ModelNote {
  id: string;
  contactId: string;
  noteDate: string;
  author: string;
  content: string;
}

/** What the model knows of an activity. */
export interface ModelActivity {
  id: string;
  type: string;
  scheduledAt: string;
  contactId: string;
  contactName: string;
  description: string;
  status: string;
}

/** The model's row of each stream that it generates. */
export interface ModelRowOf {
  leads: ModelLead;
  opportunities: ModelOpportunity;
  notes: ModelNote;
  activities: ModelActivity;
}
export type ModelStream = keyof ModelRowOf;
