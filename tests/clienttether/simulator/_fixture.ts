import type { Clock } from "../../../lib/domain/clock.ts";
import {
  type BrandConfig,
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type WireRow,
} from "../../../lib/clienttether/simulator/mod.ts";

/** A Wednesday, 10:00 in New York. */
export const START = Date.parse("2026-03-04T15:00:00Z");

/** A clock that stands still; nobody in these tests sleeps. */
export const stoppedClock: Clock = {
  now: () => START,
  sleep: () => Promise.reject(new Error("Cannot sleep in a test")),
};

export const KEYS = { "x-web-key": "key-a", "x-access-token": "token-a" };

/** A brand of 250 leads in New York. */
export function brandA(changes: Partial<BrandConfig> = {}): BrandConfig {
  return {
    name: "Brand A",
    webKey: "key-a",
    accessToken: "token-a",
    timezone: "America/New_York",
    leads: 250,
    ...changes,
  };
}

/** A brand without records, to be filled by a test. */
export function emptyBrand(changes: Partial<BrandConfig> = {}): BrandConfig {
  return brandA({ leads: 0, cycles: [], ...changes });
}

export function simulatorOf(
  brand: BrandConfig = brandA(),
  options: Partial<SimulatorOptions> = {},
): Simulator {
  return createSimulator({
    seed: 7,
    clock: stoppedClock,
    brands: [brand],
    ...options,
  });
}

/** Asks the handler with the keys of brand A. */
export function ask(
  simulator: Simulator,
  path: string,
  headers: Record<string, string> = KEYS,
): Promise<Response> {
  const url = `https://crm.test/v2/api/${path}`;
  return simulator.handler(new Request(url, { headers }));
}

/** An answer's JSON body as an object. */
export async function bodyOf(response: Response): Promise<WireRow> {
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null) {
    throw new TypeError("Cannot read the body: it is not a JSON object");
  }
  return { ...body };
}

/** The rows of one page. */
export async function rowsOf(
  simulator: Simulator,
  path: string,
): Promise<WireRow[]> {
  const { data } = await bodyOf(await ask(simulator, path));
  return Array.isArray(data) ? data : [];
}

/** Every row of a list, page by page until one is empty. */
export async function readAll(
  simulator: Simulator,
  endpoint: string,
  query = "",
): Promise<WireRow[]> {
  const rows: WireRow[] = [];
  for (let offset = 0;; offset += 100) {
    const page = await rowsOf(
      simulator,
      `${endpoint}?limit=100&offset=${offset}${query}`,
    );
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}

/** The values of a field. */
export function column(rows: readonly WireRow[], field: string): unknown[] {
  return rows.map((row) => row[field]);
}
