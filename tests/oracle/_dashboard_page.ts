import { newLeadsCard } from "./_leads_page.ts";
import type { Period } from "./_periods.ts";
import type { Sheet } from "./_sheet.ts";
import { type State, valueOf } from "./_state.ts";
import {
  counted,
  countText,
  deltaText,
  shareText,
  shortMoney,
} from "./_words.ts";
import type { Get } from "./_world.ts";
import {
  dayOf,
  daysBetween,
  daysText,
  mondayOf,
  plusDays,
  shortDay,
  startOf,
  timeText,
  weekdayOf,
} from "./_zone.ts";

type Page = Awaited<ReturnType<Get>>;
const MOST_SOURCES = 6;
const MOST_ACTIVITIES = 5;
/** In pixels. */
const TREND_HEIGHT = 128;
const WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
  .split(" ");

/** Everything that the Dashboard counts in a period. */
export async function checkDashboard(
  sheet: Sheet,
  get: Get,
  state: State,
  period: Period,
): Promise<void> {
  const page = await get("/dashboard", period.query);
  checkCards(sheet, page, state, period);
  checkTrend(sheet, page, state, 8);
  checkSources(sheet, page, state, period);
  checkStages(sheet, page, state);
  checkDue(sheet, page, state);
}

/** What the Dashboard draws of the days and weeks before. */
export async function checkTrends(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  for (const weeks of [4, 12]) {
    const page = await get("/dashboard", { weeks: String(weeks) });
    checkTrend(sheet, page, state, weeks);
  }
  const page = await get("/dashboard");
  const { days } = state;
  const lines: Record<string, (of: State) => number> = {
    "Leads in pipeline": (of) => of.people("pipeline").length,
    "Qualified candidates": (of) => of.qualified.length,
    "Pipeline value": (of) => valueOf(of.deals("pipeline")),
  };
  for (const [label, figure] of Object.entries(lines)) {
    sheet.line(page, label, days.map(figure));
  }
}

/** The newest figures from before the period, beside today's: nothing where there are none. */
export function sinceText(
  state: State,
  period: Pick<Period, "firstDay">,
  figure: (state: State) => number,
  write?: (value: number) => string,
): string | null {
  const before = state.before(period);
  return before && deltaText(
    figure(state),
    figure(before),
    shortDay(before.look.day),
    write,
  );
}

/** Sum of weighted values in the pipeline, each rounded by itself. */
export function weightedOf(state: State): number {
  return state.deals("pipeline").reduce(
    (sum, deal) => sum + (state.rules.weighted(deal) ?? 0),
    0,
  );
}

function checkCards(sheet: Sheet, page: Page, state: State, period: Period) {
  const total = state.prospects.length;
  const people = (label: string, figure: (state: State) => number) => {
    const count = figure(state);
    sheet.card(page, label, [
      countText(count),
      sinceText(state, period, figure),
      `of ${counted(total, "lead")} (${shareText(count, total)})`,
    ]);
  };
  sheet.card(page, "New leads", newLeadsCard(state, period));
  people("Leads in pipeline", (of) => of.people("pipeline").length);
  people("Qualified candidates", (of) => of.qualified.length);
  const deals = state.deals("pipeline");
  const unsized = deals.filter(({ cents }) => cents === null).length;
  const unlikely =
    deals.filter((deal) => state.rules.likelihood(deal) === null).length;
  sheet.card(page, "Pipeline value", [
    shortMoney(valueOf(deals)),
    `${shortMoney(weightedOf(state))} weighted`,
    sinceText(state, period, (of) => valueOf(of.deals("pipeline")), shortMoney),
    [
      counted(deals.length, "opportunity", "opportunities"),
      unsized && `${countText(unsized)} without a size`,
      unlikely && `${countText(unlikely)} without a likelihood`,
    ].filter(Boolean).join(" · "),
  ]);
}

