import { cx } from "./cx.ts";

export type BadgeTone = "plain" | "accent" | "warn" | "alarm";

const TONES: Record<BadgeTone, string> = {
  plain: cx("bg-sunken text-ink-2"),
  accent: cx("bg-accent-weak text-accent"),
  warn: cx("bg-warn text-warn-ink"),
  alarm: cx("bg-alarm text-alarm-ink"),
};

/** A short word about a thing, such as its stage. The word says it, the tone only underlines. */
export function Badge(
  { children, tone = "plain" }: { children: string; tone?: BadgeTone },
) {
  return (
    <span class={cx(TONES[tone], FORM)}>
      {children}
    </span>
  );
}

const FORM = cx(
  "inline-block rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap",
);
