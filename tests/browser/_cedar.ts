import type { BrandConfig } from "../../lib/clienttether/simulator/mod.ts";
import { BIRCH } from "./_birch.ts";

export const CEDAR_KEY = "cedar-test-web-key";
/** More than two pages of them. */
export const CEDAR_NOTES = 120;

/** "Cedar Pizza", the second brand: one lead, and notes that take three pages; note 120 is the newest. */
export const CEDAR: BrandConfig = {
  ...BIRCH,
  name: "Cedar Pizza",
  webKey: CEDAR_KEY,
  accessToken: "cedar-test-access-token",
  timezone: "America/Chicago",
  records: {
    leads: [{
      client_id: "901",
      firstName: "Quinn",
      lastName: "Cedarson",
      clients_sales_cycle: "New Lead",
      clients_lead_source: "Walk-in",
      contact_type: "1",
      created: "2026-03-10 09:00:00",
    }],
    opportunities: [],
    activities: [],
    notes: Array.from({ length: CEDAR_NOTES }, (_, index) => ({
      id: String(5001 + index),
      contact_id: "901",
      date: new Date(Date.UTC(2026, 1, 1, index)).toISOString(),
      author: index % 2 === 0 ? "Uma Stone" : "Vic Reyes",
      content: `Cedar note ${index + 1}.`,
    })),
  },
};
