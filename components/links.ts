/** The parts of a query; what is null, undefined or blank is left out. */
export type Query = Record<string, string | number | null | undefined>;

/**
 * The address of a page of a workspace. Every link carries the workspace, so that a copied link and a
 * second tab keep their brand.
 */
export function pageHref(path: string, workspace: string, query: Query = {}) {
  return `${path}?${queryOf({ w: workspace, ...query })}`;
}

/** The same page with another query: relative, so that it is never taken for a link of the navigation. */
export function hereHref(workspace: string, query: Query = {}): string {
  return `?${queryOf({ w: workspace, ...query })}`;
}

function queryOf(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") {
      params.set(name, String(value));
    }
  }
  return params.toString();
}
