import type { ChartItem } from "./chart_items.ts";
import { counted } from "./sentences.ts";

/** What a chart draws as "Other", as a link: the mark itself is no link that a keyboard reaches. */
export function OtherLink(
  { items, of }: { items: readonly ChartItem[]; of: string },
) {
  const last = items.at(-1);
  if (!last?.isOther || last.href === undefined) return null;
  return (
    <p class="text-small text-ink-3">
      <a class="link inline-block py-1 -my-1" href={last.href}>{last.name}</a>
      {`: the ${of} that the chart draws as one, ${
        counted(last.count, "lead")
      }.`}
    </p>
  );
}
