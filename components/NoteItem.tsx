import { formatDateTime } from "../lib/domain/format_time.ts";
import type { NoteRow } from "../lib/domain/views.ts";
import { pageHref } from "./links.ts";

export interface NoteItemProps {
  note: NoteRow;
  workspace: string;
  timezone: string;
}

const PREVIEW_LENGTH = 160;

/** A note in the list: date, author, and the beginning of its text, which opens. */
export function NoteItem({ note, workspace, timezone }: NoteItemProps) {
  const { id, noteDate, author, content, truncated } = note;
  const preview = previewOf(content);
  const href = pageHref(`/notes/${encodeURIComponent(id)}`, workspace);
  return (
    <li class="py-3 whole">
      <p class="flex flex-wrap justify-between gap-x-4 text-small text-ink-3">
        <span>
          <span class="font-semibold text-ink-2">
            {author ?? "Author not recorded"}
          </span>
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
        ? <p class="max-w-prose whitespace-pre-wrap">{content}</p>
        : (
          <details>
            <summary class="max-w-prose py-1">
              <span class="shut-only">
                {preview}… <span class="link text-small">Open</span>
              </span>
              <span class="open-only link text-small">Close</span>
            </summary>
            <p class="max-w-prose whitespace-pre-wrap">{content}</p>
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

/** The beginning of a text on one line; null where the text is no longer than that. */
function previewOf(content: string | null): string | null {
  if (content === null) return null;
  const line = content.replaceAll(/\s+/g, " ").trim();
  if (line.length <= PREVIEW_LENGTH && !content.trim().includes("\n")) {
    return null;
  }
  const points = [...line];
  return points.slice(0, PREVIEW_LENGTH).join("").trimEnd();
}
