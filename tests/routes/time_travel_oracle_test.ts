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
    .replace(/<section[^>]*id="changes".*?<\/section>/s, "");
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

type Shown = Record<string, string>;

async function shown(reader: Reader, on?: string): Promise<Shown> {
  const texts: Shown = {};
  // A session does not last for weeks.
  const { app, rig } = reader;
  const user = await app.createUser("tenant_viewer", rig.tenant.id);
  const browser = await app.signedIn(user);
  for (const path of PATHS) {
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
    for (const path of PATHS) {
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
});
