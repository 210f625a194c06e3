/** The attributes of a link, with what tells that it leads here or above. */
export function currentLinkProps<P extends Record<string, unknown>>(
  props: P,
  url: URL,
): P {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/")) return props;
  if (props["aria-current"] !== undefined) return props;
  switch (relation(new URL(href, url.origin), url)) {
    case "current":
      return { ...props, "data-current": "true", "aria-current": "page" };
    case "ancestor":
      return { ...props, "data-ancestor": "true", "aria-current": "true" };
    default:
      return props;
  }
}

function relation(link: URL, url: URL): "current" | "ancestor" | null {
  const [to, here] = [link, url].map((u) => u.pathname.replace(/(.)\/$/, "$1"));
  if (to === here) {
    return link.search && link.search !== url.search ? "ancestor" : "current";
  }
  return to === "/" || here?.startsWith(`${to}/`) ? "ancestor" : null;
}
