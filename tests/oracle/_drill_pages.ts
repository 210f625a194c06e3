import { candidateOf } from "./_hot_list_page.ts";
import { type Change, isMove } from "./_history.ts";
import { periodAt, type PeriodKind } from "./_periods.ts";
import type { Deal } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, type State, valueOf } from "./_state.ts";
import { counted, moneyText, percentText, UNKNOWN } from "./_words.ts";
import type { Get } from "./_world.ts";
import { dateTimeText, dayOf, dayText } from "./_zone.ts";

const DEALS = ["opportunity", "opportunities"] as const;
const COUNTS: Record<string, string> = {
  pipeline: "In the pipeline",
  after: "After the pipeline",
  inactive: "Inactive stage, in no figure",
  unclassified: "Unclassified stage, in no figure",
  other: "Not a prospect's, in no figure",
};
const PAGE = 50;

/** The moves behind the figures of a period. */
export async function checkMoves(
  sheet: Sheet,
  get: Get,
  state: State,
  kind: PeriodKind,
): Promise<void> {
  const period = periodAt(kind, state.now, state.zone);
  const moves = state.log.changes(period.from, period.to, state.look)
    .filter(isMove);
  const page = await get("/pipeline/moves", period.query);
  sheet.same(
    "moves",
    page.heading(/^[\d,]+ moves?/),
    counted(moves.length, "move"),
  );
  const [pair] = moves;
  if (!pair) return;
  const { from, to } = pair;
  const same = moves.filter((move) =>
    move.from!.stage === from!.stage && move.to!.stage === to!.stage
  );
  const narrowed = await get("/pipeline/moves", {
    ...period.query,
    left: from!.stage,
    reached: to!.stage,
  });
  sheet.same(
    "moves of a pair",
    narrowed.heading(/^[\d,]+ moves?/),
    `${counted(same.length, "move")} from ${from!.stage} to ${to!.stage}`,
  );
  const rows = narrowed.table("Moves between stages, the newest first")?.rows;
  sheet.same(
    "moves of a pair, rows",
    rows?.map((row) => row.join(" | ")).toSorted(),
    same.map((move) => moveRow(state, move)).toSorted(),
  );
}

function moveRow(state: State, { id, from, to, at }: Change): string {
  const deal = state.look.deals.get(id);
  return [
    deal ? candidateOf(state, deal) : "No longer in ClientTether",
    from!.stage,
    to!.stage,
    dateTimeText(at, state.zone),
    moneyText(deal?.cents ?? null),
  ].join(" | ");
}

/** The opportunities behind each figure of the pipeline, with their sums. */
export async function checkDeals(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  const pipeline = state.deals("pipeline");
  const groups: Record<string, Deal[]> = {
    pipeline,
    sized: pipeline.filter(({ cents }) => cents !== null),
    unsized: pipeline.filter(({ cents }) => cents === null),
    "without-likelihood": pipeline.filter((deal) =>
      state.rules.likelihood(deal) === null
    ),
    after: state.deals("after"),
    inactive: state.deals("inactive"),
    unclassified: state.deals("unclassified"),
  };
  for (const [group, deals] of Object.entries(groups)) {
    const page = await get("/pipeline/opportunities", { group });
    const count = counted(deals.length, ...DEALS);
    sheet.same(
      `opportunities ${group}`,
      page.heading(/^[\d,]+ opp/)?.startsWith(count),
      true,
    );
    const weighted = deals.map((deal) => state.rules.weighted(deal) ?? 0);
    const rows = deals.toSorted((one, other) =>
      (other.cents ?? -Infinity) - (one.cents ?? -Infinity) ||
      compareText(one.id, other.id)
    ).slice(0, PAGE).map((deal) => [
      candidateOf(state, deal),
      ...dealCells(state, deal),
    ]);
    sheet.table(
      page,
      {
        caption: "Opportunities, the largest first",
        heads: [
          "Candidate",
          "Stage",
          "Deal size",
          "Likely %",
          "Weighted",
          "Counts",
          "Updated",
        ],
      },
      rows.length === 0 ? [] : [...rows, [
        `Total of ${count}`,
        "",
        moneyText(valueOf(deals)),
        "",
        moneyText(weighted.reduce((sum, cents) => sum + cents, 0)),
        "",
        "",
      ]],
    );
  }
}

/** An opportunity as tables show it, after its name. */
export function dealCells(state: State, deal: Deal): string[] {
  const { rules, zone } = state;
  const likelihood = rules.likelihood(deal);
  return [
    deal.stage,
    moneyText(deal.cents),
    percentText(likelihood === null ? null : Number(likelihood)),
    moneyText(rules.weighted(deal)),
    COUNTS[rules.standing(deal)]!,
    deal.updated === null ? UNKNOWN : dayText(dayOf(deal.updated, zone)),
  ];
}
