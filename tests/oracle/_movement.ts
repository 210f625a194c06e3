import type { Change, Look } from "./_history.ts";
import type { Period } from "./_periods.ts";
import type { Deal } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, type State, valueOf } from "./_state.ts";
import { counted, countText, moneyText, signed, UNKNOWN } from "./_words.ts";
import type { Get } from "./_world.ts";
import { shortDay } from "./_zone.ts";

type Page = Awaited<ReturnType<Get>>;
const MOST_MOVES = 12;
const LEAST_ENTERED = 5;

const PARTS = [
  "New opportunities",
  "Came back or in",
  "Resized",
  "Moved past the pipeline",
  "Lost or inactive",
  "Removed in ClientTether",
];

/** The part of the bridge that a change belongs to; null where it does not touch the pipeline's value. */
function partOf(
  { from, to, returned }: Change,
  isIn: (deal: Deal | null) => boolean,
  state: State,
) {
  if (isIn(from) && isIn(to)) {
    return from!.cents === to!.cents ? null : "Resized";
  }
  if (isIn(to)) {
    return from || returned ? "Came back or in" : "New opportunities";
  }
  if (!isIn(from)) return null;
  if (!to) return "Removed in ClientTether";
  return state.rules.standing(to) === "after"
    ? "Moved past the pipeline"
    : "Lost or inactive";
}

/** How the value went from one day to another, by what each sync saw. */
export function checkBridge(
  sheet: Sheet,
  page: Page,
  state: State,
  period: Period,
): void {
  const days = state.log.days(state.look);
  const within = days.filter(({ day }) =>
    period.firstDay <= day && day <= period.lastDay
  );
  const closing = within[0];
  const opening = days.find(({ day }) => day < period.firstDay) ??
    within.at(-1);
  if (!opening || !closing || opening === closing) {
    sheet.same(
      "bridge",
      page.text.includes("There is nothing to compare yet."),
      true,
    );
    return;
  }
  const isIn = (deal: Deal | null) =>
    deal !== null && state.rules.standing(deal) === "pipeline";
  const sums = new Map<string, { count: number; cents: number }>();
  for (
    const change of state.log.changes(
      opening.at + 1,
      closing.at + 1,
      state.look,
    )
  ) {
    const part = partOf(change, isIn, state);
    if (!part) continue;
    const worth = (deal: Deal | null) => isIn(deal) ? deal!.cents ?? 0 : 0;
    const { count, cents } = sums.get(part) ?? { count: 0, cents: 0 };
    sums.set(part, {
      count: count + 1,
      cents: cents + worth(change.to) - worth(change.from),
    });
  }
  const level = (look: Look) => [
    look.day === state.look.day
      ? `By the last update, ${shortDay(look.day)}`
      : `At the end of ${shortDay(look.day)}`,
    "",
    moneyText(valueOf([...look.deals.values()].filter(isIn))),
  ];
  const steps = PARTS.flatMap((part) => {
    const sum = sums.get(part);
    return sum ? [{ part, ...sum }] : [];
  });
  const label = "How the value changed";
  sheet.table(page, {
    caption: label,
    under: label,
    heads: ["What", "Count", "Value"],
  }, [
    level(opening),
    ...steps.map(({ part, count, cents }) => [
      part,
      countText(count),
      signed(cents, moneyText),
    ]),
    level(closing),
  ]);
  const [first, last] = [opening, closing].map(({ deals }) =>
    valueOf([...deals.values()].filter(isIn))
  ) as [number, number];
  checkWaterfall(sheet, page, first, steps, last);
}

/** Each step is drawn from where the one before it ended. */
function checkWaterfall(
  sheet: Sheet,
  page: Page,
  first: number,
  steps: readonly { cents: number }[],
  last: number,
): void {
  let height = first;
  const spans: [number, number][] = [[0, first]];
  for (const { cents } of steps) spans.push([height, height += cents]);
  spans.push([0, last]);
  const low = Math.min(0, ...spans.flat());
  const high = Math.max(1, ...spans.flat());
  const place = (cents: number) => (cents - low) / (high - low) * 100;
  const label = "How the value changed";
  const bars = page.table(label, label)?.bars ?? [];
  spans.forEach((span, at) => {
    const [start, end] = span.map(place).sort((one, other) => one - other) as [
      number,
      number,
    ];
    // A step of something is never invisible, and none leaves the room.
    const length = start === end ? 0 : Math.max(end - start, 0.75);
    const what = `${label}, bar ${at + 1}`;
    sheet.near(what, bars[at]?.[0], Math.min(start, 100 - length));
    sheet.near(`${what}, length`, bars[at]?.[1], length);
  });
}

