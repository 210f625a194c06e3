import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { note } from "../../cli/_io.ts";
import { checkAnswers } from "./_answers.ts";
import { checkChanges } from "./_changes_page.ts";
import { checkDashboard, checkTrends } from "./_dashboard_page.ts";
import { checkDeals, checkMoves } from "./_drill_pages.ts";
import { checkFiles } from "./_files.ts";
import { checkHotList } from "./_hot_list_page.ts";
import { checkLeadList, checkLeads } from "./_leads_page.ts";
import { checkNotes } from "./_notes_page.ts";
import { checkGone, checkPerson } from "./_person_page.ts";
import { checkReports } from "./_report_page.ts";
import { checkSchedule } from "./_schedule_page.ts";
import { periodAt, type PeriodKind } from "./_periods.ts";
import { checkPipeline } from "./_pipeline_page.ts";
import type { Person } from "./_records.ts";
import { Sheet } from "./_sheet.ts";
import { State } from "./_state.ts";
import {
  makeWorld,
  openPortal,
  type Reader,
  type Setting,
  type World,
} from "./_world.ts";
import { DAY_MS } from "./_zone.ts";

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
const PERIODS: PeriodKind[] = [
  "week",
  "last-week",
  "7d",
  "28d",
  "90d",
  "month",
  "quarter",
  { from: -9, to: -3 },
];
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
    const reader = await openPortal(world, "tenant_viewer", on);
    const get = reader.page;
    for (const kind of PERIODS) {
      const period = periodAt(kind, now, zone);
      sheet.at(`${world.name} on ${look.day}, ${JSON.stringify(period.query)}`);
      await checkDashboard(sheet, get, state, period);
      await checkLeads(sheet, get, state, period);
      await checkPipeline(sheet, get, state, period);
    }
    sheet.at(`${world.name} on ${look.day}`);
    await checkTrends(sheet, get, state);
    await checkLeadList(sheet, get, state);
    await checkHotList(sheet, get, state);
    await checkSchedule(sheet, get, state);
    await checkNotes(sheet, get, state);
    await checkMoves(sheet, get, state, "28d");
    await checkDeals(sheet, get, state);
    await checkFiles(sheet, reader, state);
    for (const person of peopleToSee(state)) {
      await checkPerson(sheet, get, state, person);
    }
    if (!on) await checkPresent(sheet, world, reader, state);
  }
}

/** What knows no earlier day. */
async function checkPresent(
  sheet: Sheet,
  world: World,
  reader: Reader,
  state: State,
): Promise<void> {
  await checkAnswers(sheet, reader, state);
  const agency = await openPortal(world, "agency_admin");
  await checkReports(sheet, agency.page, state);
  const gone = world.log.looks[0]!.people.get("p4")!;
  await checkGone(sheet, reader.page, state, gone);
  // Somebody new is told of seven days, the others of what came since they were here.
  await checkChanges(sheet, reader, state, state.now - 7 * DAY_MS);
  for (const { seen, back } of world.visitors) {
    sheet.at(`${world.name}, since ${seen.day}`);
    await checkChanges(sheet, await back(), state, seen.at);
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
    ...["p2", "p7"].flatMap((id) => look.people.get(id) ?? []),
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
    expect(sheet.compared).toBeGreaterThan(130_000);
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
