import { cx } from "./cx.ts";
import {
  clearedHref,
  type ListFrame,
  valueWords,
  viewHref,
} from "./list_frame.ts";

const CHIP = cx(
  "inline-flex items-center gap-1 min-h-target md:min-h-[1.75rem] max-w-full rounded-full bg-accent-weak px-3 text-small text-accent hover:underline",
);

/** What a list is narrowed to, each part with the link that takes it away. Nothing where it is shown whole. */
export function FilterChips<Row extends { id: string }>(
  { frame, period }: { frame: ListFrame<Row>; period?: string | undefined },
) {
  const chips = chipsOf(frame, period);
  if (chips.length === 0) return null;
  return (
    <ul class="flex flex-wrap items-center gap-2" aria-label="Filters">
      {chips.map(({ label, href }) => (
        <li key={label} class="min-w-0">
          <a class={CHIP} href={href}>
            <span class="sr-only">Remove</span>
            <span class="truncate">{label}</span>
            <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
      <li>
        <a class="link py-1 text-small" href={clearedHref(frame)}>
          Clear filters
        </a>
      </li>
    </ul>
  );
}

interface Chip {
  label: string;
  href: string;
}

function chipsOf<Row extends { id: string }>(
  frame: ListFrame<Row>,
  period: string | undefined,
): Chip[] {
  const { list, view } = frame;
  const { filters, search, created } = view;
  const chosen = list.filters.flatMap((filter) =>
    (filters[filter.key] ?? []).map((value): Chip => ({
      label: `${filter.label}: ${valueWords(filter, value)}`,
      href: viewHref(frame, { filters: without(filters, filter.key, value) }),
    }))
  );
  return [
    ...search === undefined ? [] : [{
      label: `Search: ${search}`,
      href: viewHref(frame, { search: undefined }),
    }],
    ...created === undefined ? [] : [{
      label: `Created: ${period ?? "in the period"}`,
      href: viewHref(frame, { created: undefined }),
    }],
    ...chosen,
  ];
}

function without(
  filters: Readonly<Record<string, readonly string[]>>,
  key: string,
  value: string,
): Record<string, readonly string[]> {
  const { [key]: values = [], ...others } = filters;
  const rest = values.filter((one) => one !== value);
  return rest.length > 0 ? { ...others, [key]: rest } : others;
}
