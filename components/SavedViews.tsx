import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import { Field } from "./Field.tsx";
import { hereHref, isPast, pageHref, type Place } from "./links.ts";
import { ListMenu } from "./ListMenu.tsx";

/** A view that the user has saved. */
export interface SavedViewLink {
  id: string;
  list: string;
  name: string;
  query: string;
}

export interface SavedViewsProps {
  /** The list of the page. */
  list: string;
  /** Of this list and of others. */
  views: readonly SavedViewLink[];
  /** How the list is looked at now. */
  query: string;
  workspace: Place;
}

/** Where a saved view leads. */
export function savedViewHref(
  { list, query }: Pick<SavedViewLink, "list" | "query">,
  workspace: Place,
): string {
  return pageHref(`/${list}`, workspace) + tailOf({ query });
}

function tailOf({ query }: Pick<SavedViewLink, "query">): string {
  return (query === "" ? "" : `&${query}`) + "#list";
}

/** The page that renames and deletes them. */
export function savedViewsHref(workspace: Place): string {
  return pageHref("/saved-views", workspace);
}

const LINK = cx(
  "inline-flex items-center min-h-target md:min-h-[1.75rem] max-w-full rounded-full border border-control px-3 text-small hover:border-accent hover:text-accent",
);

/** Links to the views of a list that the user has saved; nothing where there are none. */
export function SavedViewLinks(
  { list, views, query, workspace }: SavedViewsProps,
) {
  const own = views.filter((view) => view.list === list);
  if (own.length === 0) return null;
  return (
    <ul
      class="no-print flex flex-wrap items-center gap-2"
      aria-label="Saved views"
    >
      {own.map((view) => {
        const chosen = view.query === query;
        return (
          <li key={view.id} class="min-w-0">
            <a
              class={cx(LINK, chosen && "bg-accent-weak text-accent")}
              href={hereHref(workspace) + tailOf(view)}
              aria-current={chosen ? "true" : undefined}
            >
              <span class="truncate">{view.name}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** Saves the list as it is looked at now, under a name. */
export function SaveView({ list, views, query, workspace }: SavedViewsProps) {
  if (isPast(workspace)) return null;
  return (
    <ListMenu label="Save view">
      <SaveViewForm list={list} query={query} workspace={workspace} />
      {views.length > 0 && (
        <p class="mt-3 border-t border-line pt-2">
          <a class="link py-1 text-small" href={savedViewsHref(workspace)}>
            Rename or delete views
          </a>
        </p>
      )}
    </ListMenu>
  );
}

/** The form that gives a view its name. */
export function SaveViewForm(
  { list, query, name, workspace }: {
    list: string;
    query: string;
    /** What was typed before. */
    name?: string;
    workspace: Place;
  },
) {
  return (
    <form
      method="post"
      action={savedViewsHref(workspace)}
      class="grid gap-3 max-w-auth"
    >
      <input type="hidden" name="do" value="save" />
      <input type="hidden" name="list" value={list} />
      <input type="hidden" name="query" value={query} />
      <Field
        label="Name of the view"
        name="name"
        value={name ?? ""}
        autocomplete="off"
        required
      />
      <div>
        <Button primary>Save</Button>
      </div>
    </form>
  );
}
