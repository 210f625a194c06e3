import { cx } from "./cx.ts";

export interface BarProps {
  /** Part of the longest bar, 0 to 1. */
  share: number;
  /** What matters: now, qualified. */
  emphasised?: boolean;
}

/** A bar in a table's row. The row says its number, so it is hidden from screen readers. */
export function Bar({ share, emphasised = false }: BarProps) {
  // A bar of something is never invisible.
  const percent = share > 0 ? Math.max(share * 100, 1.5) : 0;
  return (
    <svg class="w-full h-3" aria-hidden="true">
      <rect
        width={`${Math.round(percent * 10) / 10}%`}
        height="100%"
        rx="3"
        class={emphasised ? cx("fill-accent") : cx("fill-bar")}
      />
    </svg>
  );
}
