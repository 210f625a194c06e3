import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { note } from "../../cli/_io.ts";
import { checkDashboard } from "./_dashboard_page.ts";
import { checkLeads } from "./_leads_page.ts";
import { checkChanges, checkDeals, checkMoves } from "./_drill_pages.ts";
import { checkHotList } from "./_hot_list_page.ts";
import { checkNotes } from "./_notes_page.ts";
import { checkPerson } from "./_person_page.ts";
import { checkReports } from "./_report_page.ts";
import { checkSchedule } from "./_schedule_page.ts";
import { periodAt, type PeriodKind } from "./_periods.ts";
import { checkPipeline } from "./_pipeline_page.ts";
import type { Person } from "./_records.ts";
import { Sheet } from "./_sheet.ts";
import { State } from "./_state.ts";
import { makeWorld, openPortal, type Setting, type World } from "./_world.ts";

const BRANDS: Setting[] = [
  // The clocks go forward on 8 March.
  { brand: 0, from: "2026-03-02T14:20:00.000Z", more: { leads: 220 } },
  // No summer time, and half an hour off the others.
  {
    brand: 1,
    from: "2026-03-24T04:20:00.000Z",
    more: { timezone: "Asia/Kolkata", leads: 180 },
  },
  // The clocks go back on 1 November.
  {
    brand: 2,
    from: "2026-10-24T15:40:00.000Z",
    more: { leads: 260 },
    between: { qualifiedFrom: "FDD Sent", hotFrom: "Discovery Day Booked" },
  },
];
const PERIODS: PeriodKind[] = ["week", "28d", "month", { from: -9, to: -3 }];
/** Days before the newest, in days with figures. */
const PAST_DAYS = [1, 5, 9];

/** Every page of a brand now, and on three earlier days. */
async function checkBrand(sheet: Sheet, world: World): Promise<void> {
  const { log, zone, rig } = world;
  const newest = log.looks.at(-1)!;
  const days = log.days(newest);
  const moments = [
    { look: newest, now: rig.clock.now(), on: undefined },
    ...PAST_DAYS.map((ago) => {
      const look = days[ago]!;
      return { look, now: look.at, on: look };
    }),
  ];
  for (const { look, now, on } of moments) {
    const state = new State(log, look, now);
    const get = await openPortal(world, "tenant_viewer", on);
    for (const kind of PERIODS) {
      const period = periodAt(kind, now, zone);
      sheet.at(`${world.name} on ${look.day}, ${JSON.stringify(period.query)}`);
      await checkDashboard(sheet, get, state, period);
      await checkLeads(sheet, get, state, period);
      await checkPipeline(sheet, get, state, period);
    }
    sheet.at(`${world.name} on ${look.day}`);
    await checkHotList(sheet, get, state);
    await checkSchedule(sheet, get, state);
    if (on) continue;
    await checkReports(sheet, await openPortal(world, "agency_admin"), state);
    await checkNotes(sheet, get, state);
    await checkChanges(sheet, get, state);
    await checkMoves(sheet, get, state, "28d");
    await checkDeals(sheet, get, state);
    for (const person of peopleToSee(state)) {
      await checkPerson(sheet, get, state, person);
    }
  }
}

/** Those who stood in most stages, with their deals, and some others. */
function peopleToSee({ look, prospects }: State): Person[] {
  const stays = (one: Person) => look.stays.people.get(one.id)!.length;
  return [
    ...prospects.toSorted((one, other) => stays(other) - stays(one)).slice(
      0,
      6,
    ),
    ...prospects.slice(-4),
    look.people.get("p2")!,
  ];
}

describe("Every figure on every page", () => {
  it("is what an independent reading of ClientTether's records comes to", async () => {
    const sheet = new Sheet();
    for (const setting of BRANDS) {
      const world = await makeWorld(setting, sheet);
      try {
        await checkBrand(sheet, world);
      } finally {
        world.close();
      }
    }
    note(`${sheet.compared} figures compared`);
    expect(sheet.differences).toEqual([]);
    expect(sheet.compared).toBeGreaterThan(100_000);
  });

  it("is compared by code that shares nothing with the product's formulas", async () => {
    const outside = new Set<string>();
    for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
      const source = await Deno.readTextFile(new URL(name, import.meta.url));
      for (const [, from = ""] of source.matchAll(/ from "([^"(]+)"/g)) {
        if (!from.startsWith("./")) outside.add(from);
      }
    }
    expect([...outside].toSorted()).toEqual([
      "../../cli/_io.ts",
      "../../lib/clienttether/simulator/mod.ts",
      "../_app.ts",
      "../_sync.ts",
      "@std/expect",
      "@std/testing/bdd",
    ]);
  });
});
