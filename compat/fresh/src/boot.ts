// Runs in the browser: makes the islands of a page live.
import { type ComponentType, h, options, render, type VNode } from "preact";
import { assetProps } from "./_asset.ts";

type Props = Record<string, unknown>;

const previousHook = options.vnode;
options.vnode = (vnode: VNode<Props>) => {
  if (vnode.type === "img" || vnode.type === "source") {
    vnode.props = assetProps(vnode.props);
  }
  previousHook?.(vnode);
};

/** Renders each island into the DOM that the server sent for it. */
export function boot(
  islands: ComponentType<Props>[],
  allProps: Props[],
): void {
  for (const [start, end] of findMarkers()) {
    const [, island, index] = start.data.split(":").map(Number);
    const [first, last] = [start, end].map(hide) as [Text, Text];
    // A browser moves block elements out of a paragraph, and markers with it.
    if (first.parentNode !== last.parentNode) {
      reportError(new Error("Cannot hydrate island: invalid HTML nesting"));
      continue;
    }
    const component = islands[island!]!;
    const root = rangeRoot(first, last);
    setTimeout(() => render(h(component, allProps[index!]!), root));
  }
}

/** The comments that the server put around islands. */
function findMarkers(): [start: Comment, end: Comment][] {
  const pairs: [Comment, Comment][] = [];
  const open: Comment[] = [];
  const walker = document.createTreeWalker(
    document.body,
    NodeFilter.SHOW_COMMENT,
  );
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (comment.data.startsWith("island:")) open.push(comment);
    if (comment.data === "/island") pairs.push([open.pop()!, comment]);
  }
  return pairs;
}

/** Puts an empty text in the place of a comment: a mark nobody sees. */
function hide(comment: Comment): Text {
  const text = new Text();
  comment.replaceWith(text);
  return text;
}

/** Lets Preact take the nodes between two marks for an element's children. */
function rangeRoot(first: Text, last: Text): Element {
  const parent = first.parentNode as Element;
  return {
    nodeType: 1,
    namespaceURI: parent.namespaceURI,
    get firstChild() {
      return first.nextSibling === last ? null : first.nextSibling;
    },
    get childNodes() {
      const nodes: Node[] = [];
      for (let n = first.nextSibling; n && n !== last; n = n.nextSibling) {
        nodes.push(n);
      }
      return nodes;
    },
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) =>
      parent.insertBefore(node, before ?? last),
    appendChild: (node: Node) => parent.insertBefore(node, last),
    removeChild: (node: Node) => parent.removeChild(node),
  } as unknown as Element;
}
