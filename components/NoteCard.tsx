import { formatDateTime, type Note, zoneName } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";

export interface NoteCardProps {
  note: Pick<Note, "noteDate" | "author" | "content">;
  timezone: string;
  /** The list of notes. */
  listHref: string;
}

/** A note in full. */
export function NoteCard({ note, timezone, listHref }: NoteCardProps) {
  const { noteDate, author, content } = note;
  const date = noteDate === null
    ? "Date not recorded"
    : `${formatDateTime(noteDate, timezone)} (${zoneName(timezone)})`;
  return (
    <Card
      title={author ?? "Author not recorded"}
      says={date}
      aside={
        <a
          class="link text-small inline-flex items-center min-h-target lg:min-h-[1.5rem] no-print"
          href={listHref}
          aria-current="false"
        >
          All notes
        </a>
      }
    >
      <p class="max-w-prose whitespace-pre-wrap">
        {content ?? "This note has no text."}
      </p>
    </Card>
  );
}
