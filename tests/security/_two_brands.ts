import type { BrandConfig } from "../../lib/clienttether/simulator/mod.ts";
import {
  hashToken,
  invite,
  issueCalendarFeed,
  startSession,
} from "../../lib/auth/mod.ts";
import {
  createPasskey,
  createSavedView,
  createUser,
  getUser,
  listMemberships,
  openTenant,
  sessionId,
  setLogo,
  type Tenant,
  updateTenant,
  type User,
} from "../../lib/store/mod.ts";
import { syncTenant } from "../../lib/sync/mod.ts";
import { makeToken } from "../_api_token.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { pngOf } from "../_png.ts";
import { createRig, type SyncRig, TEST_ACCESS_TOKEN } from "../_sync.ts";
import { BIRCH } from "../browser/_birch.ts";
import { BRAND } from "../routes/_reader.ts";

/** Stands in every text of the other brand; no one else may receive it. */
export const CANARY = "CANARYQX7";
/** The same for one's own brand, which the other one's people may not receive. */
export const OWN_CANARY = "SPARROWZK4";
const FOREIGN_KEY = "foreign-web-key";
/** Fields of ClientTether whose text people write. */
const TEXTS = /name|comp|source|note|content|description|city|assigned/i;

/** What a brand has that an id in a request can name. */
export interface BrandThings {
  tenant: Tenant;
  canary: string;
  /** A viewer of the brand who does nothing: others may try to change them. */
  member: User;
  /** Hash of their session's token, which is its key in the database. */
  sessionHash: string;
  session: string;
  invitation: string;
  passkey: string;
  /** The file of the member's calendar address. */
  calendar: string;
  apiToken: string;
  /** A view that the member has saved. */
  savedView: string;
  lead: string;
  note: string;
  run: string;
  /** The week of the brand's one report; the other brand has none of it. */
  week: string;
  cursors: string[];
}

/** A portal with two synced brands: one's own, and one whose every text holds the canary. */
export interface TwoBrands extends Disposable {
  rig: SyncRig;
  app: TestApp;
  own: Tenant;
  foreign: Tenant;
  /** Cursor of a list of the other brand. */
  foreignCursor: string;
  things: { own: BrandThings; foreign: BrandThings };
}

export async function openTwoBrands(): Promise<TwoBrands> {
  const { name: _, webKey: __, ...foreignBrand } = withCanary(
    { ...BIRCH, cycles: [] },
    { canary: CANARY, idPrefix: "9" },
  ) as BrandConfig;
  const ownBrand = withCanary(
    { ...BRAND, cycles: [] },
    { canary: OWN_CANARY, idPrefix: "" },
  ) as BrandConfig;
  const rig = await createRig({
    brand: {
      ...ownBrand,
      name: BRAND.name,
      webKey: BRAND.webKey,
      cycles: BIRCH.cycles!,
    },
    now: "2026-03-13T16:00:00.000Z",
    tenant: { name: `${OWN_CANARY} Bakery`, slug: "birch-bakery" },
    more: {
      [FOREIGN_KEY]: {
        ...foreignBrand,
        cycles: BIRCH.cycles!,
        accessToken: TEST_ACCESS_TOKEN,
        timezone: BIRCH.timezone,
      },
    },
  });
  const added = await rig.addTenant(`${CANARY} Foods`, FOREIGN_KEY);
  // Whoever asks for the other brand names its slug: an echo of that is no finding.
  const patch = { slug: "other-foods" };
  const foreign = await updateTenant(rig.store, added.id, patch, rig.clock);
  // Each brand has the report of a week that the other one has none of.
  for (
    const [now, tenant] of [
      ["2026-03-13T16:00:00.000Z", rig.tenant],
      ["2026-03-17T12:00:00.000Z", rig.tenant],
      ["2026-03-20T12:00:00.000Z", foreign],
      ["2026-03-24T12:00:00.000Z", foreign],
    ] as const
  ) {
    rig.clock.set(now);
    const { status, errorMessage } = await syncTenant(rig.deps, tenant.id);
    if (status !== "success") {
      throw new Error(`Cannot sync a brand: ${errorMessage}`);
    }
  }
  for (const { id } of [rig.tenant, foreign]) {
    await setLogo(rig.store, id, pngOf(20, 10), rig.clock);
  }
  const app = await createTestApp({ store: rig.store, clock: rig.clock });
  const things = {
    own: await thingsOf(app, rig.tenant, OWN_CANARY, "2026-03-09"),
    foreign: await thingsOf(app, foreign, CANARY, "2026-03-16"),
  };
  return {
    rig,
    app,
    own: rig.tenant,
    foreign,
    foreignCursor: things.foreign.cursors[0]!,
    things,
    [Symbol.dispose]: () => rig.dispose(),
  };
}

