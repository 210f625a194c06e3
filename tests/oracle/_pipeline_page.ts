import { sinceText, weightedOf } from "./_dashboard_page.ts";
import { isMove } from "./_history.ts";
import { checkBridge, checkConversion, checkMoves } from "./_movement.ts";
import type { Period } from "./_periods.ts";
import type { Stage } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { type State, valueOf } from "./_state.ts";
import {
  counted,
  countText,
  moneyText,
  percentText,
  shortMoney,
} from "./_words.ts";
import type { Get } from "./_world.ts";
import { checkTimes } from "./_times.ts";

type Page = Awaited<ReturnType<Get>>;
const DEALS = ["opportunity", "opportunities"] as const;

/** Everything that the Pipeline page counts. */
export async function checkPipeline(
  sheet: Sheet,
  get: Get,
  state: State,
  period: Period,
): Promise<void> {
  const page = await get("/pipeline", period.query);
  const deals = state.deals("pipeline");
  const sized = deals.filter(({ cents }) => cents !== null);
  const used = new Set(deals.map(({ stage }) => stage)).size;
  sheet.card(page, "Total Pipeline Value", [
    shortMoney(valueOf(deals)),
    `${shortMoney(weightedOf(state))} weighted`,
    sinceText(state, period, (of) => valueOf(of.deals("pipeline")), shortMoney),
    counted(deals.length, ...DEALS),
  ]);
  sheet.card(page, "Stage Count", [
    countText(used),
    `of ${counted(state.rules.pipeline.length, "pipeline stage")} in use`,
  ]);
  const mean = valueOf(deals) / sized.length;
  sheet.card(page, "Average Deal Size", [
    shortMoney(Math.sign(mean) * Math.round(Math.abs(mean))),
    `of ${counted(sized.length, ...DEALS)} with a size`,
  ]);
  checkStages(sheet, page, state);
  checkRemarks(sheet, page, state);
  checkBridge(sheet, page, state, period);
  const changes = state.log.changes(period.from, period.to, state.look);
  checkConversion(sheet, page, state, changes);
  checkMoves(sheet, page, state, changes.filter(isMove));
  checkTimes(sheet, page, state);
}

function checkStages(sheet: Sheet, page: Page, state: State): void {
  const deals = state.deals("pipeline", "after");
  const rowOf = ({ name, likelihood }: Stage) => {
    const own = deals.filter(({ stage }) => stage === name);
    return [
      name,
      countText(own.length),
      moneyText(valueOf(own)),
      percentText(likelihood === null ? null : Number(likelihood)),
    ];
  };
  const heads = ["Stage", "Count", "Value", "Likely"];
  const pipeline = state.deals("pipeline");
  const valueAt = ({ name }: Stage) =>
    valueOf(deals.filter(({ stage }) => stage === name));
  sheet.table(page, {
    caption: "Opportunities and value by stage",
    heads,
    bars: state.rules.pipeline.map(valueAt),
  }, [
    ...state.rules.pipeline.map(rowOf),
    ["Total", countText(pipeline.length), moneyText(valueOf(pipeline)), ""],
  ]);
  sheet.table(
    page,
    {
      caption: "Opportunities and value after the pipeline",
      heads,
      bars: state.rules.after.map(valueAt),
    },
    state.rules.after.map(rowOf),
  );
}

function checkRemarks(sheet: Sheet, page: Page, state: State): void {
  const said = (what: string, count: number, text: RegExp) =>
    sheet.same(
      what,
      page.text.match(text)?.[1] ?? "0",
      countText(count),
    );
  const deals = state.deals("pipeline");
  said(
    "without a size",
    deals.filter(({ cents }) => cents === null).length,
    /([\d,]+) opportunit\w+ ha\w+ no deal size/,
  );
  said(
    "without a likelihood",
    deals.filter((deal) => state.rules.likelihood(deal) === null).length,
    /([\d,]+) opportunit\w+ \w+ in (?:a stage|stages) without a likelihood/,
  );
  said(
    "inactive",
    state.deals("inactive").length,
    /([\d,]+) opportunit\w+ \w+ in an inactive stage/,
  );
  said(
    "unclassified",
    state.deals("unclassified").length,
    /([\d,]+) opportunit\w+ \w+ in a stage that ClientTether/,
  );
}
