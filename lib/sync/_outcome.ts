import {
  type StreamName,
  type StreamResult,
  type StreamResults,
  STREAMS,
  type SyncCursor,
  type SyncRun,
  type SyncState,
} from "../domain/mod.ts";
import type { RunContext } from "./_run.ts";
import type { StreamOutcome } from "./_stream.ts";

const HOUR_MS = 3_600_000;

/** A stream as sentences name it. */
const TITLES: Record<StreamName, string> = {
  cycles: "sales cycles",
  leads: "leads",
  opportunities: "opportunities",
  notes: "notes",
  activities: "activities",
};

/** The streams that figures are computed from. */
export const FIGURE_STREAMS = ["cycles", "leads", "opportunities"] as const;

/** Records that a stream wrote or removed. */
export function changesOf(outcome: StreamOutcome | undefined): number {
  return outcome ? outcome.result.written + outcome.result.removed : 0;
}

interface Ended {
  run: RunContext;
  outcomes: ReadonlyMap<StreamName, StreamOutcome>;
  record: SyncRun;
  figures: { prospects: number } | null;
  figuresKey: string;
  finishedAt: string;
  /** Day of the oldest view documents that were there before. */
  firstViewDay: string | null;
  /** Why the run stopped before its end, or null. */
  stopped: string | null;
}

/** The run's record and the tenant's state as they stand when the run has ended. */
export function stateAfter(
  ended: Ended,
): { record: SyncRun; state: SyncState } {
  const { run: { before, day }, outcomes, figures, finishedAt, stopped } =
    ended;
  const streams = streamResults(ended);
  const problems = problemsOf(streams, outcomes);
  const errorMessage = stopped ?? (problems.join(" ") || null);
  const status = errorMessage === null ? "success" : "failed";
  let recordsUpdated = 0;
  const counts = { ...before.counts };
  for (const [stream, outcome] of outcomes) {
    recordsUpdated += changesOf(outcome);
    const { stored } = outcome;
    if (stored !== null) counts[stream] = stored;
  }
  const record: SyncRun = {
    ...ended.record,
    finishedAt,
    status,
    recordsUpdated,
    errorMessage,
    streams: Object.fromEntries(
      [...outcomes.keys()].map((stream) => [stream, streams[stream]]),
    ),
  };
  return {
    record,
    state: {
      lastSyncAt: status === "success" ? finishedAt : before.lastSyncAt,
      runId: record.id,
      status,
      startedAt: record.startedAt,
      finishedAt,
      errorMessage,
      streams,
      dataVersion: before.dataVersion + (recordsUpdated > 0 || figures ? 1 : 0),
      viewDay: figures ? day : before.viewDay,
      firstViewDay: ended.firstViewDay ?? (figures ? day : null),
      counts,
      prospects: figures?.prospects ?? before.prospects,
      lastRun: {
        failuresInRow: failuresInRow(ended, status),
        recordsUpdated,
        kvWrites: 0,
      },
      nextDueAt: nextHour(finishedAt),
      cursor: cursorAfter(ended),
    },
  };
}

/** A run that was stopped before its end says nothing of what the next one will meet. */
function failuresInRow(
  { run: { before }, stopped }: Ended,
  status: SyncRun["status"],
): number {
  const known = before.lastRun?.failuresInRow ?? 0;
  if (stopped !== null) return known;
  return status === "failed" ? known + 1 : 0;
}

function streamResults({ run, outcomes, finishedAt }: Ended): StreamResults {
  const streams: StreamResults = { ...run.before.streams };
  for (const [stream, { result }] of outcomes) {
    const before = run.before.streams[stream];
    // Not to have asked says nothing new about what ClientTether offers.
    const same = result.status === "not_asked" &&
      before?.status === "not_connected";
    streams[stream] = same ? before : {
      ...result,
      lastSuccessAt: result.status === "success"
        ? finishedAt
        : before?.lastSuccessAt ?? null,
    };
  }
  return streams;
}

/** One sentence for each thing that went wrong, with the streams that it happened to; a refused key stands alone. */
function problemsOf(
  streams: StreamResults,
  outcomes: ReadonlyMap<StreamName, StreamOutcome>,
): string[] {
  const failures = new Map<string, StreamName[]>();
  const problems: string[] = [];
  for (const stream of STREAMS) {
    const { status, error } = outcomes.has(stream)
      ? streams[stream]!
      : { status: null, error: null };
    if (status === "refused") problems.push(sentence(error));
    if (status !== "failed") continue;
    const hit = failures.get(error ?? "") ?? [];
    failures.set(error ?? "", [...hit, stream]);
  }
  for (const [error, hit] of failures) {
    problems.push(sentence(`${titleOf(hit)}: ${error}`));
  }
  return problems;
}

/** "Leads, notes and activities". */
function titleOf(streams: StreamName[]): string {
  const names = streams.map((stream) => TITLES[stream]);
  const [last] = names.slice(-1);
  const text = names.length > 1
    ? `${names.slice(0, -1).join(", ")} and ${last}`
    : last!;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text: string | null): string {
  return /[.!?]$/.test(text ?? "") ? text! : `${text}.`;
}

function cursorAfter(
  { run, outcomes, figures, figuresKey, stopped }: Ended,
): SyncCursor {
  const { before: { cursor }, day, startedAt } = run;
  const baselineDay = { ...cursor.baselineDay };
  for (const stream of STREAMS) {
    const outcome = outcomes.get(stream);
    if (!outcome) delete baselineDay[stream];
    else if (outcome.plan?.baseline && ok(outcome.result)) {
      baselineDay[stream] = day;
    }
  }
  const notes = outcomes.get("notes");
  const notesRead = notes !== undefined && ok(notes.result);
  const full = notesRead && notes.plan?.removal.kind === "full";
  const activities = outcomes.get("activities");
  const unconnected = activities?.result.status === "not_connected";
  const unasked = !activities || activities.result.status === "not_asked";
  const stale = figures === null &&
    (stopped !== null ||
      FIGURE_STREAMS.some((stream) => changesOf(outcomes.get(stream)) > 0));
  return {
    rulesKey: full ? run.rulesKey : cursor.rulesKey,
    figuresKey: figures ? figuresKey : stale ? null : cursor.figuresKey,
    baselineDay,
    notesReadAt: notesRead ? startedAt : cursor.notesReadAt,
    notesFullDay: full ? day : cursor.notesFullDay,
    activitiesAskedDay: unasked
      ? cursor.activitiesAskedDay
      : unconnected
      ? day
      : null,
    notesByContact: notes?.notesByContact === undefined
      ? cursor.notesByContact ?? null
      : notes.notesByContact,
    ...cursor.rewrittenBy ? { rewrittenBy: cursor.rewrittenBy } : {},
  };
}

function ok({ status }: Pick<StreamResult, "status">): boolean {
  return status === "success";
}

function nextHour(iso: string): string {
  return new Date((Math.floor(Date.parse(iso) / HOUR_MS) + 1) * HOUR_MS)
    .toISOString();
}
