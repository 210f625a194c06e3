import {
  carryForward,
  type Clock,
  isoNow,
  type Recent,
  type StreamName,
  STREAMS,
  type SyncRun,
} from "../domain/mod.ts";
import type { TenantStore } from "../store/mod.ts";
import {
  computeFigures,
  type Figures,
  figuresKey,
  withLastNotes,
} from "./_figures.ts";
import { changesOf, FIGURE_STREAMS } from "./_outcome.ts";
import { isAfterInterruption, type RunContext } from "./_run.ts";
import type { StreamOutcome } from "./_stream.ts";

type Outcomes = ReadonlyMap<StreamName, StreamOutcome>;

/** Today's view documents; null when they stand already, or cannot be computed yet. */
export async function figuresDue(
  run: RunContext,
  reader: Pick<TenantStore, "views">,
  outcomes: Outcomes,
  clock: Clock,
): Promise<Figures | null> {
  const { before, day, writer, tenant } = run;
  const known = FIGURE_STREAMS.every((stream) =>
    outcomes.get(stream)?.result.status === "success" ||
    before.streams[stream]?.lastSuccessAt
  );
  if (!known) return null;
  const at = { day, computedAt: isoNow(clock) };
  const same = !isAfterInterruption(run) && before.viewDay !== null &&
    before.cursor.figuresKey === figuresKey(tenant) &&
    FIGURE_STREAMS.every((stream) => changesOf(outcomes.get(stream)) === 0);
  if (!same) return await computeFigures(writer, tenant, at);
  const notes = changesOf(outcomes.get("notes")) > 0;
  if (before.viewDay === day && !notes) return null;
  const { leads, pipeline, kpis } = await reader.views(before.viewDay!);
  // A date that lay in the future may be today's by now.
  if (!leads || !pipeline || !kpis || leads.createdByDay.later) {
    return await computeFigures(writer, tenant, at);
  }
  const { prospects } = before;
  const noted = notes ? await withLastNotes(pipeline, writer) : pipeline;
  const views = { leads, pipeline: noted, kpis };
  if (before.viewDay === day) {
    return noted === pipeline ? null : { views, prospects };
  }
  return { views: carryForward(views, at), prospects };
}

/** What is new, summed up; null where it stands already. */
export async function recentDue(
  run: RunContext,
  outcomes: Outcomes,
  { recordsUpdated, finishedAt }: SyncRun,
): Promise<Recent | null> {
  const { writer, before: { cursor } } = run;
  const stored = await writer.storedRecent();
  // Without a key of the figures something else wrote records and did not come to its end.
  const stands = recordsUpdated === 0 && !isAfterInterruption(run) &&
    cursor.figuresKey !== null && outcomes.size === STREAMS.length;
  if (stored && stands) return null;
  const recent = await writer.recent(finishedAt!);
  // Most records that change are no news: a deal's size, a phone number.
  return stored && saysTheSame(recent, stored) ? null : recent;
}

function saysTheSame(recent: Recent, stored: Recent): boolean {
  const { computedAt } = recent;
  return JSON.stringify(recent) === JSON.stringify({ ...stored, computedAt });
}
