import type { ComponentChildren } from "preact";
import type { NoteRow } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { hereHref, type Place, placeQuery } from "./links.ts";
import {
  type NoteFilter,
  NoteFilters,
  type NoteFiltersProps,
  NotesNarrowed,
} from "./NoteFilters.tsx";
import { NoteItem } from "./NoteItem.tsx";
import { FileLink } from "./FileLink.tsx";
import { kept } from "./kept.ts";
import { SearchForm } from "./SearchForm.tsx";
import { Segments } from "./Segments.tsx";
import { counted } from "./sentences.ts";

export interface NotesCardProps {
  rows: readonly NoteRow[];
  total: number;
  filter: NoteFilter;
  /** Names of the people that the rows are about, by their ids. */
  people: ReadonlyMap<string, string>;
  /** The address of this page of the list. */
  here: string;
  /** All of them as a file. */
  fileHref: string;
  isFirstPage: boolean;
  /** Whether there ever was a complete update. */
  hasSynced: boolean;
  /** Whether the page shows an earlier day. */
  isPast?: boolean;
  workspace: Place;
  timezone: string;
  /** Ids of those that were not there when the reader looked last. */
  fresh?: ReadonlySet<string>;
  /** The way to the notes that follow. */
  children: ComponentChildren;
}

/** Notes with their search. */
export function NotesCard(props: NotesCardProps) {
  const { rows, filter, isFirstPage, workspace, timezone } = props;
  const { search, ...others } = filter;
  const { sort } = filter;
  const filters: NoteFiltersProps = {
    filter,
    authors: [...new Set(rows.flatMap(({ author }) => author ?? []))],
    contactName: props.people.get(filter.contact ?? "") ?? null,
    workspace,
  };
  const first = sort ? "oldest" : "newest";
  return (
    <Card
      title={titleOf(props)}
      says={isFirstPage ? orderSays(props) : (
        <>
          {sort ? "Newer notes." : "Older notes."}{" "}
          <a class="link" href={hereHref(workspace, { ...filter })}>
            Back to the {first}
          </a>
        </>
      )}
      aside={
        <SearchForm
          label="Search notes and authors"
          value={search}
          keep={{ ...placeQuery(workspace), ...others }}
        />
      }
    >
      <NoteFilters {...filters} />
      <NotesNarrowed {...filters} />
      {rows.length === 0 ? <NoNotes {...props} /> : (
        <>
          {search && (
            <p class="mb-2 text-small">
              <a class="link" href={hereHref(workspace, others)}>
                Clear search
              </a>
            </p>
          )}
          <NotesTools {...props} />
          <Items
            rows={rows}
            people={props.people}
            search={search}
            here={props.here}
            workspace={workspace}
            timezone={timezone}
            fresh={props.fresh}
          />
          {props.children}
        </>
      )}
    </Card>
  );
}

const Items = kept(function NoteItems(
  { rows, people, search, here, workspace, timezone, fresh }:
    & Pick<
      NotesCardProps,
      "rows" | "people" | "here" | "workspace" | "timezone"
    >
    & { search: string | undefined; fresh: ReadonlySet<string> | undefined },
) {
  return (
    <ol class="divide-y divide-line" data-notes>
      {rows.map((note) => (
        <NoteItem
          key={note.id}
          note={note}
          search={search}
          person={people.get(note.contactId ?? "") ?? null}
          list={here}
          workspace={workspace}
          timezone={timezone}
          isNew={fresh?.has(note.id) ?? false}
        />
      ))}
    </ol>
  );
});

function NotesTools({ filter, fileHref, workspace }: NotesCardProps) {
  const { sort, ...others } = filter;
  return (
    <div class="no-print mb-2 flex flex-wrap items-center gap-3">
      <Segments
        label="Order of the notes"
        choices={[
          {
            label: "Newest first",
            href: hereHref(workspace, others),
            chosen: !sort,
          },
          {
            label: "Oldest first",
            href: hereHref(workspace, { ...others, sort: "date" }),
            chosen: !!sort,
          },
        ]}
      />
      <FileLink href={fileHref} />
    </div>
  );
}

/** How many were there on an earlier day cannot be told: those that were deleted since are not kept. */
function titleOf({ total, filter, isPast }: NotesCardProps): string {
  const { search } = filter;
  const what = isPast ? "Notes" : counted(total, "note");
  return search ? `${what} with '${search}'` : what;
}

function orderSays({ filter: { sort }, isPast }: NotesCardProps): string {
  const order = sort ? "Oldest first." : "Newest first.";
  return isPast
    ? `${order} What the portal knew by then, as it is now: what was deleted or changed since is not kept.`
    : order;
}

function NoNotes(props: NotesCardProps) {
  const { filter, hasSynced, isPast, workspace } = props;
  const { search, ...others } = filter;
  const { author, contact, from, to } = filter;
  if (!search && (author || contact || from || to)) {
    return <EmptyState title="No notes match all of this." />;
  }
  if (search) {
    return (
      <EmptyState title={`No notes match '${search}'.`}>
        <a class="link" href={hereHref(workspace, others)}>Clear search</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={isPast ? "There are no notes." : "There are no notes yet."}
    >
      {isPast
        ? "The portal knew of none by the end of that day."
        : hasSynced
        ? "Notes that are written in ClientTether appear here with the next update."
        : "First import is running. Notes appear after its first complete update."}
    </EmptyState>
  );
}
