import { formatDateTime } from "../lib/domain/format_time.ts";
import type { NoteRow } from "../lib/domain/views.ts";
import { piecesOf } from "../lib/domain/text.ts";
import { Highlighted } from "./Highlighted.tsx";
import { NewMark } from "./NewMark.tsx";
import type { Place } from "./links.ts";
import { noteHref } from "./person_links.ts";
import { PersonLink } from "./PersonLink.tsx";

export interface NoteItemProps {
  note: NoteRow;
  /** What the list was searched for: it is marked. */
  search?: string | undefined;
  /** Whom it is about, where the list is of several people: a name, null where nobody of that id is known. */
  person?: string | null;
  /** The address of the list. */
  list?: string | undefined;
  workspace: Place;
  timezone: string;
  /** It was not there when the reader looked last. */
  isNew?: boolean;
}

const PREVIEW_LENGTH = 160;
/** What is shown before the first hit, where that stands further on. */
const BEFORE_HIT = 60;

/** A note in the list: date, author, and the beginning of its text, which opens. */
export function NoteItem(
  { note, search, person, list, workspace, timezone, isNew }: NoteItemProps,
) {
  const { id, contactId, noteDate, author, content, truncated } = note;
  const preview = previewOf(content, search);
  const href = noteHref(workspace, id, { search, list });
  return (
    <li class="py-3 whole">
      <p class="flex flex-wrap justify-between gap-x-4 text-small text-ink-3">
        <span>
          <span class="font-semibold text-ink-2">
            {author === null
              ? "Author not recorded"
              : <Highlighted text={author} search={search} />}
          </span>
          {isNew && <NewMark />}
          {person !== undefined && contactId !== null && (
            <>
              {" on "}
              <PersonLink
                id={contactId}
                name={person ?? "somebody who is no longer listed"}
                workspace={workspace}
                {...list ? { list } : {}}
              />
            </>
          )}
        </span>
        <a class="link inline-block py-2.5 md:py-1" href={href}>
          {noteDate === null
            ? "Date not recorded"
            : formatDateTime(noteDate, timezone)}
        </a>
      </p>
      {content === null
        ? <p class="text-ink-3">This note has no text.</p>
        : preview === null
        ? (
          <p class="max-w-prose whitespace-pre-wrap">
            <Highlighted text={content} search={search} />
          </p>
        )
        : (
          <details>
            <summary class="max-w-prose py-1">
              <span class="shut-only">
                <Highlighted text={preview} search={search} />…{" "}
                <span class="link text-small">Open</span>
              </span>
              <span class="open-only link text-small">Close</span>
            </summary>
            <p class="max-w-prose whitespace-pre-wrap">
              <Highlighted text={content} search={search} />
            </p>
            {truncated && (
              <p class="mt-1">
                <a
                  class="link inline-block py-2 md:py-0"
                  href={href}
                  data-whole-note
                >
                  Read the whole note
                </a>
              </p>
            )}
          </details>
        )}
    </li>
  );
}

/**
 * The beginning of a text on one line, or where the first hit of a search stands further on, what is around it; null
 * where the text is no longer than that.
 */
function previewOf(
  content: string | null,
  search: string | undefined,
): string | null {
  if (content === null) return null;
  const line = content.replaceAll(/\s+/g, " ").trim();
  if (line.length <= PREVIEW_LENGTH && !content.trim().includes("\n")) {
    return null;
  }
  const points = [...line];
  const from = search ? hitIn(line, search) - BEFORE_HIT : 0;
  if (from <= BEFORE_HIT) {
    return points.slice(0, PREVIEW_LENGTH).join("").trimEnd();
  }
  const around = points.slice(from, from + PREVIEW_LENGTH).join("").trim();
  return `… ${around}`;
}

/** Where a line is hit first, in characters; 0 where it is not. */
function hitIn(line: string, search: string): number {
  const pieces = piecesOf(line, search);
  const first = pieces.findIndex(({ hit }) => hit);
  return first === 1 ? [...pieces[0]!.text].length : 0;
}
