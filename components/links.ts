/** The parts of a query; what is null, undefined or blank is left out, several values of one name stand one after the other. */
export type Query = Record<
  string,
  string | number | readonly string[] | null | undefined
>;

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
  return new URLSearchParams(pairsOf(query)).toString();
}

/** Name and value of each part of a query, as an address and the hidden fields of a form hold them. */
export function pairsOf(query: Query): [name: string, value: string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== null && one !== undefined && one !== "")
      .map((one): [string, string] => [name, String(one)])
  );
}
