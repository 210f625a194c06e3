import { formatDateTime, type Note, zoneName } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { Highlighted } from "./Highlighted.tsx";
import type { Place } from "./links.ts";
import { PersonLink } from "./PersonLink.tsx";

export interface NoteCardProps {
  note: Pick<Note, "noteDate" | "author" | "content">;
  /** What was searched for: it is marked. */
  search?: string | undefined;
  /** Whom the note is about; null where it names nobody. */
  person: { id: string; name: string } | null;
  workspace: Place;
  timezone: string;
}

/** A note in full. */
export function NoteCard(
  { note, search, person, workspace, timezone }: NoteCardProps,
) {
  const { noteDate, author, content } = note;
  const date = noteDate === null
    ? "Date not recorded"
    : `${formatDateTime(noteDate, timezone)} (${zoneName(timezone)})`;
  return (
    <Card
      title={author ?? "Author not recorded"}
      says={
        <>
          {date}
          {person && (
            <>
              {" on "}
              <PersonLink
                id={person.id}
                name={person.name}
                workspace={workspace}
              />
            </>
          )}
        </>
      }
    >
      <p class="max-w-prose whitespace-pre-wrap" data-note-text>
        {content === null
          ? "This note has no text."
          : <Highlighted text={content} search={search} />}
      </p>
    </Card>
  );
}
