import { candidateOf, daysInStage } from "./_hot_list_page.ts";
import type { Deal } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, type State } from "./_state.ts";
import { countText, moneyText, UNKNOWN } from "./_words.ts";
import type { Get } from "./_world.ts";
import { dayOf, daysBetween, dayText } from "./_zone.ts";

type Page = Awaited<ReturnType<Get>>;
const LEAST_STAYS = 5;
const NAMED = 8;
const SHOWN = 10;

/** How long stays lasted whose beginning and end were seen, and which deals have stayed for too long. */
export function checkTimes(sheet: Sheet, page: Page, state: State): void {
  const ended = endedStays(state);
  const all = [...ended.values()].flat().sort((one, other) => one - other);
  const known = state.rules.pipeline.filter(({ name }) => ended.has(name));
  const rows = known.map(({ name }) => {
    const days = ended.get(name)!;
    const told = days.length >= LEAST_STAYS;
    return [
      name,
      told ? String(medianOf(days)) : UNKNOWN,
      told ? `${rank(days, 0.25)} and ${rank(days, 0.75)} days` : UNKNOWN,
      countText(days.length),
    ];
  });
  const usual = all.length >= LEAST_STAYS ? medianOf(all) : null;
  sheet.table(
    page,
    {
      caption: "Time in stage, in days",
      heads: ["Stage", "Median", "Half between", "Ended"],
    },
    all.length === 0 ? [] : [...rows, [
      "Total",
      String(usual ?? UNKNOWN),
      "",
      countText(all.length),
    ]],
  );
  sheet.same(
    "stays that ended",
    page.text.match(/of ([\d,]+) stays? that ended/)?.[1] ?? "0",
    countText(all.length),
  );
  checkStalled(sheet, page, state, (stage) => {
    const days = ended.get(stage) ?? [];
    return days.length >= LEAST_STAYS ? medianOf(days) : usual;
  });
}

/** Days of the stays that ended, shortest first, by stage of the pipeline. */
function endedStays({ log, look, rules, zone }: State): Map<string, number[]> {
  const ended = new Map<string, number[]>();
  let before = null;
  for (const next of log.looks.filter(({ at }) => at <= look.at)) {
    for (const { id, from, to } of next.changes) {
      const moved = from?.stage !== to?.stage || from?.type !== to?.type;
      if (!from || !moved || rules.standing(from) !== "pipeline") continue;
      const { at, atLeast } = before!.stays.deals.get(id)!.at(-1)!;
      if (atLeast) continue;
      const days = daysBetween(dayOf(at, zone), next.day);
      ended.set(from.stage, [...ended.get(from.stage) ?? [], days]);
    }
    before = next;
  }
  for (const days of ended.values()) days.sort((one, other) => one - other);
  return ended;
}

function medianOf(sorted: readonly number[]): number {
  const [low, high] = [sorted.length - 1, sorted.length].map((twice) =>
    sorted[Math.floor(twice / 2)]!
  ) as [number, number];
  return (low + high) / 2;
}

/** The nearest rank. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1]!;
}

function checkStalled(
  sheet: Sheet,
  page: Page,
  state: State,
  usualIn: (stage: string) => number | null,
): void {
  const { look, zone } = state;
  const sinceOf = ({ id }: Deal) => look.stays.deals.get(id)!.at(-1)!.at;
  const daysOf = (deal: Deal) =>
    daysBetween(dayOf(sinceOf(deal), zone), look.day);
  const stalled = state.deals("pipeline").filter((deal) => {
    const usual = usualIn(deal.stage);
    return daysOf(deal) > (usual === null ? 30 : Math.max(14, 2 * usual));
  });
  sheet.same(
    "stalled deals",
    page.text.match(/([\d,]+) deals? in a stage for more than twice/)?.[1] ??
      "0",
    countText(stalled.length),
  );
  const named = [...Map.groupBy(stalled, ({ stage }) => stage).values()]
    .flatMap((deals) =>
      deals.sort((one, other) =>
        sinceOf(one) - sinceOf(other) ||
        bySize(one, other)
      ).slice(0, NAMED)
    ).sort((one, other) =>
      daysOf(other) - daysOf(one) ||
      bySize(one, other)
    );
  const heads = [
    "Deal",
    "Stage",
    "Days in stage",
    "Usual (median)",
    "Size",
    "Last note",
  ];
  const rows = named.map((deal) => [
    candidateOf(state, deal),
    deal.stage,
    daysInStage(state, deal),
    String(usualIn(deal.stage) ?? UNKNOWN),
    moneyText(deal.cents),
    lastNote(state, deal),
  ]);
  const caption = "Stalled deals, longest in their stage first";
  sheet.table(page, { caption, heads }, rows.slice(0, SHOWN));
  sheet.table(
    page,
    { caption: "More stalled deals", heads },
    rows.slice(SHOWN),
  );
  sheet.same(
    "stalled deals, named",
    page.text.match(/longest stays in each stage, ([\d,]+) of/)?.[1] ?? null,
    named.length < stalled.length ? countText(named.length) : null,
  );
}

/** The largest first, those without a size last. */
function bySize(one: Deal, other: Deal): number {
  if (one.cents === other.cents) return compareText(one.id, other.id);
  return (other.cents ?? -Infinity) - (one.cents ?? -Infinity);
}

function lastNote({ look, zone }: State, { clientId }: Deal): string {
  const dates = [...look.known.values()].flatMap(({ contactId, date }) =>
    contactId === clientId ? [date] : []
  );
  return dates.length > 0 ? dayText(dayOf(Math.max(...dates), zone)) : UNKNOWN;
}
