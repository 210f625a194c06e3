import type { BrandConfig } from "./types.ts";

/** The demo's access token, the same for every brand, as in one enterprise. */
export const DEMO_ACCESS_TOKEN = "demo-access-token";

/** Three made-up brands of different size, zone and habits. */
export function demoBrands(): BrandConfig[] {
  return [
    {
      name: "Alder Burgers",
      webKey: "demo-web-key-alder",
      accessToken: DEMO_ACCESS_TOKEN,
      timezone: "America/New_York",
      leads: 520,
      franchiseFee: 45_000,
    },
    {
      name: "Harbor Pilates",
      webKey: "demo-web-key-harbor",
      accessToken: DEMO_ACCESS_TOKEN,
      timezone: "America/Los_Angeles",
      leads: 180,
      franchiseFee: 54_900,
      stageSet: "compact",
      dateStyle: "offset",
      totalRecordStyle: "string",
      marketField: "territory",
      unitsField: "number_of_units",
    },
    {
      name: "Copperleaf Senior Care",
      webKey: "demo-web-key-copperleaf",
      accessToken: DEMO_ACCESS_TOKEN,
      timezone: "America/Chicago",
      leads: 1_400,
      franchiseFee: 49_500,
      emptyStyle: "CT515",
      marketField: null,
    },
  ];
}