/** Of those that entered a stage in a period, how many went on. */
export function checkConversion(
  sheet: Sheet,
  page: Page,
  { rules }: State,
  changes: readonly Change[],
): void {
  const label = "Conversion between stages";
  const place = (deal: Deal | null) => deal ? rules.place(deal) : undefined;
  let ended = 0;
  const rows = rules.pipeline.map(({ name }, here) => {
    let [entered, wentOn] = [0, 0];
    for (const walk of Map.groupBy(changes, ({ id }) => id).values()) {
      const entry = walk.findIndex(({ from, to }) =>
        place(to) === here && place(from) !== here
      );
      if (entry < 0) continue;
      entered++;
      const isOn = walk.slice(entry + 1).some(({ to }) =>
        (place(to) ?? -1) > here
      );
      if (isOn) wentOn++;
      else if (place(walk.at(-1)!.to) === undefined) ended++;
    }
    const share = entered < LEAST_ENTERED
      ? UNKNOWN
      : `${Math.round(wentOn / entered * 100)}%`;
    return {
      entered,
      cells: [name, countText(entered), countText(wentOn), share],
    };
  });
  const any = rows.some(({ entered }) => entered > 0);
  sheet.table(
    page,
    {
      caption: label,
      under: label,
      heads: ["Stage entered", "Count", "Went on", "Share"],
    },
    rows.flatMap(({ entered, cells }) => entered > 0 ? [cells] : []),
  );
  const others = rows.filter(({ entered }) => entered === 0).length;
  sheet.same(
    `${label}, stages that none entered`,
    page.text.match(/Into ([\d,]+) other stages? none came/)?.[1] ?? null,
    any && others > 0 ? countText(others) : null,
  );
  sheet.same(
    `${label}, ended outside`,
    page.text.match(/of all entries ([\d,]+) ended/)?.[1] ?? null,
    any ? countText(ended) : null,
  );
}

const WAYS: Record<string, string> = {
  forward: "forward",
  back: "back",
  past: "past the pipeline",
  out: "out of the active stages",
  returned: "back into the active stages",
};

/** What moved between stages in a period. */
export function checkMoves(
  sheet: Sheet,
  page: Page,
  { rules }: State,
  moves: readonly Change[],
): void {
  const label = "Moves between stages";
  const end = rules.pipeline.length;
  const wayOf = ({ from, to }: Change): string => {
    const [was, is] = [from!, to!].map(({ stage }) =>
      rules.place({ type: "1", stage })
    );
    if (was === undefined) return is === undefined ? UNKNOWN : "returned";
    if (is === undefined) return "out";
    if (was < end && is >= end) return "past";
    return is > was ? "forward" : "back";
  };
  const pairs = [...Map.groupBy(
    moves,
    ({ from, to }) => `${from!.stage} → ${to!.stage}`,
  )].sort(([a, one], [b, other]) =>
    other.length - one.length || compareText(a, b)
  );
  sheet.table(
    page,
    {
      caption: label,
      under: label,
      heads: ["From and to", "Way", "Moves"],
      bars: pairs.slice(0, MOST_MOVES).map(([, some]) => some.length),
    },
    pairs.slice(0, MOST_MOVES).map(([name, some]) => [
      name,
      wayOf(some[0]!),
      countText(some.length),
    ]),
  );
  const rest = pairs.slice(MOST_MOVES).flatMap(([, some]) => some).length;
  sheet.same(
    `${label}, others`,
    page.card(label)?.find((text) => /more moves?/.test(text)) ?? null,
    rest > 0 ? `${counted(rest, "more move")} between other stages.` : null,
  );
  const ways = Map.groupBy(moves, wayOf);
  const parts = Object.keys(WAYS).flatMap((way) => {
    const some = ways.get(way);
    return some ? [`${countText(some.length)} ${WAYS[way]}`] : [];
  });
  const moved = new Set(moves.map(({ id }) => id)).size;
  sheet.same(
    `${label}, sentence`,
    page.card(label)?.[0]?.split(". ")[0] ?? null,
    moves.length === 0
      ? "Nothing moved."
      : `${counted(moved, "opportunity moved", "opportunities moved")}${
        parts.length > 0 ? `: ${parts.join(", ")}` : ""
      }`,
  );
}
