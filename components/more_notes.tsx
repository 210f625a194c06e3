import type { JSX } from "preact";
import type { NoteRow } from "../lib/domain/views.ts";
import { NoteItem } from "./NoteItem.tsx";
import { readNotePage } from "./note_pages.ts";

/** Which notes have been shown so far, and where they go on. */
export interface NotesShown {
  workspace: string;
  timezone: string;
  search: string | null;
  /** Where the next page begins; null where there is none. */
  cursor: string | null;
  /** Notes shown since the newest; null where the page does not begin with the newest. */
  shown: number | null;
}

/** What stands beneath the page's own notes after one more page. */
export interface MoreNotes extends NotesShown {
  /** All notes that were loaded after the page's own. */
  notes: NoteRow[];
  list: JSX.Element;
  says: string;
}

/**
 * Loads the next page of notes.
 *
 * @throws {Error} when there was no answer: it can be tried again.
 */
export async function loadMoreNotes(
  before: NotesShown & { notes: NoteRow[] },
  fetch: (url: string) => Promise<Response>,
): Promise<MoreNotes> {
  const { workspace, timezone, search, cursor } = before;
  const { data, page } = await readNotePage({
    workspace,
    search,
    cursor: cursor ?? "",
    fetch,
  });
  const notes = [...before.notes, ...data];
  const shown = before.shown === null ? null : before.shown + data.length;
  return {
    ...before,
    notes,
    shown,
    cursor: page.cursor,
    says: shownSentence(shown, page.total),
    list: (
      <ol class="divide-y divide-line border-t border-line">
        {notes.map((note) => (
          <NoteItem
            key={note.id}
            note={note}
            {...{ search, workspace, timezone }}
          />
        ))}
      </ol>
    ),
  };
}

/** "100 of 1,204 notes shown." */
export function shownSentence(shown: number | null, total: number): string {
  const all = total.toLocaleString("en-US");
  return shown === null
    ? `${all} ${total === 1 ? "note" : "notes"} in all.`
    : `${shown.toLocaleString("en-US")} of ${all} notes shown.`;
}
