import { formatDateTime } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { SearchForm } from "./SearchForm.tsx";

/** A person as the search for one to erase shows it. */
export interface AdminPersonRow {
  id: string;
  name: string;
  market: string | null;
  stage: string;
  /** ISO 8601. */
  createdAt: string | null;
}

export interface AdminPersonSearchProps {
  /** Where a person's own page is. */
  hrefOf: (id: string) => string;
  search?: string;
  /** Null where nothing was searched for. */
  found: readonly AdminPersonRow[] | null;
  /** Erasures that were cut off, each with the id of its person. Times are ISO 8601. */
  open: ReadonlyArray<{ person: string; startedAt: string }>;
}

/** Finds the person who asks to be erased; what was cut off stands first. */
export function AdminPersonSearch(
  { hrefOf, search, found, open }: AdminPersonSearchProps,
) {
  return (
    <div class="grid gap-4">
      {open.length > 0 && (
        <Card
          title="Cut off before their end"
          says="These people are not wholly erased yet. Go on with each."
        >
          <ul>
            {open.map(({ person, startedAt }) => (
              <li key={person} class="py-2">
                <a class="link inline-block py-2 -my-2" href={hrefOf(person)}>
                  Lead {person}
                </a>
                <span class="text-ink-2">
                  &nbsp;· begun {formatDateTime(startedAt, "UTC")} (UTC)
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card
        title="Who is to be erased?"
        says="By the id at ClientTether everybody is found; by name or market the prospects are."
        aside={
          <SearchForm label="Name, market or id" value={search} keep={{}} />
        }
      >
        {found === null
          ? (
            <EmptyState title="Search for the person first.">
              The next page shows who it is and what would go, and asks once
              more before anything is removed.
            </EmptyState>
          )
          : (
            <>
              <Found found={found} hrefOf={hrefOf} search={search ?? ""} />
              {search && !found.some(({ id }) => id === search) && (
                <p class="mt-4 text-small text-ink-2">
                  Gone from ClientTether already?{" "}
                  <a class="link" href={hrefOf(search)}>
                    Erase by the id '{search}'
                  </a>
                </p>
              )}
            </>
          )}
      </Card>
    </div>
  );
}

function Found(
  { found, hrefOf, search }: {
    found: readonly AdminPersonRow[];
    hrefOf: (id: string) => string;
    search: string;
  },
) {
  return (
    <DataTable
      stacks
      caption="People found"
      columns={[
        {
          kind: "text",
          head: "Name",
          value: ({ name }) => name,
          href: ({ id }) => hrefOf(id),
        },
        { kind: "text", head: "Id", value: ({ id }) => id },
        { kind: "text", head: "Market", value: ({ market }) => market },
        { kind: "text", head: "Stage", value: ({ stage }) => stage },
        {
          kind: "datetime",
          head: "Created",
          value: ({ createdAt }) => createdAt,
        },
      ]}
      rows={found}
      rowKey={({ id }) => id}
      timezone="UTC"
      empty={`Nobody matches '${search}'.`}
    />
  );
}
