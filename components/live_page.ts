import { parseOwnPage } from "./own_page.ts";

/**
 * Puts the newest figures into the page that is open, as the server renders them: what shows a figure is
 * not sent a second time. Fetched when there is something new, and not before.
 */

/** What holds the page's figures; everything around it stays. */
const REGIONS = "[data-live]";
/** Around what a script has made live: it stays as it is, its attributes tell it what is new. */
const KEPT = "data-keep";
/** Listens to what its attributes say, so that they may change. */
const FED = "fed";

/**
 * Updates the page in place.
 *
 * @returns false where that would take something away from who uses it (what is being typed or marked), or
 * where a part of the page can only be made anew.
 * @throws {TypeError} when the portal cannot be reached.
 */
export async function updatePage(): Promise<boolean> {
  if (isInUse()) return false;
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return false;
  // The head of that page has a nonce of its own, which holds there alone.
  const [html = ""] = /<main.*<\/footer>/s.exec(await answer.text()) ?? [];
  const page = parseOwnPage(html);
  const [now, next] = [regionsOf(document), regionsOf(page)];
  // Asked again: the answer took its time.
  if (isInUse() || now.length !== next.length) return false;
  if (!now.every((region, i) => fits(region, next[i]!))) return false;
  const focused = document.activeElement;
  const link = focused?.getAttribute("href");
  now.forEach((region, i) => become(region, next[i]!));
  if (link && document.activeElement?.getAttribute("href") !== link) {
    document.querySelector<HTMLElement>(`main a[href="${CSS.escape(link)}"]`)
      ?.focus({ preventScroll: true });
  }
  return true;
}

function regionsOf(page: Document): Element[] {
  return [...page.querySelectorAll(REGIONS)];
}

/** Whether somebody types, has chosen something that was not sent, or marks text. */
function isInUse(): boolean {
  const selection = getSelection();
  return regionsOf(document).some((region) =>
    (!selection?.isCollapsed && region.contains(selection!.anchorNode)) ||
    [...region.querySelectorAll("input,textarea,select")].some(isTouched)
  );
}

function isTouched(field: Element): boolean {
  if (field === document.activeElement) return true;
  if (field instanceof HTMLSelectElement) {
    const chosen = [...field.options].findIndex((one) => one.defaultSelected);
    return field.selectedIndex !== Math.max(0, chosen);
  }
  const { value, defaultValue, checked, defaultChecked } =
    field as HTMLInputElement;
  return value !== defaultValue || checked !== defaultChecked;
}

/** Whether all that is live in the one has its place, and the same to say, in the other. */
function fits(region: Element, next: Element): boolean {
  const [kept, other] = [region, next].map((one) => [
    ...one.querySelectorAll(`[${KEPT}]`),
  ]) as [Element[], Element[]];
  // Comments mark what scripts make live.
  const marks = next.ownerDocument.createNodeIterator(next, 128);
  for (let mark = marks.nextNode(); mark; mark = marks.nextNode()) {
    if (!mark.parentElement!.closest(`[${KEPT}]`)) return false;
  }
  return kept.length === other.length &&
    kept.every((one, i) =>
      placeOf(one, region) === placeOf(other[i]!, next) &&
      (one.getAttribute(KEPT) === FED ||
        one.cloneNode().isEqualNode(other[i]!.cloneNode()))
    );
}

function placeOf(element: Element, region: Element): string {
  const parent = element.parentElement!;
  return element === region
    ? ""
    : `${placeOf(parent, region)}/${[...parent.children].indexOf(element)}`;
}

/** Changes what is other, and leaves alone what is the same: focus, scrolling and open details stay. */
function become(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !next.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (name !== "open" && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (old.hasAttribute(KEPT)) return;
  let at: ChildNode | null = old.firstChild;
  const nodes = [...next.childNodes];
  nodes.forEach((node, i) => {
    const isRow = /^(LI|TR)$/.test(node.nodeName);
    // A row that left: those after it move up, and none becomes another.
    while (isRow && at && !isIn(nodes.slice(i), at) && isAfter(at, node)) {
      at = removed(at);
    }
    if (at?.isEqualNode(node)) at = at.nextSibling;
    else if (
      at?.nodeName !== node.nodeName || (isRow && isIn(nodes.slice(i), at))
    ) {
      old.insertBefore(document.importNode(node, true), at);
      if (at && !isRow) at = removed(at);
    } else {
      if (node instanceof Element) become(at as Element, node);
      else at.nodeValue = node.nodeValue;
      at = at.nextSibling;
    }
  });
  while (at) at = removed(at);
}

function isIn(nodes: Node[], node: Node): boolean {
  return nodes.some((one) => one.isEqualNode(node));
}

function isAfter(at: Node | null, node: Node): boolean {
  for (; at; at = at.nextSibling) if (at.isEqualNode(node)) return true;
  return false;
}

function removed(node: ChildNode): ChildNode | null {
  const after = node.nextSibling;
  node.remove();
  return after;
}
