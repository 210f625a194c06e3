import type {
  SimulatedBrand,
  WireRow,
} from "../../lib/clienttether/simulator/mod.ts";

/** Records that somebody typed in odd ways, beside those that the simulator makes up. */

const SIZES = [
  "$1,234.50",
  "-250.10",
  99.99,
  "(500)",
  "1.5M",
  "0",
  0,
  "",
  "45,000",
  "$0.01",
];
const STAGES = [
  " FDD Signed ",
  "Deal Structure",
  "QR Returned",
  "FA Sent",
  "Deal Structure",
];

function person(id: string, more: WireRow = {}): WireRow {
  return {
    client_id: id,
    firstName: "Odd",
    lastName: id,
    clients_sales_cycle: "QR Returned",
    clients_lead_source: "Website",
    contact_type: "1",
    created: "2026-01-05 10:00:00",
    last_modified_date: "2026-02-01 10:00:00",
    ...more,
  };
}

function deal(id: string, more: WireRow = {}): WireRow {
  return {
    opportunity_id: id,
    firstName: "Odd",
    lastName: id,
    contact_sales_cycle: "QR Returned",
    deal_size: "$10,000",
    contact_type: "1",
    created: "2026-01-05 10:00:00",
    last_modified_date: "2026-02-01 10:00:00",
    ...more,
  };
}

/** Puts them into a brand, before the first sync. */
export function putOddRecords(brand: SimulatedBrand, now: number): void {
  const people: WireRow[] = [
    { clients_lead_source: "website", clients_sales_cycle: "" },
    { clients_lead_source: " Website ", contact_type: "" },
    { clients_lead_source: "", clients_sales_cycle: " FDD Signed " },
    { clients_sales_cycle: "Mystery Meeting", created: "0000-00-00 00:00:00" },
    { clients_sales_cycle: "qr returned", created: "2024-02-30 10:00:00" },
    {
      contact_type: "2",
      clients_sales_cycle: "Open",
      clients_lead_source: "Vendors",
    },
    { contact_type: "3", clients_sales_cycle: "Deal Structure" },
    {
      firstName: "No Name Text Added",
      lastName: "",
      compName: "Odd & Sons",
      market: "=SUM(A1:A9)",
    },
    { firstName: "", lastName: " ", compName: "" },
    { created: new Date(now + 40 * 3_600_000).toISOString() },
    {
      created: new Date(now).toISOString(),
      clients_lead_source: "Expo <2026>",
    },
  ];
  people.forEach((more, at) => brand.putLead(person(`p${at}`, more)));
  SIZES.forEach((deal_size, at) =>
    brand.putOpportunity(
      deal(`d${at}`, { deal_size, contact_sales_cycle: STAGES[at % 5] }),
    )
  );
  const deals: WireRow[] = [
    { contact_type: "2", contact_sales_cycle: "Open", deal_size: "77,000" },
    { contact_type: "", contact_sales_cycle: "", deal_size: "12,345.67" },
    { contact_sales_cycle: "Mystery Meeting", client_id: "p3" },
    { contact_sales_cycle: "Dead Lead" },
    {
      firstName: "No Name Text Added",
      lastName: "",
      client_id: "p7",
      contact_sales_cycle: "Deal Structure",
    },
    { firstName: "", lastName: "", contact_sales_cycle: "FA Sent" },
    { contact_sales_cycle: "Future Interest", deal_size: "1,000,000" },
  ];
  deals.forEach((more, at) => brand.putOpportunity(deal(`e${at}`, more)));
  ["CANCELED", "Complete", "done", "Tentative", "No Show"].forEach((
    status,
    at,
  ) =>
    brand.putActivity({
      id: `a${at}`,
      type: "Odd Call",
      scheduled_at: new Date(now + (20 * 24 + at) * 3_600_000).toISOString(),
      contact_name: "Odd p1",
      description: `Odd call ${at}`,
      status,
      client_id: "p1",
    })
  );
}

/** Deals whose stay in a stage is seen from its beginning to its end. */
const SEEN_WHOLE = 8;

/** What befalls them, each before the sync of this number. */
const EVENTS: Record<number, (brand: SimulatedBrand) => void> = {
  4: (brand) => {
    brand.putOpportunity(
      deal("d0", { deal_size: "(500)", contact_sales_cycle: "FDD Signed" }),
    );
    brand.putOpportunity(
      deal("d1", { deal_size: "-250.1", contact_sales_cycle: "FA Sent" }),
    );
    brand.putOpportunity(
      deal("e0", {
        contact_type: "2",
        contact_sales_cycle: "Onboarding",
        deal_size: "77,000",
      }),
    );
    brand.removeOpportunity("d8");
    brand.removeLead("p2");
  },
  9: (brand) => {
    brand.putOpportunity(
      deal("d0", { deal_size: "45,000", contact_sales_cycle: " Dead Lead" }),
    );
    brand.putOpportunity(deal("e3", { contact_sales_cycle: "Deal Structure" }));
    brand.putOpportunity(
      deal("f0", { contact_sales_cycle: "FDD Signed", deal_size: "5.55" }),
    );
    brand.putLead(person("p1", { contact_type: "2" }));
    brand.putLead(person("p11", { clients_lead_source: "Referral" }));
  },
  14: (brand) => {
    brand.putOpportunity(
      deal("d8", { deal_size: "45,000", contact_sales_cycle: "FA Sent" }),
    );
    brand.putOpportunity(
      deal("f0", { contact_sales_cycle: "Deal Structure", deal_size: "5.55" }),
    );
    brand.putOpportunity(
      deal("e6", {
        contact_sales_cycle: "QR Returned",
        deal_size: "1,000,000",
      }),
    );
    brand.putLead(person("p2", { clients_sales_cycle: "Deal Structure" }));
  },
  20: (brand) => {
    brand.putOpportunity(
      deal("f0", { contact_type: "2", contact_sales_cycle: "Open" }),
    );
    brand.putOpportunity(
      deal("d1", { deal_size: "", contact_sales_cycle: "FA Signed" }),
    );
    brand.removeOpportunity("d4");
    brand.removeLead("p4");
  },
  40: (brand) =>
    brand.putOpportunity(deal("e4", {
      firstName: "No Name Text Added",
      lastName: "",
      client_id: "p7",
      contact_sales_cycle: "FA Sent",
    })),
};

export function befall(brand: SimulatedBrand, sync: number): void {
  EVENTS[sync]?.(brand);
  for (let n = 0; n < SEEN_WHOLE; n++) {
    const put = (contact_sales_cycle: string, deal_size: string) =>
      brand.putOpportunity(deal(`m${n}`, { contact_sales_cycle, deal_size }));
    if (sync === 2 + n) put("QR Returned", "20,000");
    if (sync === 5 + n) put("QR Returned", "21,000");
    if (sync === 8 + n + (n % 3)) put("FDD Signed", "21,000");
    if (sync === 14 + n) put("FDD Signed", "22,000");
  }
}
