import { HOT_LIST, LEAD_LIST, queryOfView } from "../domain/mod.ts";
import { listSavedViews } from "../store/mod.ts";
import { readListView } from "./list_query.ts";
import { readQuery } from "./query.ts";
import { PERIOD_PARAMS } from "./period.ts";
import type { WorkspaceState } from "./state.ts";

/** A saved view as its owner sees it. */
export interface ShownView {
  id: string;
  /** The list's name in addresses. */
  list: string;
  name: string;
  /** The part of an address that asks for it. */
  query: string;
}

/** Lists that can be looked at in ways that have names. */
export type ViewedList = typeof LEAD_LIST | typeof HOT_LIST;
const LISTS: readonly ViewedList[] = [LEAD_LIST, HOT_LIST];

/** The list of this name; null where there is none. */
export function viewedList(name: string): ViewedList | null {
  return LISTS.find((list) => list.name === name) ?? null;
}

/** The views that the user of a request has saved, by name. One read. */
export async function savedViews(
  { services, workspace, user }: Pick<
    WorkspaceState,
    "services" | "workspace" | "user"
  >,
): Promise<ShownView[]> {
  const views = await listSavedViews(
    services.store,
    workspace.tenant.id,
    user.id,
  );
  return views.map(({ id, list, name, query }) => ({ id, list, name, query }));
}

/**
 * What of an address says how a list is looked at, always in the same form: neither the workspace nor a page of the
 * list, and nothing that could not be read.
 */
export function viewQuery(url: URL, list: ViewedList): string {
  const { view } = list === LEAD_LIST
    ? readListView(url, LEAD_LIST)
    : readListView(url, HOT_LIST);
  const parts = list === LEAD_LIST
    ? queryOfView(LEAD_LIST, view)
    : queryOfView(HOT_LIST, view);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    for (const one of [value ?? []].flat()) query.append(name, one);
  }
  if (view.created) {
    const { values } = readQuery(url, PERIOD_PARAMS);
    for (const [name, value] of Object.entries(values)) {
      if (value && url.searchParams.has(name)) query.set(name, value);
    }
  }
  return query.toString();
}
