import { useRef, useState } from "preact/hooks";
import { shownSentence } from "../components/shown_notes.ts";

export interface LoadMoreNotesProps {
  /** The page of notes that follows; null where there is none. */
  href: string | null;
  /** Notes shown since the newest; null where the page does not begin with the newest. */
  shown: number | null;
  /** How many there are. */
  total: number;
}

const FAILED = "The next notes could not be loaded. Try again.";

/**
 * Appends the notes that follow, in place. They are taken from the page that the link leads to, as the server
 * renders it: what shows a note is not sent a second time.
 */
export default function LoadMoreNotes(props: LoadMoreNotesProps) {
  const list = useRef<HTMLOListElement>(null);
  const [{ href, shown }, setMore] = useState(props);
  const [isLoading, setLoading] = useState(false);
  const [failed, setFailed] = useState(false);

  const load = async (event: Event) => {
    event.preventDefault();
    if (isLoading || href === null) return;
    setLoading(true);
    try {
      const next = await readPage(href);
      list.current?.append(...next.notes);
      const count = shown === null ? null : shown + next.notes.length;
      setMore({ ...props, href: next.href, shown: count });
      setFailed(false);
    } catch {
      setFailed(true);
    }
    setLoading(false);
  };

  return (
    <>
      <ol
        ref={list}
        class="divide-y divide-line border-t border-line"
        hidden={href === props.href}
      />
      <div class="mt-4 flex flex-wrap items-center gap-3">
        {href !== null && (
          <a
            class="inline-flex items-center min-h-target rounded-control border border-control px-4 text-sm font-semibold hover:border-accent hover:text-accent"
            href={href}
            onClick={load}
            data-more
          >
            {isLoading ? "Loading…" : "Load more"}
          </a>
        )}
        <p class="text-small text-ink-3" role="status">
          {failed ? FAILED : shownSentence(shown, props.total)}
        </p>
      </div>
    </>
  );
}

/** @throws {Error} where there is no such page: it can be tried again */
async function readPage(
  href: string,
): Promise<{ notes: Node[]; href: string | null }> {
  const answer = await fetch(href);
  // The head of that page has a nonce of its own, which holds there alone.
  const [main = ""] = /<main.*<\/main>/s.exec(await answer.text()) ?? [];
  const page = new DOMParser().parseFromString(main, "text/html");
  const notes = [...page.querySelectorAll("[data-notes] > li")];
  if (!answer.ok || notes.length === 0) {
    throw new Error(
      `Cannot load more notes: the portal answered ${answer.status}`,
    );
  }
  const more = page.querySelector("a[data-more]")?.getAttribute("href") ?? null;
  return { notes, href: more };
}
