import { type Period, PERIOD_KINDS } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import { kept } from "./kept.ts";
import { hereHref, type Place, placeQuery, type Query } from "./links.ts";
import { PERIOD_NAMES } from "./period_words.ts";

export interface PeriodMenuProps {
  /** The kind that is shown, and its days. */
  period: Pick<Period, "kind" | "firstDay" | "lastDay">;
  workspace: Place;
  /** What else of the query stays when another period is chosen. */
  keep?: Query;
}

const ITEM = cx(
  "flex items-center min-h-target md:min-h-[2.25rem] rounded-control px-3 hover:bg-sunken",
);

/** Chooses the period of a page: links, and a form for two days. It opens without any script. */
export function PeriodMenu({ period, ...others }: PeriodMenuProps) {
  const { kind, firstDay, lastDay } = period;
  return <Menu period={{ kind, firstDay, lastDay }} {...others} />;
}

const Menu = kept(function PeriodMenu(
  { period, workspace, keep = {} }: PeriodMenuProps,
) {
  return (
    <details class="no-print relative" data-closes>
      <summary
        class="opens inline-flex items-center min-h-target md:min-h-[2.25rem] rounded-control border border-control bg-surface px-3 hover:bg-sunken eases"
        aria-label={`Period: ${PERIOD_NAMES[period.kind]}`}
      >
        {PERIOD_NAMES[period.kind]}
      </summary>
      <div class="absolute z-10 mt-1 left-0 sm:left-auto sm:right-0 w-[17rem] rounded-control border border-control bg-surface p-1">
        <ul>
          {PERIOD_KINDS.filter((kind) => kind !== "custom").map((kind) => (
            <li key={kind}>
              <a
                href={hereHref(workspace, { ...keep, period: kind })}
                class={cx(
                  ITEM,
                  kind === period.kind && "font-semibold text-accent",
                )}
                aria-current={kind === period.kind ? "true" : undefined}
              >
                {PERIOD_NAMES[kind]}
              </a>
            </li>
          ))}
        </ul>
        <DaysForm period={period} workspace={workspace} keep={keep} />
      </div>
    </details>
  );
});

function DaysForm({ period, workspace, keep = {} }: PeriodMenuProps) {
  const hidden = { ...placeQuery(workspace), ...keep, period: "custom" };
  return (
    <form method="get" class="grid gap-2 border-t border-line mt-1 px-3 py-3">
      <HiddenFields query={hidden} />
      <DayField label="From" name="from" value={period.firstDay} />
      <DayField label="To, included" name="to" value={period.lastDay} />
      <Button>Show these days</Button>
    </form>
  );
}

function DayField(
  { label, name, value }: { label: string; name: string; value: string },
) {
  return (
    <label class="grid gap-1">
      <span class="text-small text-ink-2">{label}</span>
      <input type="date" name={name} class={INPUT} value={value} required />
    </label>
  );
}
