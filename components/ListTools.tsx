import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";
import { FileLink } from "./FileLink.tsx";
import { fileHref, type ListFrame, sortChoices } from "./list_frame.ts";
import { type FilterChoices, ListFilters } from "./ListFilters.tsx";
import { ListColumns } from "./ListColumns.tsx";
import { ListMenu } from "./ListMenu.tsx";

export interface ListToolsProps<Row extends { id: string }> {
  frame: ListFrame<Row>;
  choices: Readonly<Record<string, FilterChoices>>;
  period?: string | undefined;
  /** Further menus. */
  children?: ComponentChildren;
}

/** What can be done with a list: narrow it, choose its columns, take it along. */
export function ListTools<Row extends { id: string }>(
  { frame, choices, period, children }: ListToolsProps<Row>,
) {
  const { filters, created } = frame.view;
  const count = Object.values(filters).flat().length + (created ? 1 : 0);
  return (
    <div class="no-print flex flex-wrap items-start gap-2">
      <ListMenu label="Filters" count={count} wide>
        <ListFilters frame={frame} choices={choices} period={period} />
      </ListMenu>
      <ListMenu label="Sort" phoneOnly>
        <ul>
          {sortChoices(frame).map(({ label, href, chosen }) => (
            <li key={label}>
              <a
                class={cx(
                  "flex items-center min-h-target",
                  chosen && "font-semibold text-accent",
                )}
                href={href}
                aria-current={chosen ? "true" : undefined}
              >
                {label}
              </a>
            </li>
          ))}
        </ul>
      </ListMenu>
      <ListMenu label="Columns">
        <ListColumns frame={frame} />
      </ListMenu>
      {children}
      <FileLink href={fileHref(frame)} />
    </div>
  );
}
