import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";

export interface ListMenuProps {
  label: string;
  /** How many are chosen, where any are. */
  count?: number;
  /** Seen on a phone alone, where a table has no headings to click. */
  phoneOnly?: boolean;
  wide?: boolean;
  children: ComponentChildren;
}

const BOX = cx(
  "mt-1 rounded-control border border-control bg-surface p-3 md:absolute md:z-10 md:max-h-[70vh] md:overflow-y-auto",
);

/** A part of a list's tools that opens without any script: below its button, on a phone in its place. */
export function ListMenu(
  { label, count = 0, phoneOnly, wide, children }: ListMenuProps,
) {
  return (
    <details
      class={cx("no-print relative list-menu", phoneOnly && "md:hidden")}
      data-closes
    >
      <summary class="opens inline-flex items-center min-h-target md:min-h-[2.25rem] rounded-control border border-control bg-surface px-3 text-sm hover:bg-sunken eases">
        {count > 0 ? `${label} (${count})` : label}
      </summary>
      <div class={cx(BOX, wide ? "md:w-[40rem]" : "md:w-[17rem]")}>
        {children}
      </div>
    </details>
  );
}
