import { useState } from "preact/hooks";
import { NoteItem } from "../components/NoteItem.tsx";
import { readNotePage } from "../components/note_pages.ts";
import { hereHref } from "../components/links.ts";
import type { NoteRow } from "../lib/domain/views.ts";

export interface LoadMoreNotesProps {
  workspace: string;
  timezone: string;
  search: string | null;
  /** Where the page's own notes end; null where there are no more. */
  cursor: string | null;
  /** Notes in the whole list. */
  total: number;
  /** Notes that the page shows itself; null where it does not begin with the newest. */
  shown: number | null;
}

/** Appends the notes that follow. Without JavaScript it is a link to them. */
export default function LoadMoreNotes(props: LoadMoreNotesProps) {
  const { workspace, timezone, search, total, shown } = props;
  const [notes, setNotes] = useState<NoteRow[]>([]);
  const [cursor, setCursor] = useState(props.cursor);
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");

  const load = async (event: Event) => {
    event.preventDefault();
    if (cursor === null || state === "loading") return;
    setState("loading");
    const next = await readNotePage({
      workspace,
      search,
      cursor,
      fetch: (url) => fetch(url),
    });
    if (!next) return setState("failed");
    setNotes([...notes, ...next.data]);
    setCursor(next.page.cursor);
    setState("idle");
  };

  return (
    <>
      <ol
        class="divide-y divide-line border-t border-line"
        hidden={notes.length === 0}
      >
        {notes.map((note) => (
          <NoteItem
            key={note.id}
            note={note}
            workspace={workspace}
            timezone={timezone}
          />
        ))}
      </ol>
      <div class="mt-4 flex flex-wrap items-center gap-3">
        {cursor !== null && (
          <a
            class="inline-flex items-center min-h-target rounded-control border border-control px-4 text-sm font-semibold hover:border-accent hover:text-accent"
            href={hereHref(workspace, { search, cursor })}
            onClick={load}
          >
            {state === "loading" ? "Loading…" : "Load more"}
          </a>
        )}
        <p class="text-small text-ink-3" role="status">
          {state === "failed"
            ? "The next notes could not be loaded. Try again."
            : saysOf(shown === null ? null : shown + notes.length, total)}
        </p>
      </div>
    </>
  );
}

function saysOf(shown: number | null, total: number): string {
  const all = total.toLocaleString("en-US");
  return shown === null
    ? `${all} notes in all.`
    : `${shown.toLocaleString("en-US")} of ${all} notes shown.`;
}
