import { formatDays } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import { hereHref, type Place, placeQuery } from "./links.ts";
import { PersonLink } from "./PersonLink.tsx";

/** What a list of notes is narrowed to, as an address says it. */
export interface NoteFilter {
  search?: string | undefined;
  author?: string | undefined;
  /** Id of the person. */
  contact?: string | undefined;
  /** Days, both in. */
  from?: string | undefined;
  to?: string | undefined;
  /** The oldest first. */
  sort?: "date" | undefined;
}

export interface NoteFiltersProps {
  filter: NoteFilter;
  /** Names to choose an author from. */
  authors: readonly string[];
  /** The name of the person that the notes are narrowed to. */
  contactName: string | null;
  workspace: Place;
}

/** Narrows the notes to an author and to days: a GET form, folded until it is used. */
export function NoteFilters(props: NoteFiltersProps) {
  const { search, author, contact, from, to, sort } = props.filter;
  const { workspace } = props;
  return (
    <details class="mb-3 no-print" open={!!(author || from || to)}>
      <summary class="opens inline-flex items-center min-h-target lg:min-h-[2rem] text-small text-ink-2 hover:text-ink">
        Filter by author or date
      </summary>
      <form
        method="get"
        class="mt-2 grid gap-3 sm:grid-cols-2 lg:grid-cols-4 items-end"
      >
        <HiddenFields
          query={{ ...placeQuery(workspace), search, contact, sort }}
        />
        <label class="grid gap-1 min-w-0">
          <span class="text-small text-ink-2">Author</span>
          <input
            name="author"
            class={INPUT}
            value={author ?? ""}
            list="note-authors"
            maxLength={200}
            autocomplete="off"
          />
          <datalist id="note-authors">
            {props.authors.map((name) => <option key={name} value={name} />)}
          </datalist>
        </label>
        <label class="grid gap-1 min-w-0">
          <span class="text-small text-ink-2">From</span>
          <input type="date" name="from" class={INPUT} value={from ?? ""} />
        </label>
        <label class="grid gap-1 min-w-0">
          <span class="text-small text-ink-2">To</span>
          <input type="date" name="to" class={INPUT} value={to ?? ""} />
        </label>
        <Button>Filter</Button>
      </form>
    </details>
  );
}

/** Says what the notes are narrowed to beside the search, and takes it away. */
export function NotesNarrowed(props: NoteFiltersProps) {
  const { search, author, contact, from, to, sort } = props.filter;
  const { workspace } = props;
  if (!author && !contact && !from && !to) return null;
  const days = from && to
    ? formatDays(from, to)
    : from
    ? `since ${formatDays(from, from)}`
    : to
    ? `until ${formatDays(to, to)}`
    : null;
  const parts = {
    author: author && `by '${author}'`,
    contact: contact && (
      <>
        on{" "}
        <PersonLink
          id={contact}
          name={props.contactName ?? "somebody who is no longer listed"}
          workspace={workspace}
        />
      </>
    ),
    days,
  };
  const words = Object.entries(parts).filter(([, part]) => part);
  return (
    <p class="mb-2 text-small text-ink-2">
      Only notes{" "}
      {words.map(([name, part], index) => (
        <span key={name}>{index > 0 && ", "}{part}</span>
      ))}.{" "}
      <a
        class="link inline-block py-1 -my-1"
        href={hereHref(workspace, { search, sort })}
      >
        Show all authors, people and dates
      </a>
    </p>
  );
}
