import { useEffect, useRef, useState } from "preact/hooks";
import { parseOwnPage } from "../components/own_page.ts";
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

  useEffect(() => {
    // What opens does not bubble.
    document.addEventListener("toggle", showWhole, true);
    return () => document.removeEventListener("toggle", showWhole, true);
  }, []);

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

/** The head of another page has a nonce of its own, which holds there alone. */
function mainOf(html: string): string {
  return /<main.*<\/main>/s.exec(html)?.[0] ?? "";
}

/** @throws {Error} where there is no such page: it can be tried again */
async function readPage(
  href: string,
): Promise<{ notes: Node[]; href: string | null }> {
  const answer = await fetch(href);
  const page = parseOwnPage(mainOf(await answer.text()));
  const notes = [...page.querySelectorAll("[data-notes] > li")];
  if (!answer.ok || notes.length === 0) {
    throw new Error(
      `Cannot load more notes: the portal answered ${answer.status}`,
    );
  }
  const more = page.querySelector("a[data-more]")?.getAttribute("href") ?? null;
  return { notes, href: more };
}

/** Puts the whole text into a long note that was opened, as the note's own page has it; its link stays where that fails. */
async function showWhole({ target }: Event): Promise<void> {
  const link = (target as Element).querySelector<HTMLAnchorElement>(
    "[open] > * > a[data-whole-note]",
  );
  if (!link) return;
  const answer = await fetch(link.href).catch(() => null);
  const page = parseOwnPage(mainOf(await answer?.text() ?? ""));
  const whole = page.querySelector("[data-note-text]");
  const place = link.parentElement;
  if (!whole) return;
  place?.previousElementSibling?.replaceChildren(...whole.childNodes);
  place?.remove();
}
