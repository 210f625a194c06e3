import {
  type BrandConfig,
  demoBrands,
  type ModelLead,
  type ModelOpportunity,
} from "../../lib/clienttether/simulator/mod.ts";
import { createTestApp, type TestBrowser } from "../_app.ts";
import {
  createRig,
  type SyncRig,
  TEST_ACCESS_TOKEN,
  TEST_WEB_KEY,
} from "../_sync.ts";
import { Log, type Look } from "./_history.ts";
import { readCsv } from "./_csv.ts";
import { befall, putOddRecords } from "./_odd.ts";
import { ShownPage } from "./_page.ts";
import { readRecords, type Records } from "./_records.ts";
import type { Boundaries } from "./_rules.ts";
import type { Sheet } from "./_sheet.ts";
import { instantOf, wallOf } from "./_zone.ts";

const HOUR = 3_600_000;
/** Hours between two syncs, over and over. */
const STEPS = [7, 5, 11, 3, 9, 13];
const SYNCS = 50;
/** After which of them a reader looks in who comes back when all is over. */
const VISITS = [22, 36, 46];

/** A brand of the demo with its history, and when that begins. */
export interface Setting {
  /** Its place among the demo's brands. */
  brand: 0 | 1 | 2;
  more?: Partial<BrandConfig>;
  from: string;
  between?: Partial<Boundaries>;
}

const BETWEEN: Boundaries = {
  qualifiedFrom: "QR Returned",
  qualifiedTo: "FA Sent",
  hotFrom: "Deal Structure",
  hotTo: "FA Sent",
};

/** A brand whose every state a sync and the oracle saw, and the pages that the portal shows of it. */
export interface World {
  name: string;
  zone: string;
  between: Boundaries;
  log: Log;
  rig: SyncRig;
  /** Who looked in while it lived, after what each had seen. */
  visitors: { seen: Look; back: () => Promise<Reader> }[];
  close(): void;
}

/** Lets a brand live and be synced for two weeks and more. */
export async function makeWorld(
  { brand, more, from, between = {} }: Setting,
  sheet: Sheet,
): Promise<World> {
  const config = {
    ...demoBrands()[brand]!,
    ...more,
    webKey: TEST_WEB_KEY,
    accessToken: TEST_ACCESS_TOKEN,
  };
  const zone = config.timezone;
  const rig = await createRig({
    now: from,
    brand: config,
    seed: 20,
    tenant: { name: config.name, slug: "brand", timezone: zone, ...between },
  });
  const held = rig.simulator.brand(TEST_WEB_KEY);
  putOddRecords(held, rig.clock.now());
  const log = new Log(zone, { ...BETWEEN, ...between });
  const visitors: World["visitors"] = [];
  for (let sync = 0; sync < SYNCS; sync++) {
    if (sync > 0) {
      const hours = STEPS[sync % STEPS.length]!;
      rig.clock.advance(hours * HOUR);
      rig.simulator.advance(hours);
      befall(held, sync);
    }
    log.add(readRecords(held, zone), rig.clock.now());
    const { status, errorMessage } = await rig.sync();
    if (status !== "success") throw new Error(`${status}: ${errorMessage}`);
    if (VISITS.includes(sync)) {
      visitors.push({ seen: log.looks.at(-1)!, back: await lookIn(rig) });
    }
  }
  const { looks } = log;
  sheet.at(config.name);
  compareWithModel(sheet, looks.at(-1)!, {
    leads: held.model("leads"),
    opportunities: held.model("opportunities"),
  }, zone);
  rig.clock.advance(HOUR / 3);
  return {
    name: config.name,
    zone,
    between: { ...BETWEEN, ...between },
    log,
    rig,
    visitors,
    close: () => rig.dispose(),
  };
}

/** A reader opens the Dashboard, and has been there when they come back. */
async function lookIn(rig: SyncRig): Promise<() => Promise<Reader>> {
  const app = await createTestApp({ store: rig.store, clock: rig.clock });
  const user = await app.createUser("tenant_viewer", rig.tenant.id);
  const open = async () => {
    const browser = await app.signedIn(user);
    await browser.get("/dashboard?w=brand", { "sec-fetch-dest": "document" });
    // The visit is kept after the answer.
    await app.settled();
    return readerOf(browser);
  };
  await open();
  return open;
}

/** Whether the oracle reads what the simulator means. */
function compareWithModel(
  sheet: Sheet,
  { people, deals }: Pick<Records, "people" | "deals">,
  model: { leads: ModelLead[]; opportunities: ModelOpportunity[] },
  zone: string,
): void {
  for (const lead of model.leads) {
    const read = people.get(lead.id);
    const { stage, contactType, source, dealSizeCents } = lead;
    sheet.same(
      `how the oracle reads lead ${lead.id}`,
      [read?.stage, read?.type, read?.source, read?.cents, read?.created],
      // Local dates do not say which of two equal hours it was.
      [
        stage,
        contactType,
        source,
        dealSizeCents,
        firstOf(lead.createdAt, zone, read?.created),
      ],
    );
  }
  for (const { id, stage, contactType, dealSizeCents } of model.opportunities) {
    const read = deals.get(id);
    sheet.same(
      `how the oracle reads opportunity ${id}`,
      [read?.stage, read?.type, read?.cents],
      [stage, contactType, dealSizeCents],
    );
  }
}

function firstOf(iso: string, zone: string, read: number | null | undefined) {
  const instant = Date.parse(iso);
  return read === instant ? instant : instantOf(wallOf(instant, zone), zone);
}

/** A page as one reader sees it; with another status than 200 only if that is expected. */
export type Get = (
  path: string,
  query?: Record<string, string>,
  status?: number,
) => Promise<ShownPage>;

/** What the portal answers to one reader. */
export interface Reader {
  page: Get;
  /** A file, cell by cell. */
  file(path: string, query?: Record<string, string>): Promise<string[][]>;
  json(path: string, query?: Record<string, string>): Promise<unknown>;
}

/** The portal for a reader who has never been here; every page of an earlier day, if one is given. */
export async function openPortal(
  { rig }: World,
  role: "tenant_viewer" | "agency_admin" = "tenant_viewer",
  on?: Look,
): Promise<Reader> {
  const app = await createTestApp({ store: rig.store, clock: rig.clock });
  const user = await app.createUser(role, rig.tenant.id);
  return readerOf(await app.signedIn(user), on);
}

function readerOf(browser: TestBrowser, on?: Look): Reader {
  const get = async (
    path: string,
    query: Record<string, string>,
    status = 200,
  ) => {
    const all = { ...query, ...on ? { on: on.day } : {} };
    const address = `${path}?${new URLSearchParams(all)}`;
    const answer = await browser.getIn("brand", address);
    const text = await answer.text();
    if (answer.status === status) return text;
    throw new Error(`${address}: ${answer.status}`);
  };
  return {
    page: async (path, query = {}, status) =>
      new ShownPage(await get(path, query, status)),
    file: async (path, query = {}) => readCsv(await get(path, query)),
    json: async (path, query = {}) => JSON.parse(await get(path, query)),
  };
}
