import { useState } from "preact/hooks";
import type { MoreNotes, NotesShown } from "../components/more_notes.tsx";

export interface LoadMoreNotesProps extends NotesShown {
  /** The page of notes that follows, for whoever has no JavaScript. */
  href: string;
  /** How many notes are shown. */
  says: string;
}

/**
 * Appends the notes that follow. What shows a note is fetched when there is one to show, so that the page
 * itself stays light.
 */
export default function LoadMoreNotes(props: LoadMoreNotesProps) {
  const [more, setMore] = useState<
    NotesShown & Partial<MoreNotes> & { says: string }
  >(props);
  const [isLoading, setLoading] = useState(false);

  const load = async (event: Event) => {
    event.preventDefault();
    if (isLoading) return;
    setLoading(true);
    try {
      const { loadMoreNotes } = await import("../components/more_notes.tsx");
      const before = { ...more, notes: more.notes ?? [] };
      setMore(await loadMoreNotes(before, (url) => fetch(url)));
    } catch {
      const says = "The next notes could not be loaded. Try again.";
      setMore({ ...more, says });
    }
    setLoading(false);
  };

  return (
    <>
      {more.list}
      <div class="mt-4 flex flex-wrap items-center gap-3">
        {more.cursor !== null && (
          <a
            class="inline-flex items-center min-h-target rounded-control border border-control px-4 text-sm font-semibold hover:border-accent hover:text-accent"
            href={props.href}
            onClick={load}
          >
            {isLoading ? "Loading…" : "Load more"}
          </a>
        )}
        <p class="text-small text-ink-3" role="status">{more.says}</p>
      </div>
    </>
  );
}
