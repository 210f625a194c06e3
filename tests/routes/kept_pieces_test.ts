import { afterAll, afterEach, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { PIECES } from "../../components/kept.ts";
import {
  openStore,
  type Store,
  type Tenant,
  updateTenant,
  type User,
} from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { HOUR, MINUTE, TestClock } from "../_clock.ts";
import { createTestBrand, installRecords, smallBrand } from "../_data.ts";
import { expectPage } from "./_assert.ts";
import { PAGES } from "./_reader.ts";

/** Pages of one brand in many ways, those that look alike among them. */
const ADDRESSES = [
  ...PAGES,
  "/dashboard?period=28d",
  "/dashboard?weeks=4",
  "/leads?period=month&created=period",
  "/leads?source=Referral",
  "/leads?columns=name&columns=stage",
  "/leads?sort=name",
  "/leads?search=a",
  "/pipeline?period=quarter",
  "/pipeline/value",
  "/pipeline/opportunities",
  "/pipeline/stalled",
  "/hot-list?sort=name",
  "/notes?search=fdd",
  "/notes?sort=date",
  "/schedule?view=month",
  "/changes",
];

/** Who looks, at which brand, at what. */
type Look = [who: string, slug: string, path: string];

describe("Kept pieces of pages", () => {
  const clock = new TestClock();
  let store: Store;
  let app: TestApp;
  let acme: Tenant;
  let viewer: User;
  const readers = new Map<string, TestBrowser>();

  beforeAll(async () => {
    store = await openStore({ path: ":memory:", clock });
    app = await createTestApp({ store, clock });
    acme = await createTestBrand(store, "acme", clock);
    const bravo = await createTestBrand(store, "bravo", clock);
    const tokyo = { timezone: "Asia/Tokyo", currency: "EUR" };
    await updateTenant(store, bravo.id, tokyo, clock);
    viewer = await app.createUser("tenant_viewer", acme.id);
    const other = await app.createUser("tenant_viewer", bravo.id);
    readers.set("acme", await app.signedIn(viewer));
    readers.set("bravo", await app.signedIn(other));
    const agency = await app.createUser("agency_admin", "*");
    readers.set("agency", await app.signedIn(agency));
  });
  afterAll(() => store.close());
  afterEach(() => {
    PIECES.enabled = true;
  });

  /** The page, but for what is drawn anew for each answer. */
  const open = async (...[who, slug, path]: Look) => {
    const html = await expectPage(await readers.get(who)!.getIn(slug, path));
    return html.replaceAll(/nonce="[^"]*"/g, "");
  };

  it("are on no page anything but what would be rendered now, whoever looks at whichever brand", async () => {
    const looks = ADDRESSES.flatMap((path): Look[] => [
      ["acme", "acme", path],
      ["bravo", "bravo", path],
      ["agency", "acme", path],
      ["agency", "bravo", path],
    ]);
    const anew = new Map<string, string>();
    PIECES.enabled = false;
    for (const look of looks) anew.set(look.join(), await open(...look));
    PIECES.enabled = true;
    for (const order of [looks, looks.toReversed()]) {
      for (const look of order) {
        expect([look, await open(...look)])
          .toEqual([look, anew.get(look.join())]);
      }
    }
  });

  it("are rendered once for all who look at a brand, until its data or its day is another", async () => {
    for (const path of PAGES) await open("acme", "acme", path);
    const before = PIECES.made;
    clock.advance(MINUTE);
    for (const path of PAGES) await open("acme", "acme", path);
    for (const path of PAGES) await open("agency", "acme", path);
    expect(PIECES.made - before).toBe(0);

    const madeBy = async (...look: Look) => {
      const before = PIECES.made;
      await open(...look);
      return PIECES.made - before;
    };
    await installRecords(store, acme, smallBrand("acme"), clock);
    expect(await madeBy("acme", "acme", "/leads")).toBeGreaterThan(0);
    expect(await madeBy("acme", "acme", "/leads")).toBe(0);

    await open("acme", "acme", "/schedule");
    clock.advance(25 * HOUR);
    readers.set("acme", await app.signedIn(viewer));
    expect(await madeBy("acme", "acme", "/schedule")).toBeGreaterThan(0);
  });
});
