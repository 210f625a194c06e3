import { Bar } from "./Bar.tsx";
import { cx } from "./cx.ts";

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
}

const BAR = cx("w-1/4 sm:w-2/5 no-print");

/** A list of bars, which is a table with a bar in it: it reads without JavaScript, and aloud. */
export function BarList({ caption, head, figures, rows }: BarListProps) {
  const longest = Math.max(0, ...rows.map(({ amount }) => amount));
  return (
    <table>
      <caption class="sr-only">{caption}</caption>
      <thead>
        <tr class="text-xs text-ink-3">
          <th scope="col" class="py-1 pr-3">{head}</th>
          <td class={BAR} />
          {figures.map((figure) => (
            <th key={figure} scope="col" class="py-1 pl-3 text-right">
              {figure}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} class={row.chosen ? cx("bg-accent-weak") : ""}>
            <th scope="row" class="py-1 pr-3">
              <RowName {...row} />
            </th>
            <td class={cx(BAR, "py-1")}>
              <Bar
                share={longest > 0 ? Math.max(row.amount, 0) / longest : 0}
                emphasised={row.emphasised ?? false}
              />
            </td>
            {row.figures.map((figure, index) => (
              <td
                key={figures[index]}
                class="py-1 pl-3 text-right whitespace-nowrap"
              >
                {figure}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RowName({ name, href, chosen }: BarRow) {
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
