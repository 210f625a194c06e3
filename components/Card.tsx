import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";

export interface CardProps {
  title: string;
  /** One sentence that says what the card shows. */
  says?: ComponentChildren;
  /** What stands at the right of the title: a choice, a link. */
  aside?: ComponentChildren;
  id?: string;
  /** Beside `h2`: `h3` inside a card of its own. */
  children: ComponentChildren;
}

/** A section of a page in a box with a heading. */
export function Card({ title, says, aside, id, children }: CardProps) {
  return (
    <section
      class="min-w-0 bg-surface border border-line rounded-card p-4 sm:p-5"
      id={id}
    >
      <div class="flex flex-wrap sm:flex-nowrap items-start justify-between gap-x-4 gap-y-3">
        <div class="min-w-0">
          <h2 class="text-sm text-ink-2">{title}</h2>
          {says && <p class={SAYS}>{says}</p>}
        </div>
        {aside}
      </div>
      <div class="mt-4">{children}</div>
    </section>
  );
}

const SAYS = cx("text-small text-ink-3 max-w-prose mt-0.5");