async function thingsOf(
  app: TestApp,
  tenant: Tenant,
  canary: string,
  week: string,
): Promise<BrandThings> {
  const { store, clock } = app;
  const membership = { scope: tenant.id, role: "tenant_viewer" } as const;
  const { id: userId } = await createUser(store, {
    email: `reader@${tenant.slug}.example.com`,
    name: `${canary} Person`,
    passwordHash: null,
    membership,
  }, clock);
  const member = await getUser(store, userId);
  const sessionHash = hashToken(await startSession(store, member, clock));
  const agency = await app.createUser("agency_admin");
  const { invitation } = await invite(
    store,
    { user: agency, memberships: await listMemberships(store, agency.id) },
    { email: `invited-${canary}@example.com`, ...membership },
    clock,
  );
  const passkey = `passkey-${tenant.slug}`;
  await createPasskey(store, {
    id: passkey,
    userId,
    name: `${canary} laptop`,
    publicKey: new Uint8Array(8),
    counter: 0,
    transports: [],
    createdAt: new Date(clock.now()).toISOString(),
    lastUsedAt: null,
  });
  const { id: apiToken } = await makeToken(app, agency, tenant.id, {
    name: `${canary} sheet`,
  });
  const { id: savedView } = await createSavedView(store, tenant.id, userId, {
    list: "leads",
    name: `${canary} view`,
    query: `search=${canary}`,
  }, clock);
  const calendar = await issueCalendarFeed(store, tenant.id, member, clock);
  await publish(app, agency, { slug: tenant.slug, week, canary });
  const data = await openTenant(store, tenant.id);
  const [leads, notes, runs] = await Promise.all([
    data.listLeads({ limit: 2 }),
    data.listNotes({ limit: 2 }),
    data.listRuns(1),
  ]);
  return {
    tenant,
    canary,
    member,
    sessionHash,
    session: sessionId(sessionHash),
    invitation: invitation.id,
    passkey,
    calendar: `${calendar}.ics`,
    apiToken,
    savedView,
    lead: leads.rows[0]!.id,
    note: notes.rows[0]!.id,
    run: runs[0]!.id,
    week,
    cursors: await cursorsOf(app, agency, tenant.slug),
  };
}

/** Where the second pages of lists begin, as the endpoints say it. */
async function cursorsOf(
  app: TestApp,
  agency: User,
  slug: string,
): Promise<string[]> {
  const browser = await app.signedIn(agency);
  const cursors: string[] = [];
  for (const list of ["leads", "notes", "hot-list", "schedule"]) {
    const answer = await browser.getIn(slug, `/api/dashboard/${list}?limit=1`);
    const { page } = await answer.json();
    if (page?.cursor) cursors.push(page.cursor);
  }
  if (cursors.length === 0) throw new Error("No list has a second page");
  return cursors;
}

/** Publishes the brand's report through its form, as the agency does. */
async function publish(
  app: TestApp,
  agency: User,
  { slug, week, canary }: { slug: string; week: string; canary: string },
): Promise<void> {
  const browser = await app.signedIn(agency);
  const path = `/reports/${week}/edit?w=${slug}`;
  const html = await (await browser.get(path)).text();
  const [, stamp] = /name="stamp" value="(\w+)"/.exec(html) ?? [];
  const answer = await browser.post(path, {
    do: "publish",
    stamp: stamp ?? "",
    title: `${canary} week`,
    summary: `${canary} summary`,
  });
  await answer.body?.cancel();
  if (answer.status !== 303) throw new Error("Cannot publish the report");
}

/** The same records with the canary in every text, and with ids of their own. */
function withCanary(
  value: unknown,
  mark: { canary: string; idPrefix: string },
  field = "",
): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => withCanary(one, mark, field));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        withCanary(one, mark, key),
      ]),
    );
  }
  if (typeof value !== "string") return value;
  if (/sales_cycle/.test(field)) return value;
  if (/_?id$/i.test(field) && /^\d+$/.test(value)) {
    return `${mark.idPrefix}${value}`;
  }
  return TEXTS.test(field) ? `${mark.canary} ${value}` : value;
}

/** Whether the canary is in the bytes, as it is, in small letters, or inside of base64. */
export function holds(text: string, canary: string): boolean {
  return text.toUpperCase().includes(canary) ||
    base64Cores(canary).some((core) => text.includes(core));
}

/** What base64 makes of a text wherever it stands, without the characters that its neighbours have a part in. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const whole = btoa(" ".repeat(offset) + text).replaceAll("=", "");
    return whole.slice(Math.ceil(offset * 4 / 3), -1);
  });
}
