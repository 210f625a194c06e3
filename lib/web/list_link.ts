import { idOfPart, NotFoundError } from "../domain/mod.ts";
import { inWorkspace, onDay, safeNext } from "./next.ts";

/** The way back to the list that somebody came from. */
export interface ListLink {
  name: string;
  href: string;
}

/** The lists that lead to people and notes, by the beginning of their paths; the longer ones first. */
const LISTS: ReadonlyArray<{ path: string; name: string; anchor?: string }> = [
  { path: "/pipeline/opportunities", name: "Opportunities" },
  { path: "/pipeline/moves", name: "Moves" },
  { path: "/pipeline/entries", name: "Entries into stages" },
  { path: "/pipeline/stalled", name: "Stalled deals" },
  { path: "/pipeline/value", name: "Changes in value" },
  { path: "/pipeline/quiet", name: "Deals without activity" },
  { path: "/pipeline", name: "Pipeline" },
  { path: "/leads", name: "Leads", anchor: "list" },
  { path: "/hot-list", name: "Hot List" },
  { path: "/notes", name: "Notes" },
  { path: "/schedule", name: "Schedule" },
  { path: "/changes", name: "What changed" },
  { path: "/dashboard", name: "Dashboard" },
];

/**
 * The list that the address names in `list`, with its filters; another page of the portal, an address elsewhere, or
 * none is answered with `fallback`. It leads into the workspace and to the day of the request, whatever the address
 * says.
 */
export function listLink(
  url: URL,
  slug: string,
  fallback: "/leads" | "/notes",
  past: { on: string } | null = null,
): ListLink {
  const asked = safeNext(url.searchParams.get("list"));
  const path = asked?.split("?")[0];
  const list = LISTS.find((one) => one.path === path) ??
    LISTS.find((one) => one.path === fallback)!;
  const address = asked && path === list.path ? asked : list.path;
  const href = onDay(inWorkspace(address, slug), past?.on ?? null);
  return {
    name: list.name,
    href: list.anchor ? `${href}#${list.anchor}` : href,
  };
}

/**
 * The upstream id in an address, in its part at this place from the end. The router leaves an encoded slash as it is.
 *
 * @throws {NotFoundError} when it names none.
 */
export function idInPath({ pathname }: URL, fromEnd = 1): string {
  const part = pathname.split("/").at(-fromEnd) ?? "";
  let id: string | null;
  try {
    id = idOfPart(decodeURIComponent(part));
  } catch (cause) {
    throw new NotFoundError("Cannot read the address", { cause });
  }
  if (id === null) throw new NotFoundError("Cannot read the address");
  return id;
}
