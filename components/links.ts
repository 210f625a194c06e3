/** The parts of a query; what is null, undefined or blank is left out, several values of one name stand one after the other. */
export type Query = Record<
  string,
  string | number | readonly string[] | null | undefined
>;

/**
 * What every link of a page keeps, so that a copied link and a second tab keep it too: the workspace by its slug, and
 * with it the earlier day that is being looked at, if one is.
 */
export type Place = string | { slug: string; on: string };

/** The shape of every page's state that a place is taken from. */
export interface PlaceState {
  workspace: { tenant: { slug: string } };
  travel: { past: { on: string } | null } | null;
}

/** Where the links of a page lead. */
export function placeOf({ workspace, travel }: PlaceState): Place {
  const { slug } = workspace.tenant;
  return travel?.past ? { slug, on: travel.past.on } : slug;
}

/** The workspace of a place alone: the way back to the present, and to what knows no earlier day. */
export function presentOf(place: Place): string {
  return typeof place === "string" ? place : place.slug;
}

/** Whether links lead to an earlier day: nothing can be changed there. */
export function isPast(place: Place): boolean {
  return typeof place !== "string";
}

/** The same day in another workspace. */
export function elsewhere(place: Place, slug: string): Place {
  return typeof place === "string" ? slug : { ...place, slug };
}

/** What a form that asks with GET sends along as hidden fields. */
export function placeQuery(place: Place): Query {
  return typeof place === "string"
    ? { w: place }
    : { w: place.slug, on: place.on };
}

/** The address of a page of a workspace. */
export function pageHref(path: string, place: Place, query: Query = {}) {
  return `${path}?${queryOf({ ...placeQuery(place), ...query })}`;
}

/** The same page with another query: relative, so that it is never taken for a link of the navigation. */
export function hereHref(place: Place, query: Query = {}): string {
  return `?${queryOf({ ...placeQuery(place), ...query })}`;
}

function queryOf(query: Query): string {
  return pairsOf(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join("&");
}

/** A text as `URLSearchParams` writes it, which takes several times as long: a page has a hundred addresses. */
function encoded(text: string): string {
  if (/^[\w.*-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replaceAll(
      /[!'()~]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}

/** Name and value of each part of a query, as an address and the hidden fields of a form hold them. */
export function pairsOf(query: Query): [name: string, value: string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== null && one !== undefined && one !== "")
      .map((one): [string, string] => [name, String(one)])
  );
}
