import { sinceText, weightedOf } from "./_dashboard_page.ts";
import { isMove } from "./_history.ts";
import type { Stage } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, State, valueOf } from "./_state.ts";
import {
  counted,
  countText,
  deltaText,
  moneyText,
  percentText,
  shortMoney,
} from "./_words.ts";
import type { Get } from "./_world.ts";
import { daysText, mondayOf, plusDays, startOf } from "./_zone.ts";

type Page = Awaited<ReturnType<Get>>;
const MOST_SOURCES = 10;
const MOST_MOVES = 12;
const WEEKS = 8;

/** A week that is over, as its report has it. */
interface Week {
  monday: string;
  /** As of its last day with figures. */
  state: State;
  /** As of the first sync after it: who was created in it is known by then. */
  after: State;
}

/** The report of every week that ended while the brand was looked at. */
export async function checkReports(
  sheet: Sheet,
  get: Get,
  { log, look, zone }: State,
): Promise<void> {
  const mondays = new Set(log.looks.map(({ day }) => mondayOf(day)));
  for (const monday of mondays) {
    const end = startOf(plusDays(monday, 7), zone);
    const next = log.looks.find(({ at }) => at >= end);
    if (!next || next.at > look.at) continue;
    const last = log.looks.findLast(({ at }) => at < end)!;
    const week = {
      monday,
      state: new State(log, last, last.at),
      after: new State(log, next, next.at),
    };
    checkWeek(sheet, await get(`/reports/${monday}`), week);
  }
}

function checkWeek(sheet: Sheet, page: Page, week: Week): void {
  checkCards(sheet, page, week);
  const { monday, after } = week;
  const trend = Array.from({ length: WEEKS }, (_, at) => {
    const first = plusDays(monday, 7 * (at + 1 - WEEKS));
    return [
      daysText(first, plusDays(first, 6)),
      countText(createdIn(after, first).length),
    ];
  });
  const label = "New leads by week";
  sheet.table(
    page,
    { caption: label, under: label, heads: ["Week", "New leads"] },
    trend,
  );
  const people = createdIn(after, monday);
  sheet.table(
    page,
    { caption: "New leads by source", heads: ["Source", "New leads"] },
    people.length === 0 ? [] : [
      ...after.bySource(people).slice(0, MOST_SOURCES),
      ["Total", people] as const,
    ].map(([name, some]) => [name, countText(some.length)]),
  );
  checkStages(sheet, page, week.state);
  checkMoves(sheet, page, week);
}

function createdIn(state: State, monday: string) {
  return state.createdIn({
    from: startOf(monday, state.zone),
    to: startOf(plusDays(monday, 7), state.zone),
  });
}

function checkCards(sheet: Sheet, page: Page, { monday, state, after }: Week) {
  const count = createdIn(after, monday).length;
  const base = createdIn(after, plusDays(monday, -7)).length;
  sheet.card(page, "New leads", [
    countText(count),
    deltaText(count, base, "the week before"),
    "Created in the week",
  ]);
  const since = (
    label: string,
    figure: (state: State) => number,
    says: string,
  ) =>
    sheet.card(page, label, [
      countText(figure(state)),
      sinceText(state, { firstDay: monday }, figure),
      says,
    ]);
  const all = `of ${counted(state.prospects.length, "lead")}`;
  since("Leads in pipeline", (of) => of.people("pipeline").length, all);
  since("Qualified candidates", (of) => of.qualified.length, all);
  since("Hot list", (of) => of.hot.length, "Opportunities closest to signing");
  since(
    "Total leads",
    (of) => of.prospects.length,
    "Prospects in ClientTether",
  );
  const value = (of: State) => valueOf(of.deals("pipeline"));
  sheet.card(page, "Pipeline value", [
    shortMoney(value(state)),
    `${shortMoney(weightedOf(state))} weighted`,
    sinceText(state, { firstDay: monday }, value, shortMoney),
  ]);
}

function checkStages(sheet: Sheet, page: Page, state: State): void {
  const deals = state.deals("pipeline");
  const rowOf = ({ name, likelihood }: Stage) => {
    const own = deals.filter(({ stage }) => stage === name);
    return [
      name,
      countText(own.length),
      moneyText(valueOf(own)),
      percentText(likelihood === null ? null : Number(likelihood)),
    ];
  };
  sheet.table(
    page,
    {
      caption: "Opportunities and value by stage",
      heads: ["Stage", "Count", "Value", "Likely"],
    },
    [
      ...state.rules.pipeline.map(rowOf),
      ["Total", countText(deals.length), moneyText(valueOf(deals)), ""],
    ],
  );
  const after = state.rules.after.flatMap(({ name }) => {
    const own = state.deals("after").filter(({ stage }) => stage === name);
    return own.length > 0 ? [`${name} ${countText(own.length)}`] : [];
  });
  sheet.same(
    "after the pipeline",
    page.card("Pipeline by stage")?.[1] ?? null,
    after.length > 0
      ? `After the pipeline, in none of its figures: ${after.join(", ")}.`
      : null,
  );
}

function checkMoves(sheet: Sheet, page: Page, { monday, after }: Week): void {
  const from = startOf(monday, after.zone);
  const to = startOf(plusDays(monday, 7), after.zone);
  const moves = after.log.changes(from, to, after.look).filter(isMove);
  const pairs = [...Map.groupBy(
    moves,
    ({ from, to }) => `${from!.stage} → ${to!.stage}`,
  )].sort(([a, one], [b, other]) =>
    other.length - one.length || compareText(a, b)
  );
  const label = "Moves between stages";
  sheet.table(
    page,
    { caption: label, under: label, heads: ["From and to", "Moves"] },
    pairs.slice(0, MOST_MOVES).map(([name, some]) => [
      name,
      countText(some.length),
    ]),
  );
  sheet.same(
    "moves of the week",
    page.text.match(/([\d,]+) moves? in the week/)?.[1] ?? "0",
    countText(moves.length),
  );
}
