import type { ComponentChildren } from "preact";

/** The numbers of a chart as a table, for whoever wants to read or copy them. */
export function TableBelow({ children }: { children: ComponentChildren }) {
  return (
    <details class="mt-2 text-small no-print">
      <summary class="opens inline-flex items-center min-h-target lg:min-h-[1.75rem] text-ink-3 hover:text-ink">
        Numbers as a table
      </summary>
      <div class="mt-2">{children}</div>
    </details>
  );
}
