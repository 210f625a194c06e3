import type { NotesTextState } from "../domain/mod.ts";
import type { NotesTextKept } from "../store/mod.ts";
import { changesOf } from "./_outcome.ts";
import { isAfterInterruption, type RunContext } from "./_run.ts";
import type { StreamOutcome } from "./_stream.ts";

/** Notes from which on their text is stored; fewer are read in about a twentieth of a second. */
export const NOTES_TEXT_FROM = 5_000;
/** Share of the notes that may have changed since their text was stored. */
const MOST_BEHIND = 1 / 400;
/** What an hour may cost: so many writes, and so many for each record that changed. */
const BUDGET = 12;
const WRITES_A_CHANGE = 5;
/** Of the last commit: run, state, manifest, lease, the mark that goes, and parts of large documents. */
const LAST_WRITES = 7;

/** What is no longer wanted, and not yet gone. */
const LEFT: NotesTextState = { dataVersion: -1, behind: 0, shelves: 0 };

/** What the run did before, and what its last commit will do. */
export interface BeforeNotesText {
  notes: StreamOutcome | undefined;
  /** Notes that are stored by now. */
  stored: number;
  recordsUpdated: number;
  /** Documents and expired manifests that the last commit writes beside run, state and manifest. */
  others: number;
  /** Of the state that the run ends with. */
  dataVersion: number;
  /** Whether the run was stopped on its way. */
  stopped: boolean;
  /** Notes from which on their text is stored. */
  from: number;
}

/**
 * Brings the stored text of many notes up to date, within the writes that are left of what the hour may cost. An hour
 * in which few notes have changed since costs neither a read nor a write.
 *
 * @returns what the cursor says of it; undefined where the next run has to look at what is stored
 */
export async function notesTextAfterRun(
  run: RunContext,
  done: BeforeNotesText,
): Promise<NotesTextState | undefined> {
  const { notes, stored, dataVersion } = done;
  const { before } = run;
  const known = before.cursor.notesText;
  const wanted = stored >= done.from;
  if (!wanted && !known && !await isLeft(run)) return undefined;
  // Some of its changes may be in place that nobody has counted.
  if (done.stopped) return undefined;
  // What broke off on its way, a replay or an erasure too, may have changed notes that nobody has counted.
  const isKnown = known && known.dataVersion === before.dataVersion &&
    before.cursor.figuresKey !== null && !isAfterInterruption(run);
  const mostBehind = Math.floor(stored * MOST_BEHIND);
  const behind = (known?.behind ?? 0) + changesOf(notes);
  const isQuiet = isKnown && wanted && behind <= mostBehind &&
    !(notes && notes.result.removed > 0);
  if (isQuiet && await isThere(run)) return { ...known, dataVersion, behind };
  const writes = writesLeft(run, done);
  if (writes <= 0) return wanted ? undefined : LEFT;
  const kept = await run.writer.keepNotesText({
    writes,
    mostBehind,
    wanted,
    rewrittenBy: before.cursor.rewrittenBy ?? null,
  });
  return cursorOf(kept, wanted, dataVersion);
}

/** Looked up once a day: no backup holds it, so that a restored tenant has none. */
async function isThere({ before, day, writer }: RunContext): Promise<boolean> {
  return before.viewDay === day || await writer.hasNotesText();
}

/** Whether something is left of a time when notes were more; looked up once a day. */
async function isLeft({ before, day, writer }: RunContext): Promise<boolean> {
  return before.viewDay !== day && await writer.hasNotesText();
}

function cursorOf(
  { unfinished, ...kept }: NotesTextKept,
  wanted: boolean,
  dataVersion: number,
): NotesTextState | undefined {
  // Should there be no text, there is nothing to be looked at any more.
  if (!wanted) return unfinished ? LEFT : undefined;
  return unfinished ? undefined : { ...kept, dataVersion };
}

function writesLeft(
  { writer }: RunContext,
  { recordsUpdated, others }: BeforeNotesText,
): number {
  return BUDGET + WRITES_A_CHANGE * recordsUpdated -
    (writer.lease.writes + others + LAST_WRITES);
}
