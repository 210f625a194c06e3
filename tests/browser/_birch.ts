import type {
  BrandConfig,
  LiteralRow,
} from "../../lib/clienttether/simulator/mod.ts";
import { ACTIVITIES, NOTES } from "./_birch_notes.ts";

/**
 * "Birch Bakery": a brand small enough to work out by hand, as ClientTether would send it. Its figures, in
 * the comments beside the records, are what the pages and the JSON endpoints must show, to the letter.
 *
 * Now is Wednesday, 2026-03-11 11:00 in New York (15:00 UTC). The clocks there went forward on Sunday the 8th:
 * dates up to the 7th are 5 hours behind UTC, later ones 4.
 */
export const BIRCH_NOW = "2026-03-11T15:00:00.000Z";

function cycle(
  id: number,
  name: string,
  order: string,
  likelihood: string,
  { active = "1", contactType = "1" } = {},
): LiteralRow {
  return {
    sales_cycle_id: String(id),
    sales_cycle_name: name,
    sales_cycle_active_status: active,
    sales_cycle_order: order,
    likelihood_to_close: likelihood,
    contact_type: contactType,
  };
}

/** Qualified: orders 3 to 7. In the pipeline: orders up to 7. Hot: orders 6 and 7. */
const CYCLES = [
  cycle(1, "New Lead", "1", "5"),
  cycle(2, "Initial Call", "2", "10%"),
  cycle(3, "QR Returned", "3", "25"),
  cycle(4, "FDD Sent", "4", "30"),
  cycle(5, "FDD Review", "5", ""),
  cycle(6, "Deal Structure", "6", "12.5"),
  cycle(7, "FA Sent", "7", "90"),
  cycle(8, "FA Signed", "8", "100"),
  cycle(9, "Future Interest", "", "1"),
  cycle(10, "Lost", "9", "0", { active: "0" }),
  cycle(11, "QR Returned", "1", "50", { contactType: "2" }),
];

function lead(
  id: number,
  [firstName, lastName]: [string, string],
  stage: string,
  source: string,
  created: string,
  more: Record<string, unknown> = {},
): LiteralRow {
  return {
    client_id: String(id),
    firstName,
    lastName,
    compName: "",
    email: `lead${id}@example.com`,
    phone: `212-555-0${id}`,
    city: "",
    state: "",
    deal_size: "",
    clients_sales_cycle: stage,
    clients_lead_source: source,
    contact_type: "1",
    assigned_user: "Sam Ortega",
    created,
    last_modified_date: created,
    ...more,
  };
}

/**
 * 13 people, 12 of them prospects (112 is of contact type 2).
 *
 * | Source | Prospects | Leads | Qualified |
 * | --- | --- | --- | --- |
 * | Expo | 106 108 109 113 | 4 (33%) | 3: 106 108 113 |
 * | Web | 101 102 107 | 3 (25%) | 1: 107 |
 * | Not recorded | 104 111 | 2 (17%) | 0 |
 * | Referral | 103 105 | 2 (17%) | 1: 105 |
 * | web | 110 | 1 (8%) | 0 |
 *
 * Four recorded sources ("Web" and "web" are two). Qualified: 105 106 107 108 113 = 5 of 12 (42%). In the
 * pipeline: those and 101 102 103 104 = 9 of 12 (75%). Status: New Lead 2 (101, 102), Initial Call 2 (103, 104),
 * QR Returned 2 (105, 113), FDD Review 1, Deal Structure 1, FA Sent 1, FA Signed 1, Lost 1 (inactive), Demo
 * Day 1 (unclassified).
 *
 * New this week, from Mon 9 Mar 00:00 to Wed 11 Mar 11:00: 101 102 = 2; the same span of last week: 103 = 1
 * (104 came on the Friday after it). Of the last 7 days, from Wed 4 Mar 11:00: 101 102 104 = 3; of the 7 days
 * before them: 103 = 1. By week: 9 Feb 1 (106), 16 Feb 1 (105), 2 Mar 2, 9 Mar 2, the others none.
 */
