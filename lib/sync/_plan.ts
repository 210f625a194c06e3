import { activityWindow, type ListParams } from "../clienttether/mod.ts";
import { addDays, dayStart, type StreamName, toZoned } from "../domain/mod.ts";
import type { RunContext } from "./_run.ts";

/** What a stream's list may say of records that it lacks. */
export type Removal =
  /** They are gone, after a complete pass. */
  | { kind: "full" }
  /** They are gone if they stood inside the window (ISO 8601 UTC, `to` excluded). */
  | { kind: "window"; from: string; to: string }
  /** Nothing: the list holds only what is new. */
  | { kind: "none" };

/** How a stream is read in this run. */
export interface StreamPlan<S extends StreamName = StreamName> {
  stream: S;
  params: ListParams;
  removal: Removal;
  /** Keep every raw record, not only those that changed. */
  baseline: boolean;
}

/** ClientTether's notes list is asked for what came since the last success, less this. */
const NOTES_OVERLAP_MS = 48 * 3_600_000;
/** Local hour from which the day's full pass of the notes is due. */
const FULL_PASS_HOUR = 3;

export function planStream<S extends StreamName>(
  run: RunContext,
  stream: S,
): StreamPlan<S> {
  const fresh = run.before.cursor.baselineDay[stream] === run.day;
  if (stream === "notes") return notesPlan(run, stream);
  const baseline = run.full || !fresh;
  return stream === "activities"
    ? { stream, baseline, ...activitiesWindow(run) }
    : { stream, baseline, params: {}, removal: { kind: "full" } };
}

function notesPlan<S extends StreamName>(
  run: RunContext,
  stream: S,
): StreamPlan<S> {
  if (isFullPassOfNotes(run)) {
    return { stream, params: {}, removal: { kind: "full" }, baseline: true };
  }
  const since = Date.parse(run.before.cursor.notesReadAt!) - NOTES_OVERLAP_MS;
  return {
    stream,
    params: { since: new Date(since).toISOString() },
    removal: { kind: "none" },
    baseline: false,
  };
}

/**
 * Once a day from 03:00 local time, whenever asked for, when the rules or everything is new, and after an
 * interruption.
 */
export function isFullPassOfNotes(run: RunContext): boolean {
  const { notesReadAt, notesFullDay, rulesKey, baselineDay } =
    run.before.cursor;
  if (!baselineDay.notes || run.before.cursor.notesByContact) return true;
  if (run.full || !notesReadAt || rulesKey !== run.rulesKey) return true;
  if (Date.parse(notesReadAt) > run.startedMs) return true;
  const { hour } = toZoned(run.startedMs, run.tenant.timezone);
  return notesFullDay !== run.day && hour >= FULL_PASS_HOUR;
}

/** Whether ClientTether is asked for its list of all notes: always, or once a day where it said that it has none. */
export function asksForNotesList(run: RunContext): boolean {
  const { notesByContact } = run.before.cursor;
  if (!notesByContact || run.full || run.acceptRemovals) return true;
  const { hour } = toZoned(run.startedMs, run.tenant.timezone);
  return notesByContact.listAskedDay !== run.day && hour >= FULL_PASS_HOUR;
}

/** End of the window in which activities were read last, ISO 8601 UTC: what lies later was there, unseen. */
export function activitiesReadUntil(run: RunContext): string | null {
  const { lastSuccessAt = null } = run.before.streams.activities ?? {};
  if (lastSuccessAt === null) return null;
  const zone = run.tenant.timezone;
  const { endDate } = activityWindow(Date.parse(lastSuccessAt), zone);
  return new Date(dayStart(addDays(endDate, 1), zone)).toISOString();
}

/** From yesterday to 180 days ahead, as days of the tenant's zone, both ends in. */
function activitiesWindow(run: RunContext) {
  const zone = run.tenant.timezone;
  const { startDate, endDate } = activityWindow(run.startedMs, zone);
  const removal: Removal = {
    kind: "window",
    from: new Date(dayStart(startDate, zone)).toISOString(),
    to: new Date(dayStart(addDays(endDate, 1), zone)).toISOString(),
  };
  return { params: { startDate, endDate }, removal };
}
