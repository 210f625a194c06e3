/** The attributes of a link, with what tells that it leads here or above. */
export function currentLinkProps<P extends Record<string, unknown>>(
  props: P,
  url: URL,
): P {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/")) return props;
  if (props["aria-current"] !== undefined) return props;
  switch (relation(href, url)) {
    case "current":
      return { ...props, "data-current": "true", "aria-current": "page" };
    case "ancestor":
      return { ...props, "data-ancestor": "true", "aria-current": "true" };
    default:
      return props;
  }
}

function relation(href: string, url: URL): "current" | "ancestor" | null {
  const [to, here] = [pathOf(href, url), url.pathname].map((path) =>
    path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
  );
  if (to === here) {
    const { search } = new URL(href, url.origin);
    return search && search !== url.search ? "ancestor" : "current";
  }
  return to === "/" || here?.startsWith(`${to}/`) ? "ancestor" : null;
}

/** A path that reads the same once it is parsed, with what follows it. */
const PLAIN = /^(\/(?:[\w-]+(?:\/[\w-]+)*\/?)?)(?:[?#]|$)/;

/** A page has hundreds of links, and parsing an address takes longer than anything else of one. */
function pathOf(href: string, url: URL): string {
  return PLAIN.exec(href)?.[1] ?? new URL(href, url.origin).pathname;
}
