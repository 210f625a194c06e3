import type { ComponentChildren } from "preact";

/**
 * A box in which what is wider than the screen scrolls: the page itself never does so sideways. It can
 * be reached and scrolled by keyboard.
 */
export function ScrollBox(
  { label, children }: { label: string; children: ComponentChildren },
) {
  return (
    <div
      class="scroll-box -mx-3"
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
