import { formatDateTime } from "../lib/domain/format_time.ts";
import type { NoteRow } from "../lib/domain/views.ts";
import { piecesOf } from "../lib/domain/text.ts";
import { Highlighted } from "./Highlighted.tsx";
import { NewMark } from "./NewMark.tsx";
import { pageHref, type Place } from "./links.ts";

export interface NoteItemProps {
  note: NoteRow;
  /** What the list was searched for: it is marked. */
  search?: string | null | undefined;
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
  { note, search, workspace, timezone, isNew }: NoteItemProps,
) {
  const { id, noteDate, author, content, truncated } = note;
  const preview = previewOf(content, search);
  const href = pageHref(`/notes/${encodeURIComponent(id)}`, workspace);
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
        </span>
        <a class="link inline-block py-2.5 md:py-0" href={href}>
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
                <a class="link inline-block py-2 md:py-0" href={href}>
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
  search: string | null | undefined,
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
