import type { NotesByContact } from "../domain/mod.ts";
import { syncContactNotes } from "./_contact_notes.ts";
import { asksForNotesList } from "./_plan.ts";
import type { RunContext } from "./_run.ts";
import { type StreamOutcome, type StreamSteps, syncStream } from "./_stream.ts";

/**
 * Steps 3 to 6 for the notes: from the list of all notes, or, where ClientTether says that there is none, contact
 * by contact. It is asked for the list again once a day; when that is there, it is read whole.
 */
export async function syncNotes(
  run: RunContext,
  steps: StreamSteps,
): Promise<StreamOutcome> {
  const before = run.before.cursor.notesByContact ?? null;
  if (before && !asksForNotesList(run)) {
    return await syncContactNotes(run, steps, before);
  }
  const list = await syncStream(run, "notes", steps);
  const { status } = list.result;
  if (status === "success") return { ...list, notesByContact: null };
  if (list.missing) {
    return await syncContactNotes(run, steps, asked(before, run.day));
  }
  if (!before || status === "refused") return list;
  // A list that is there but not believed is looked at by people; the next hours read by contact.
  return list.raw
    ? { ...list, notesByContact: asked(before, run.day) }
    : await syncContactNotes(run, steps, before);
}

function asked(
  before: NotesByContact | null,
  listAskedDay: string,
): NotesByContact {
  const first = {
    turn: null,
    pending: [],
    known: 0,
    gone: 0,
    sweepDue: false,
  };
  return { ...(before ?? first), listAskedDay };
}