function checkTrend(sheet: Sheet, page: Page, state: State, count: number) {
  const weeks = state.weeks(count);
  const whole = weeks.slice(0, -1);
  const mean = whole.reduce((sum, week) => sum + week.count, 0) / whole.length;
  sheet.says(
    page,
    "New leads by week",
    `${countText(weeks.at(-1)!.count)} so far this week, ${
      countText(whole.at(-1)!.count)
    } in the whole of last week; ${
      countText(Math.round(mean))
    } a week on average before this one.`,
  );
  const rows = weeks.map(({ monday, count }) => [
    daysText(monday, plusDays(monday, 6)),
    countText(count),
  ]);
  sheet.table(
    page,
    {
      caption: "New leads by week",
      under: "New leads by week",
      heads: ["Week", "New leads"],
    },
    rows,
  );
  const bars = page.items("New leads by week")?.filter((text) =>
    text.startsWith("Week of")
  );
  // The week that is not over would look like a fall.
  sheet.line(page, "New leads", whole.map(({ count }) => count));
  const highest = Math.max(1, ...weeks.map(({ count }) => count));
  sheet.same(
    "bars of the trend, drawn",
    page.columns("New leads by week"),
    weeks.map(({ count }) =>
      Math.max(1, Math.round(count / highest * TREND_HEIGHT))
    ),
  );
  sheet.same(
    "bars of the trend",
    bars?.map((text) => text.match(/^(Week of \d+ \w+): ?([\d,]+)/)?.slice(1)),
    weeks.map(({ monday, count }) => [
      `Week of ${shortDay(monday)}`,
      countText(count),
    ]),
  );
}

function checkSources(sheet: Sheet, page: Page, state: State, period: Period) {
  const label = "Where new leads came from";
  const people = state.createdIn(period);
  const sources = state.bySource(people);
  const qualified = (some: typeof people) =>
    some.filter((one) => state.rules.isQualified(one)).length;
  const [first] = sources;
  if (!first) {
    sheet.same(label, page.text.includes("No new leads."), true);
    return;
  }
  sheet.says(
    page,
    label,
    `${first[0]} brought most: ${countText(first[1].length)} of ${
      countText(people.length)
    }. ${period.words}.`,
  );
  sheet.table(
    page,
    {
      caption: "New leads by source",
      heads: ["Source", "New leads", "Qualified"],
      bars: sources.slice(0, MOST_SOURCES).map(([, some]) => some.length),
    },
    [
      ...sources.slice(0, MOST_SOURCES),
      ["Total", people] as const,
    ].map(([name, some]) => [
      name,
      countText(some.length),
      shareText(qualified([...some]), some.length),
    ]),
  );
  const more = sources.length - MOST_SOURCES;
  sheet.same(
    "more sources",
    page.card(label)?.find((text) => /more sources?$/.test(text)) ?? null,
    more > 0 ? `${more} more ${more === 1 ? "source" : "sources"}` : null,
  );
}

function checkStages(sheet: Sheet, page: Page, state: State) {
  const leadsAt = (name: string) =>
    state.prospects.filter(({ stage }) => stage === name).length;
  sheet.says(
    page,
    "Pipeline by stage",
    `Bars in the accent colour are qualified: ${
      countText(state.qualified.length)
    } people.`,
  );
  sheet.table(
    page,
    {
      caption: "Leads and pipeline value by stage",
      heads: ["Stage", "Leads", "Value"],
      bars: state.rules.pipeline.map(({ name }) => leadsAt(name)),
    },
    state.rules.pipeline.map(({ name }) => [
      name,
      countText(leadsAt(name)),
      shortMoney(
        valueOf(state.deals("pipeline").filter(({ stage }) => stage === name)),
      ),
    ]),
  );
}

function checkDue(sheet: Sheet, page: Page, state: State) {
  const { zone, now } = state;
  const today = dayOf(now, zone);
  const end = startOf(plusDays(mondayOf(today), 7), zone);
  const due = state.coming.filter(({ at }) => at < end);
  const when = (at: number) => {
    const day = dayOf(at, zone);
    const ahead = daysBetween(today, day);
    const word = ["today", "tomorrow"][ahead] ?? WEEKDAYS[weekdayOf(day)];
    return `${word} ${timeText(at, zone)}`;
  };
  sheet.same(
    "due this week",
    page.items("Due this week") ?? null,
    due.slice(0, MOST_ACTIVITIES).map(({ type, contact, at }) =>
      `${type} ${contact} ${when(at)}`
    ),
  );
  const more = due.length - MOST_ACTIVITIES;
  sheet.same(
    "due this week, more",
    page.card("Due this week")?.find((text) => / more this week/.test(text)) ??
      null,
    more > 0 ? `${more} more this week on the schedule.` : null,
  );
}
