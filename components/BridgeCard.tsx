import {
  formatCount,
  formatDayShort,
  formatMoney,
  formatMoneyCompact,
  formatSigned,
  type PipelineBridge,
} from "../lib/domain/mod.ts";
import { BRIDGE_WORDS } from "./bridge_words.ts";
import { Card } from "./Card.tsx";
import { cx } from "./cx.ts";
import { EmptyState } from "./EmptyState.tsx";
import { kept } from "./kept.ts";
import { pageHref, type Place, presentOf, type Query } from "./links.ts";
import { dealsHref, VALUE } from "./person_links.ts";

export interface BridgeCardProps {
  /** Or the sentence that says why there is none. */
  bridge: PipelineBridge | string;
  /** The day of the newest figures, YYYY-MM-DD. */
  today: string;
  currency: string;
  workspace: Place;
  /** The period, as addresses ask for it. */
  query: Query;
}

/** A row of the waterfall: a level, or a step from one level to the next. */
interface Row {
  name: string;
  /** What it is made of; what nothing explains has no list. */
  href: string | undefined;
  from: number;
  to: number;
  isLevel: boolean;
  amount: string;
  /** How many opportunities, as it is shown. */
  count: string;
}

const CELL = cx("py-1 pl-3 text-right whitespace-nowrap");
const BAR = cx("w-1/3 sm:w-1/2 py-1 no-print");

/** How the pipeline's value went from one day to another: a waterfall, which is a table with a bar in each row. */
export const BridgeCard = kept(function BridgeCard(props: BridgeCardProps) {
  const { bridge, currency } = props;
  const title = "How the value changed";
  if (typeof bridge === "string") {
    return (
      <Card id="bridge" title={title}>
        <EmptyState title="There is nothing to compare yet.">
          {bridge}
        </EmptyState>
      </Card>
    );
  }
  const rows = rowsOf(bridge, props);
  const ends = rows.flatMap(({ from, to }) => [from, to]);
  const scale = { low: Math.min(0, ...ends), high: Math.max(1, ...ends) };
  return (
    <Card id="bridge" title={title} says={sentenceOf(bridge, currency)}>
      <table class="stacks-bars" role="table">
        <caption class="sr-only">{title}</caption>
        <thead role="rowgroup">
          <tr class="text-xs text-ink-3" role="row">
            <th scope="col" class="py-1 pr-3" role="columnheader">What</th>
            <td class={BAR} role="cell" />
            <th scope="col" class={CELL} role="columnheader">Count</th>
            <th scope="col" class={CELL} role="columnheader">Value</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr
              key={row.name}
              role="row"
              class={row.isLevel ? cx("font-semibold") : ""}
            >
              <th scope="row" class="py-1 pr-3" role="rowheader">
                {row.href
                  ? (
                    <a class="link inline-block py-2 md:py-0" href={row.href}>
                      {row.name}
                    </a>
                  )
                  : row.name}
              </th>
              <td class={BAR} role="cell">
                <Segment row={row} scale={scale} />
              </td>
              <td class={CELL} role="cell">{row.count}</td>
              <td class={CELL} role="cell">{row.amount}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
});

function Segment(
  { row, scale }: { row: Row; scale: { low: number; high: number } },
) {
  const at = (value: number) =>
    (value - scale.low) / (scale.high - scale.low) * 100;
  const start = at(Math.min(row.from, row.to));
  const width = at(Math.max(row.from, row.to)) - start;
  // A step of something is never invisible.
  const shown = row.from === row.to ? 0 : Math.max(width, 0.75);
  return (
    <svg class="w-full h-4" aria-hidden="true">
      <rect
        x={percent(Math.min(start, 100 - shown))}
        width={percent(shown)}
        height="100%"
        rx="2"
        class={row.isLevel
          ? cx("fill-accent")
          : row.to > row.from
          ? cx("fill-up")
          : cx("fill-down")}
      />
      <line
        x1={percent(at(row.to))}
        x2={percent(at(row.to))}
        y1="0"
        y2="100%"
        class="stroke-ink-3"
      />
    </svg>
  );
}

function rowsOf(
  { opening, closing, steps }: PipelineBridge,
  { today, currency, workspace, query }: BridgeCardProps,
): Row[] {
  const level = ({ day, cents }: PipelineBridge["opening"]): Row => ({
    name: day === today
      ? `By the last update, ${formatDayShort(day)}`
      : `At the end of ${formatDayShort(day)}`,
    href: dealsHref(
      day === today ? workspace : { slug: presentOf(workspace), on: day },
    ),
    from: 0,
    to: cents,
    isLevel: true,
    amount: formatMoney(cents, currency),
    count: "",
  });
  let height = opening.cents;
  const told = steps.filter(({ count, cents }) => count > 0 || cents !== 0);
  const middle = told.map(({ part, cents, count }): Row => {
    const from = height;
    height += cents;
    return {
      name: BRIDGE_WORDS[part],
      href: part === "redefined"
        ? undefined
        : pageHref(VALUE, workspace, { part, ...query }),
      from,
      to: height,
      isLevel: false,
      amount: formatSigned(cents, (value) => formatMoney(value, currency)),
      count: part === "redefined" ? "" : formatCount(count),
    };
  });
  return [level(opening), ...middle, level(closing)];
}

function sentenceOf(
  { opening, closing, steps }: PipelineBridge,
  currency: string,
): string {
  const money = (cents: number | null) => formatMoneyCompact(cents, currency);
  const difference = closing.cents - opening.cents;
  const largest =
    steps.toSorted((one, other) =>
      Math.abs(other.cents) - Math.abs(one.cents)
    )[0];
  const most = largest && largest.cents !== 0
    ? ` Most of it: ${BRIDGE_WORDS[largest.part].toLowerCase()}, ${
      formatSigned(largest.cents, money)
    }.`
    : "";
  return `From ${money(opening.cents)} to ${money(closing.cents)}, ${
    formatSigned(difference, money)
  }. The steps add up to the cent.${most}`;
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}
