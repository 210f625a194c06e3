import { formatDayLong, type KeptDays } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import type { Query } from "./links.ts";

export interface EarlierDayProps {
  /** The day that the page shows, YYYY-MM-DD. */
  day: string;
  kept: KeptDays;
  /** The workspace, and what else of the address stays. */
  keep: Query;
}

/** The day of a page; it opens into the choice of an earlier one, without any script. */
export function EarlierDay({ day, kept, keep }: EarlierDayProps) {
  if (kept.first === null || kept.first >= kept.today) {
    return <>{formatDayLong(day)}</>;
  }
  return (
    <details class="relative inline-block" data-closes>
      <summary class="opens inline-flex items-center min-h-target md:min-h-[1.5rem] hover:text-ink">
        {formatDayLong(day)}
        <span class="sr-only">: view an earlier day</span>
      </summary>
      <form
        method="get"
        class="no-print absolute z-10 left-0 mt-1 w-[15rem] grid gap-2 rounded-control border border-control bg-surface p-3 text-ink"
      >
        <HiddenFields query={keep} />
        <label class="grid gap-1">
          <span class="text-small text-ink-2">View an earlier day</span>
          <input
            type="date"
            name="on"
            class={INPUT}
            min={kept.first}
            max={kept.today}
            value={day}
            required
          />
        </label>
        <Button>View this day</Button>
      </form>
    </details>
  );
}
