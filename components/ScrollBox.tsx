import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";

/**
 * A box in which what is wider than the screen scrolls: the page itself never does so sideways. It can
 * be reached and scrolled by keyboard.
 */
export function ScrollBox(
  { label, sticks, children }: {
    label: string;
    /** Headings stay in sight on a wide screen, where nothing is wider than the box. */
    sticks?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <div
      class={cx("scroll-box -mx-3", sticks && "sticks")}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
