import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { localDay } from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { expectPage } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

/** Pages that show the past exactly, and with which periods. */
const PATHS = [
  "/dashboard",
  "/dashboard?weeks=12&period=28d",
  "/leads",
  "/leads?period=7d&created=period",
  "/leads?search=a&period=quarter",
  "/pipeline",
  "/pipeline?period=last-week",
  "/pipeline?period=month",
  "/hot-list",
  "/schedule",
  "/schedule?view=month",
];

/** What a page says below its head, without what a reader may choose on it. */
function said(html: string): string {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  const plain = main.replace(/<h1.*?print-only.*?<\/p>/s, "")
    .replaceAll(/<details[^>]*data-closes.*?<\/details>/gs, "")
    .replace(/<section[^>]*id="(changes|notes)".*?<\/section>/s, "");
  // Of notes one version is kept, and the page says so.
  // What changed since a visit is of now, and the address for one's own calendar of no day.
  const [lists = ""] = plain.split(/<div[^>]*id="calendar"/);
  return textOf(`<body${lists}`);
}

/** Where two texts part, so that a failure can be read. */
function firstDifference(a: string, b: string): string | null {
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 80);
  return `${around(a)} <> ${around(b)}`;
}

/** The pages, some people's among them. */
function pathsOf({ rig }: Reader): string[] {
  const leads = rig.simulator.brand(TEST_WEB_KEY).rows("leads");
  const some = [0, 3, 7].map((n) => `/leads/${leads[n]!.client_id}`);
  return [...PATHS, ...some];
}

type Shown = Record<string, string>;

async function shown(reader: Reader, on?: string): Promise<Shown> {
  const texts: Shown = {};
  // A session does not last for weeks.
  const { app, rig } = reader;
  const user = await app.createUser("tenant_viewer", rig.tenant.id);
  const browser = await app.signedIn(user);
  for (const path of pathsOf(reader)) {
    const address = on
      ? `${path}${path.includes("?") ? "&" : "?"}on=${on}`
      : path;
    const answer = await browser.getIn(rig.tenant.slug, address);
    texts[path] = said(await expectPage(answer));
  }
  return texts;
}

/** What the pages showed at each day's last sync, by day. */
async function live(
  reader: Reader,
  zone: string,
  steps: readonly number[],
): Promise<Map<string, Shown>> {
  const { rig } = reader;
  const days = new Map<string, Shown>();
  await rig.sync();
  for (const hours of steps) {
    const before = localDay(rig.clock.now(), zone);
    const after = localDay(rig.clock.now() + hours * HOUR, zone);
    if (before !== after) days.set(before, await shown(reader));
    rig.clock.advance(hours * HOUR);
    rig.simulator.advance(hours);
    await rig.sync();
  }
  return days;
}

async function expectSameDays(
  reader: Reader,
  days: ReadonlyMap<string, Shown>,
): Promise<void> {
  for (const [day, texts] of days) {
    const now = await shown(reader, day);
    for (const path of pathsOf(reader)) {
      const difference = firstDifference(texts[path]!, now[path]!);
      expect([day, path, difference]).toEqual([day, path, null]);
    }
  }
}

describe("A page of an earlier day", () => {
  const zones = [
    // The clocks change on 8 March, on 29 March, and never.
    ["America/New_York", "2026-03-05T14:20:00.000Z"],
    ["Europe/Berlin", "2026-03-26T14:20:00.000Z"],
    ["Asia/Kolkata", "2026-03-05T14:20:00.000Z"],
  ] as const;

  for (const [timezone, now] of zones) {
    it(`says word for word what it said at that day's last sync, in ${timezone}`, async () => {
      using reader = await openReader({
        now,
        brand: {
          name: "Test Brand",
          webKey: TEST_WEB_KEY,
          timezone,
          leads: 130,
          records: {},
        },
        tenant: { timezone },
      });
      const days = await live(
        reader,
        timezone,
        [3, 1, 9, 4, 1, 1, 20, 5, 2, 13, 26, 7, 50, 3, 3, 11, 8, 8],
      );
      expect(days.size).toBeGreaterThan(4);
      await expectSameDays(reader, days);
    });
  }

  it("says so too after the brand has moved to another zone and other boundaries, and stages have other names", async () => {
    const timezone = "America/New_York";
    using reader = await openReader({
      now: "2026-03-05T14:20:00.000Z",
      brand: {
        name: "Test Brand",
        webKey: TEST_WEB_KEY,
        leads: 130,
        records: {},
      },
      tenant: { timezone },
    });
    const { rig } = reader;
    const days = await live(reader, timezone, [3, 9, 20, 5, 13, 26, 7]);
    expect(days.size).toBeGreaterThan(2);
    await rig.change({
      timezone: "Asia/Tokyo",
      qualifiedFrom: "Initial Call Complete",
      qualifiedTo: "Discovery Day Completed",
      hotFrom: "QR Returned",
      fieldAliases: { market: ["city"] },
    });
    rig.clock.advance(30 * HOUR);
    rig.simulator.advance(30);
    await rig.sync({ full: true });
    expect(rig.tenant.timezone).toBe(timezone);
    await expectSameDays(reader, days);
  });

  it("keeps its figures when its lists are no longer kept, and says why they are missing", async () => {
    const timezone = "America/New_York";
    using reader = await openReader({
      now: "2026-03-05T14:20:00.000Z",
      brand: {
        name: "Test Brand",
        webKey: TEST_WEB_KEY,
        leads: 30,
        records: {},
      },
      tenant: { timezone },
    });
    const { rig } = reader;
    rig.deps.snapshotRetentionDays = 3;
    const days = await live(
      reader,
      timezone,
      [3, 9, ...new Array(16).fill(12)],
    );
    const [first = "", shownThen] = [...days][0]!;
    const now = await shown(reader, first);
    for (const path of PATHS.filter((path) => path.startsWith("/pipeline"))) {
      expect(firstDifference(shownThen![path]!, now[path]!)).toBe(null);
    }
    const [figures = ""] = shownThen!["/leads"]!.split("All leads");
    expect(now["/leads"]).toContain(figures.trim());
    expect(now["/leads"]).toContain(
      "The list of leads of that day is no longer known. What ClientTether sent is kept for a limited time, 90 days unless",
    );
    expect(now["/leads"]).toContain("The figures are kept for good.");
    for (const path of ["/hot-list", "/schedule", "/dashboard"]) {
      expect(now[path]).toContain("of that day is no longer known.");
    }
    const kept = [...days].slice(-2);
    await expectSameDays(reader, new Map(kept));
  });
});