const LEADS = [
  lead(101, ["Ada", "Birch"], "New Lead", "Web", "2026-03-10 09:15:00", {
    city: "Tampa",
    state: "FL",
  }),
  lead(102, ["Bo", "Castellan"], "", "Web", "2026-03-09 00:00:00"),
  lead(
    103,
    ["Cy", "Dunmore"],
    "Initial Call",
    "Referral",
    "2026-03-03 10:00:00",
  ),
  lead(104, ["Di", "Esker"], "Initial Call", "", "2026-03-06 12:00:00", {
    city: "Boise",
  }),
  lead(105, ["Eli", "Farrow"], "QR Returned", " Referral ", "2026-02-20 08:30"),
  lead(106, ["Fay", "Garnet"], "FDD Review", "Expo", "2026-02-10 17:45:00"),
  lead(107, ["Gus", "Hale"], "Deal Structure", "Web", "2026-01-15 11:00:00", {
    market: "Denver",
    units: "3",
  }),
  lead(108, ["Hollis", "Imre"], "FA Sent", "Expo", "2025-12-01 09:00:00", {
    city: "Austin",
    state: "TX",
  }),
  lead(109, ["Ira", "Jessup"], "FA Signed", "Expo", "2025-10-05 09:00:00"),
  lead(110, ["Jo", "Kessel"], "Lost", "web", "2025-11-11 09:00:00"),
  lead(111, ["Kit", "Lomax"], "Demo Day", "   ", "2025-11-20 09:00:00"),
  lead(112, ["Lou", "Madder"], "QR Returned", "Billboard", "2026-03-10 10:00", {
    contact_type: "2",
  }),
  lead(113, ["Max", "Norrell"], "QR Returned", "Expo", "0000-00-00 00:00:00", {
    contact_type: "",
  }),
];

function deal(
  id: number,
  client: number | null,
  stage: string,
  size: string | number,
  more: Record<string, unknown> = {},
): LiteralRow {
  return {
    opportunity_id: String(id),
    client_id: client === null ? "" : String(client),
    firstName: "",
    lastName: "",
    compName: "",
    contact_sales_cycle: stage,
    deal_size: size,
    contact_lead_source: "",
    contact_type: "1",
    assigned_user: "Sam Ortega",
    created: "2026-02-20 09:00:00",
    last_modified_date: "2026-03-02 09:00:00",
    ...more,
  };
}

/**
 * 13 opportunities; 9 in the pipeline, 7 of them sized.
 *
 * | Opportunity | Stage, likelihood | Size | Weighted |
 * | --- | --- | --- | --- |
 * | 208 | New Lead (blank), 5 | -$500.00 | -$25.00 |
 * | 201 | Initial Call, 10 | $1,234.50 | $123.45 |
 * | 202 | QR Returned, 25 | none: "(500)" | none |
 * | 203 | FDD Review, none | $40,000.00 | none |
 * | 204 | Deal Structure, 12.5 | $45,000.04 | $5,625.01 (562,500.5 cents, away from zero) |
 * | 205 | Deal Structure, 12.5 | none: blank | none |
 * | 212 | Deal Structure, 12.5 | $12,000.00 | $1,500.00 |
 * | 213 | Deal Structure, 12.5 | $12,000.00 | $1,500.00 |
 * | 206 | FA Sent, 90 | $30,000.00 | $27,000.00 |
 * | all 9 | | $139,734.54 | $35,723.46 |
 *
 * Average: 13,973,454 cents / 7 = 1,996,207.71… = $19,962.08. Six of seven pipeline stages are in use. After
 * the pipeline: 207 (FA Signed, $60,000); Future Interest has none. In no figure: 209 (Lost, inactive), 210 (Demo
 * Day, unclassified), 211 (contact type 2).
 *
 * Hot: 206, 204, then 212 and 213 by id; 205 without an amount. Weighted IFF $35,625.01; units 2 + 3 = 5.
 */
const OPPORTUNITIES = [
  deal(201, 103, "Initial Call", "$1,234.50"),
  deal(202, 105, "QR Returned", "(500)"),
  deal(203, 106, "FDD Review", "40000"),
  deal(204, 107, "Deal Structure", "45000.04", {
    firstName: "Gus",
    lastName: "Hale",
  }),
  deal(205, 107, " Deal Structure ", ""),
  deal(206, 108, "FA Sent", 30000, {
    firstName: "Hollis",
    lastName: "Imre",
    units: 2,
  }),
  deal(207, 109, "FA Signed", "60000"),
  deal(208, null, "", "-$500"),
  deal(209, 110, "Lost", "99999"),
  deal(210, 111, "Demo Day", "88888"),
  deal(211, 112, "QR Returned", "77777", { contact_type: "2" }),
  deal(212, null, "Deal Structure", "12000", {
    firstName: "No Name Text Added",
    compName: "Crumb Partners LLC",
  }),
  deal(213, 104, "Deal Structure", "12,000.00"),
];

export const BIRCH_KEY = "birch-test-web-key";

/** The brand for the simulator: nothing in it is generated. */
export const BIRCH: BrandConfig = {
  name: "Birch Bakery",
  webKey: BIRCH_KEY,
  accessToken: "birch-test-access-token",
  timezone: "America/New_York",
  leads: 0,
  opportunities: 0,
  notes: 0,
  activities: 0,
  cycles: CYCLES,
  records: {
    leads: LEADS,
    opportunities: OPPORTUNITIES,
    notes: NOTES,
    activities: ACTIVITIES,
  },
};
