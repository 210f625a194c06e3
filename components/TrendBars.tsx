import { cx } from "./cx.ts";

/** A period and its count. */
export interface TrendBar {
  /** Of the period, in full: "Week of 23 November". */
  name: string;
  /** Beneath the bar: "23". */
  label: string;
  /** Beneath the label, where it changes: "Nov". */
  sublabel?: string;
  count: number;
  /** The count as it is shown. */
  text: string;
  /** The period that is not over yet. */
  now?: boolean;
  /** The list of what it counts. */
  href?: string;
}

const HEIGHT = 128;
const COLUMN = cx("flex flex-1 flex-col justify-end min-w-0");

/** Counts by period as bars with their values at the marks; the last period is in the accent colour. */
export function TrendBars(
  { label, bars }: { label: string; bars: readonly TrendBar[] },
) {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <ol
      class="grid grid-flow-col auto-cols-fr gap-x-1 sm:gap-x-2 text-center text-mark sm:text-xs whitespace-nowrap"
      aria-label={label}
    >
      {bars.map((bar) => (
        <li key={bar.name} class="flex min-w-0">
          {bar.href
            ? (
              <a class={cx(COLUMN, "hover:text-accent")} href={bar.href}>
                <Column bar={bar} highest={highest} />
              </a>
            )
            : (
              <div class={COLUMN}>
                <Column bar={bar} highest={highest} />
              </div>
            )}
        </li>
      ))}
    </ol>
  );
}

function Column({ bar, highest }: { bar: TrendBar; highest: number }) {
  return (
    <>
      <span class="sr-only">{`${bar.name}: `}</span>
      <span class={bar.now ? cx("font-bold") : cx("text-ink-2")}>
        {bar.text}
      </span>
      <svg
        class="w-full mt-1"
        height={Math.max(1, Math.round(bar.count / highest * HEIGHT))}
        aria-hidden="true"
      >
        <rect
          width="100%"
          height="100%"
          rx="3"
          class={bar.now ? cx("fill-accent") : cx("fill-bar")}
        />
      </svg>
      <span
        class="mt-1 h-8 text-ink-3"
        aria-hidden="true"
      >
        {bar.label}
        {bar.sublabel && <span class="block">{bar.sublabel}</span>}
      </span>
    </>
  );
}
