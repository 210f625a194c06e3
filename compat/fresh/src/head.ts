import { type ComponentChildren, Fragment, h, render } from "preact";
import { useEffect } from "preact/hooks";
import { IS_BROWSER } from "./_is_browser.ts";

export interface HeadProps {
  children?: ComponentChildren;
}

/**
 * Puts its elements into the document's head. A `title`, or an element of the
 * same key or identity, replaces the earlier one.
 */
export function Head({ children }: HeadProps): ComponentChildren {
  useEffect(() => updateHead(children));
  // On the server the renderer takes the children out of the page.
  return IS_BROWSER ? null : children;
}

function updateHead(children: ComponentChildren): void {
  const box = document.createElement("div");
  render(h(Fragment, null, children), box);
  for (const element of box.children) {
    if (element.localName === "title") {
      document.title = element.textContent ?? "";
      continue;
    }
    const next = element.cloneNode(true);
    const selector = identitySelector(element);
    const old = selector && document.head.querySelector(selector);
    if (old) old.replaceWith(next);
    else document.head.append(next);
  }
  render(null, box);
}

/** What finds an element's older self in the head, if it has an identity. */
function identitySelector(element: Element): string | undefined {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.localName === "base") return "base";
  const attribute = ["name", "property", "rel"].find((name) =>
    element.hasAttribute(name)
  );
  if (!attribute) return undefined;
  const value = CSS.escape(element.getAttribute(attribute) ?? "");
  return `${element.localName}[${attribute}="${value}"]`;
}
