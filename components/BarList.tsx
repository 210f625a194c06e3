import { Bar } from "./Bar.tsx";
import { cx } from "./cx.ts";
import { NewMark } from "./NewMark.tsx";

/** A row: a name, the length of its bar, and its figures as they are shown. */
export interface BarRow {
  name: string;
  /** What the row counts. */
  href?: string;
  /** What the bar's length says, at least 0. */
  amount: number;
  emphasised?: boolean;
  /** One per figure column. */
  figures: readonly string[];
  /** What each figure counts, where it is something else than the row. */
  figureHrefs?: ReadonlyArray<string | undefined>;
  /** How many of what the row counts came since the reader's last visit. */
  fresh?: number;
  /** The row is the one that the list below shows. */
  chosen?: boolean;
}

export interface BarListProps {
  /** What the table shows; heard, not seen: a heading stands above it. */
  caption: string;
  /** Heading of the names. */
  head: string;
  /** Headings of the figures. */
  figures: readonly string[];
  rows: readonly BarRow[];
  /** The last row: one text per figure column. */
  totals?: readonly string[];
  /** What the totals count. */
  totalHref?: string;
  /** On a phone the name stands on a line of its own, over its bar and figures. */
  stacks?: boolean;
}

const FIGURE = cx("py-1 pl-3 text-right whitespace-nowrap");
const BAR = cx("w-1/4 sm:w-2/5 no-print");

/** What a part of the table is, said where the style sheet turns rows into blocks. */
type Role =
  | "table"
  | "rowgroup"
  | "row"
  | "columnheader"
  | "rowheader"
  | "cell";

/** A list of bars, which is a table with a bar in it: it reads without JavaScript, and aloud. */
export function BarList(props: BarListProps) {
  const { caption, head, figures, rows, totals, stacks } = props;
  const longest = Math.max(0, ...rows.map(({ amount }) => amount));
  const as = (role: Role) => stacks ? { role } : {};
  return (
    <table {...(stacks ? { class: cx("stacks-bars") } : {})} {...as("table")}>
      <caption class="sr-only">{caption}</caption>
      <thead {...as("rowgroup")}>
        <tr class="text-xs text-ink-3" {...as("row")}>
          <th scope="col" class="py-1 pr-3" {...as("columnheader")}>{head}</th>
          <td class={BAR} {...as("cell")} />
          {figures.map((figure) => (
            <th
              key={figure}
              scope="col"
              class="py-1 pl-3 text-right"
              {...as("columnheader")}
            >
              {figure}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...as("rowgroup")}>
        {rows.map((row) => (
          <tr
            key={row.name}
            class={row.chosen ? cx("bg-accent-weak") : ""}
            {...as("row")}
          >
            <th scope="row" class="py-1 pr-3" {...as("rowheader")}>
              <RowName {...row} />
              {row.fresh ? <NewMark count={row.fresh} /> : null}
            </th>
            <td class={cx(BAR, "py-1")} {...as("cell")}>
              <Bar
                share={longest > 0 ? Math.max(row.amount, 0) / longest : 0}
                emphasised={row.emphasised ?? false}
              />
            </td>
            {row.figures.map((figure, index) => (
              <td key={figures[index]} class={FIGURE} {...as("cell")}>
                {row.figureHrefs?.[index]
                  ? (
                    <a
                      class="link inline-block py-2 md:py-0"
                      href={row.figureHrefs[index]}
                    >
                      {figure}
                    </a>
                  )
                  : figure}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {totals && (
        <tfoot {...as("rowgroup")}>
          <tr class="border-t border-line font-semibold" {...as("row")}>
            <th scope="row" class="py-2 pr-3" {...as("rowheader")}>
              <RowName
                name="Total"
                {...props.totalHref ? { href: props.totalHref } : {}}
              />
            </th>
            <td class={BAR} {...as("cell")} />
            {totals.map((total, index) => (
              <td key={figures[index]} class={FIGURE} {...as("cell")}>
                {total}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function RowName(
  { name, href, chosen }: Pick<BarRow, "name" | "href" | "chosen">,
) {
  if (!href) return <>{name}</>;
  return (
    <a
      href={href}
      class={cx(
        "inline-block py-2 md:py-0 link",
        chosen && "font-semibold text-accent",
      )}
      aria-current={chosen ? "true" : undefined}
    >
      {name}
    </a>
  );
}
