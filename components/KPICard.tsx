import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";
import { Sparkline } from "./Sparkline.tsx";

/** How a figure differs from the one it is compared with. */
export interface CardDelta {
  /** With its sign: "+6 (+19%)". */
  text: string;
  /** `neither` where fewer is better, or where nothing changed. */
  tone: "up" | "down" | "neither";
  /** Compared with what, in words. */
  against: string;
}

export interface KPICardProps {
  label: string;
  /** As it is shown; null while it is loading. */
  value: string | null;
  /** A second figure beneath the first. */
  beneath?: string;
  /** What the figure says, or why it is unknown. */
  subtitle?: ComponentChildren;
  loading?: boolean;
  delta?: CardDelta;
  /** What the figure counts. */
  href?: string;
  /** How it went, oldest first. */
  trend?: readonly number[];
}

const TONES: Record<CardDelta["tone"], string> = {
  up: cx("text-up font-semibold"),
  down: cx("text-down font-semibold"),
  neither: cx("text-ink-2 font-semibold"),
};

/** One figure: what, how much, compared with what, and how it went. */
export function KPICard(props: KPICardProps) {
  const { label, beneath, subtitle, delta, href, trend } = props;
  const loading = props.loading ?? props.value === null;
  return (
    <section
      class="relative flex flex-col min-w-0 min-h-[8.5rem] bg-surface border border-line rounded-card overflow-hidden eases focus-within:border-accent whole"
      aria-busy={loading ? "true" : undefined}
    >
      <div class="flex-1 p-4 sm:px-5">
        <h2 class="text-sm text-ink-2">
          {href && !loading
            ? <a class="row-link hover:text-accent" href={href}>{label}</a>
            : label}
        </h2>
        {loading ? <Loading /> : (
          <>
            <p class="text-figure-sm sm:text-figure font-bold">{props.value}</p>
            {beneath && <p class="text-ink-2">{beneath}</p>}
            <Comparison delta={delta} />
            {subtitle && <p class="text-small text-ink-3 mt-1">{subtitle}</p>}
          </>
        )}
      </div>
      {trend && !loading && <Sparkline points={trend} />}
    </section>
  );
}

function Comparison({ delta }: { delta: CardDelta | undefined }) {
  if (!delta) return null;
  return (
    <p class="text-small text-ink-3 mt-1">
      <span class={TONES[delta.tone]}>{delta.text}</span> {delta.against}
    </p>
  );
}

/** Keeps the place of figure and subtitle, so that nothing jumps when they come. */
function Loading() {
  return (
    <>
      <p class="sr-only">Loading</p>
      <div class="mt-2 h-7 w-24 rounded-control bg-sunken" aria-hidden="true" />
      <div class="mt-3 h-4 w-36 rounded-control bg-sunken" aria-hidden="true" />
    </>
  );
}
