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
      class="overflow-x-auto -mx-3 print:overflow-visible"
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
