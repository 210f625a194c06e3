import {
  bridgeEnds,
  dayNumber,
  type Kpis,
  type Period,
  type StandingChange,
} from "../domain/mod.ts";
import type { TenantStore } from "../store/mod.ts";

/** What is known of how a pipeline got where it is. */
export interface PipelineHistory {
  /** The figures of the period's days and of the newest before it, newest first. */
  days: readonly Kpis[];
  /** The two days that a bridge spans; the sentence that says why there are none. */
  ends: ReturnType<typeof bridgeEnds<Kpis>>;
  /** All that changed in the period and between the two days, oldest first. */
  changes: StandingChange[];
}

/** The figures of the period's days and all that changed between the two that a bridge spans. Two reads. */
export async function pipelineHistory(
  store: Pick<TenantStore, "kpisUntil" | "listChanges">,
  period: Period,
): Promise<PipelineHistory> {
  const { firstDay, lastDay } = period;
  const count = dayNumber(lastDay) - dayNumber(firstDay) + 1;
  const days = await store.kpisUntil(lastDay, count + 1);
  const ends = bridgeEnds(days, firstDay);
  const iso = (time: number) => new Date(time).toISOString();
  const opened = typeof ends === "string" ? "" : ends.opening.computedAt;
  const from = iso(period.from);
  const closed = typeof ends === "string"
    ? period.to
    : Math.max(Date.parse(ends.closing.computedAt) + 1, period.to);
  const changes = await store.listChanges(
    "opportunities",
    opened && opened < from ? opened : from,
    iso(closed),
  );
  return { days, ends, changes };
}
