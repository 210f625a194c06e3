import type { NoteRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { pageHref, type Place } from "./links.ts";
import { NoteItem } from "./NoteItem.tsx";
import { counted } from "./sentences.ts";

export interface PersonNotesProps {
  id: string;
  /** Newest first. */
  rows: readonly NoteRow[];
  /** How many there are. */
  total: number;
  workspace: Place;
  timezone: string;
  /** Whether the page shows an earlier day. */
  isPast?: boolean;
}

/** The newest notes on a person, and the way to all of them. */
export function PersonNotes(props: PersonNotesProps) {
  const { id, rows, total, workspace, timezone, isPast = false } = props;
  return (
    <Card
      id="notes"
      title={counted(total, "note")}
      says={isPast
        ? "Those that the portal knew by then, as they are now. What was deleted or changed since is not kept."
        : total > rows.length
        ? `The newest ${rows.length}.`
        : total > 1
        ? "Newest first."
        : null}
    >
      {rows.length === 0
        ? (
          <EmptyState title="There is no note on this person.">
            {isPast
              ? "The portal knew of none by the end of that day."
              : "Notes that are written in ClientTether appear here with the next update."}
          </EmptyState>
        )
        : (
          <>
            <ol class="divide-y divide-line -my-3">
              {rows.map((note) => (
                <NoteItem
                  key={note.id}
                  note={note}
                  workspace={workspace}
                  timezone={timezone}
                />
              ))}
            </ol>
            {total > rows.length && (
              <p class="mt-4">
                <a
                  class="link inline-block py-2 -my-2"
                  href={pageHref("/notes", workspace, { contact: id })}
                >
                  All {counted(total, "note")}
                </a>
              </p>
            )}
          </>
        )}
    </Card>
  );
}
