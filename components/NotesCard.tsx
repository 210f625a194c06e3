import type { ComponentChildren } from "preact";
import type { NoteRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { hereHref } from "./links.ts";
import { NoteItem } from "./NoteItem.tsx";
import { SearchForm } from "./SearchForm.tsx";
import { counted } from "./sentences.ts";

export interface NotesCardProps {
  /** Newest first. */
  rows: readonly NoteRow[];
  total: number;
  search: string | undefined;
  isFirstPage: boolean;
  /** Whether there ever was a complete update. */
  hasSynced: boolean;
  workspace: string;
  timezone: string;
  /** The way to the notes that follow. */
  children: ComponentChildren;
}

/** Notes with their search. */
export function NotesCard(props: NotesCardProps) {
  const { rows, total, search, isFirstPage, workspace, timezone } = props;
  return (
    <Card
      title={search
        ? `${counted(total, "note")} with '${search}'`
        : counted(total, "note")}
      says={isFirstPage ? "Newest first." : (
        <>
          Older notes.{" "}
          <a class="link" href={hereHref(workspace, { search })}>
            Back to the newest
          </a>
        </>
      )}
      aside={
        <SearchForm
          label="Search notes and authors"
          value={search}
          keep={{ w: workspace }}
        />
      }
    >
      {rows.length === 0 ? <NoNotes {...props} /> : (
        <>
          {search && (
            <p class="mb-2 text-small">
              <a class="link" href={hereHref(workspace)}>Clear search</a>
            </p>
          )}
          <ol class="divide-y divide-line" data-notes>
            {rows.map((note) => (
              <NoteItem
                key={note.id}
                note={note}
                search={search}
                workspace={workspace}
                timezone={timezone}
              />
            ))}
          </ol>
          {props.children}
        </>
      )}
    </Card>
  );
}

function NoNotes({ search, hasSynced, workspace }: NotesCardProps) {
  if (search) {
    return (
      <EmptyState title={`No notes match '${search}'.`}>
        <a class="link" href={hereHref(workspace)}>Clear search</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="There are no notes yet.">
      {hasSynced
        ? "Notes that are written in ClientTether appear here with the next update."
        : "First import is running. Notes appear after its first complete update."}
    </EmptyState>
  );
}
