/** Adds to the attributes of a link what tells that it leads here or above. */
export function markCurrentLink(
  props: Record<string, unknown>,
  url: URL,
): void {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/")) return;
  if (props["aria-current"] !== undefined) return;
  switch (relation(href, url)) {
    case "current":
      props["data-current"] = "true";
      props["aria-current"] = "page";
      return;
    case "ancestor":
      props["data-ancestor"] = "true";
      props["aria-current"] = "true";
  }
}

function relation(href: string, url: URL): "current" | "ancestor" | null {
  const to = withoutSlash(pathOf(href, url));
  const here = withoutSlash(url.pathname);
  if (to === here) {
    const { search } = new URL(href, url.origin);
    return search && search !== url.search ? "ancestor" : "current";
  }
  return to === "/" || here.startsWith(`${to}/`) ? "ancestor" : null;
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** A path that reads the same once it is parsed, with what follows it. */
const PLAIN = /^(\/(?:[\w-]+(?:\/[\w-]+)*\/?)?)(?:[?#]|$)/;

/** A page has hundreds of links, and parsing an address takes longer than anything else of one. */
function pathOf(href: string, url: URL): string {
  return PLAIN.exec(href)?.[1] ?? new URL(href, url.origin).pathname;
}
