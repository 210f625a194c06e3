import type { Deal } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { NOT_RECORDED, type State } from "./_state.ts";
import {
  counted,
  countText,
  moneyText,
  percentText,
  UNKNOWN,
} from "./_words.ts";
import type { Get } from "./_world.ts";
import { cityOf, dateTimeText, dayOf, daysBetween } from "./_zone.ts";

const CANDIDATES = [
  "Candidate Name",
  "Market",
  "Units",
  "Weighted IFF",
  "Stage",
  "Likely %",
  "Days in stage",
];

/** The candidate's name: the opportunity's own, its company's, the person's. */
export function candidateOf({ look }: State, { name, clientId }: Deal): string {
  return name ?? look.people.get(clientId ?? "")?.name ?? "Unnamed";
}

/** "12", "at least 12": midnights between the sync that saw a deal enter its stage and the last one. */
export function daysInStage({ look, zone }: State, { id }: Deal): string {
  const { at, atLeast } = look.stays.deals.get(id)!.at(-1)!;
  const days = daysBetween(dayOf(at, zone), look.day);
  return `${atLeast ? "at least " : ""}${countText(days)}`;
}

/** Everything on the Hot List: rows, totals, and what is scheduled next. */
export async function checkHotList(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  const page = await get("/hot-list");
  const { hot, rules, look, zone, coming } = state;
  sheet.same(
    "candidates",
    page.heading(/candidates?$/),
    counted(hot.length, "candidate"),
  );
  const rowOf = (deal: Deal) => {
    const person = look.people.get(deal.clientId ?? "");
    const next = coming.find(({ contactId }) => contactId === deal.clientId);
    const likelihood = rules.likelihood(deal);
    return [
      candidateOf(state, deal),
      person?.market ?? NOT_RECORDED,
      person?.units ? countText(person.units) : UNKNOWN,
      moneyText(rules.weighted(deal)),
      deal.stage,
      percentText(likelihood === null ? null : Number(likelihood)),
      daysInStage(state, deal),
      next
        ? `${next.type}, ${dateTimeText(next.at, zone)}`
        : "Nothing scheduled",
    ];
  };
  const heads = [...CANDIDATES, `Next (${cityOf(zone)})`];
  const weighted = hot.filter((deal) => rules.weighted(deal) !== null);
  const others = hot.filter((deal) => rules.weighted(deal) === null);
  const units = weighted.flatMap(({ clientId }) =>
    look.people.get(clientId ?? "")?.units ?? []
  );
  const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
  sheet.table(
    page,
    { caption: "Hot list, highest weighted IFF first", heads },
    [
      ...weighted.map(rowOf),
      [
        `Total of ${counted(weighted.length, "candidate")}`,
        "",
        units.length > 0 ? countText(sum(units)) : UNKNOWN,
        moneyText(sum(weighted.map((deal) => rules.weighted(deal)!))),
        ...["", "", "", ""],
      ],
    ],
  );
  sheet.table(
    page,
    { caption: "Hot list, candidates without a weighted IFF", heads },
    others.map(rowOf),
  );
  sheet.same(
    "candidates without a weighted IFF",
    page.text.match(/([\d,]+) candidates? without a deal size/)?.[1] ?? "0",
    countText(others.length),
  );
}
