const MAX_LENGTH = 2000;
/** Never shown from `next`: they would send the reader round in a circle, or show them bare JSON. */
const NOT_PAGES = /^\/(?:login|logout|select-workspace|api)(?:\/|$)/;
const BASE = "http://portal.invalid";

/**
 * A redirect target that came with the request, as a path and query of this portal; null when it
 * could lead anywhere else. Browsers read a backslash as a slash and drop tabs and line breaks, so
 * texts with those are refused, and what is left is judged after the URL parser has normalized it
 * ("/.//evil.example" becomes "//evil.example").
 */
export function safeNext(next: string | null | undefined): string | null {
  if (!next || next.length > MAX_LENGTH) return null;
  if (!next.startsWith("/") || /[\\\p{Cc}]/u.test(next)) return null;
  if (!URL.canParse(next, BASE)) return null;
  const url = new URL(next, BASE);
  if (url.origin !== BASE || url.pathname.startsWith("//")) return null;
  if (NOT_PAGES.test(url.pathname)) return null;
  return url.pathname + url.search;
}

/** An address of the portal with a query; values that are null are left out. */
export function localUrl(
  path: string,
  query: Record<string, string | null>,
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) params.set(name, value);
  }
  return params.size > 0 ? `${path}?${params}` : path;
}

/** The same local address in another workspace. */
export function inWorkspace(address: string, slug: string): string {
  const url = new URL(address, BASE);
  url.searchParams.set("w", slug);
  return url.pathname + url.search;
}

/** The same local address on an earlier day; on none where that is null. */
export function onDay(address: string, on: string | null): string {
  const url = new URL(address, BASE);
  if (on === null) url.searchParams.delete("on");
  else url.searchParams.set("on", on);
  return url.pathname + url.search;
}
