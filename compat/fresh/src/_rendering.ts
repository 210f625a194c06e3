// What happens to elements while a document is rendered: islands are marked,
// the head is collected, links and addresses get what the framework adds.
import {
  type ComponentChildren,
  type ComponentType,
  Fragment,
  h,
  type Options,
  options as preactOptions,
  toChildArray,
  type VNode,
} from "preact";
import type { Island, Snapshot } from "./_snapshot.ts";
import { assetProps } from "./_asset.ts";
import { Head } from "./head.ts";
import { markCurrentLink } from "./_current_link.ts";
import { escapeScript, writeProps } from "./_props.ts";

type Props = Record<string, unknown>;

/** An element with its parent, which the renderer sets before the hook. */
interface RenderedVNode extends VNode<Props> {
  __?: RenderedVNode | null;
}

interface RendererOptions extends Options {
  /** Called before an element is rendered. */
  __b?(vnode: RenderedVNode): void;
}

/** The state of rendering one document. */
export class Rendering {
  readonly nonce: string = crypto.randomUUID().replaceAll("-", "");
  readonly rendered = { html: false, head: false, body: false };
  readonly #url: URL;
  readonly #snapshot: Snapshot | null;
  readonly #islands = new Map<Island, number>();
  readonly #islandProps: Props[] = [];
  /** The module that reads the islands' props, if they are not plain data. */
  #readerUrl: string | undefined;
  /** The components that islands were replaced by. */
  readonly #markers = new Set<unknown>();
  /** Elements wanted in the head, by identity. */
  readonly #head = new Map<string, VNode<Props>>();
  readonly #changed = new Map<RenderedVNode, Pick<VNode, "type" | "props">>();

  constructor(url: URL, snapshot: Snapshot | null) {
    this.#url = url;
    this.#snapshot = snapshot;
  }

  /** Changes an element until the document is rendered. */
  #change(vnode: RenderedVNode, change: Partial<VNode<Props>>): void {
    const { type, props } = vnode;
    if (change.props === props) return;
    if (!this.#changed.has(vnode)) this.#changed.set(vnode, { type, props });
    Object.assign(vnode, change);
  }

  /** Elements may outlive the document: a constant of a module does. */
  restore(): void {
    for (const [vnode, original] of this.#changed) {
      Object.assign(vnode, original);
    }
  }

  /** Marks a link when it is made, as long as its attributes are nobody else's. */
  mark({ props }: VNode<Props>): void {
    markCurrentLink(props, this.#url);
  }

  visit(vnode: RenderedVNode): void {
    const { type } = vnode;
    if (type === Fragment) return;
    if (typeof type === "string") return this.#visitElement(vnode, type);
    const island = this.#snapshot?.islands.get(type as ComponentType<never>);
    if (island) this.#visitIsland(vnode, island);
  }

  #visitIsland(vnode: RenderedVNode, island: Island): void {
    if (hasAncestor(vnode, (type) => this.#markers.has(type))) return;
    const original = vnode.type as ComponentType<Props>;
    const number = this.#islands.get(island) ?? this.#islands.size;
    this.#islands.set(island, number);
    const marker = (props: Props) => {
      const index = this.#islandProps.push(props) - 1;
      return [
        comment(`island:${number}:${index}`),
        h(original, props),
        comment("/island"),
      ];
    };
    this.#markers.add(marker);
    this.#change(vnode, { type: marker as ComponentType<Props> });
  }

  #visitElement(vnode: RenderedVNode, type: string): void {
    const { props } = vnode;
    switch (type) {
      case "img":
      case "source":
        return this.#change(vnode, { props: assetProps(props) });
      case "script":
      case "style":
        if (!props.nonce) {
          this.#change(vnode, { props: { ...props, nonce: this.nonce } });
        }
        return this.#visitHeadElement(vnode);
      case "title":
      case "meta":
      case "link":
      case "base":
      case "noscript":
      case "template":
        return this.#visitHeadElement(vnode);
      case "html":
        this.rendered.html = true;
        return;
      case "head":
        this.rendered.head = true;
        return this.#append(vnode, () => [...this.#head.values()]);
      case "body":
        this.rendered.body = true;
        return this.#append(vnode, () => this.#scripts());
    }
  }

  /** Adds what is only known when the children before it are rendered. */
  #append(vnode: RenderedVNode, end: () => ComponentChildren): void {
    const children = vnode.props.children as ComponentChildren;
    const all = [...toChildArray(children), h(end as ComponentType, null)];
    this.#change(vnode, { props: { ...vnode.props, children: all } });
  }

  #visitHeadElement(vnode: RenderedVNode): void {
    if (hasAncestor(vnode, (type) => type === Head)) {
      const { type, props } = vnode;
      const wanted = h(type as string, props) as VNode<Props>;
      this.#head.set(identityOf(vnode), wanted);
      this.#change(vnode, {
        type: Fragment as ComponentType<Props>,
        props: { children: null },
      });
      return;
    }
    if (!this.#mayReplace(vnode)) return;
    if (!hasAncestor(vnode, (type) => type === "head")) return;
    const identity = identityOf(vnode);
    const wanted = this.#head.get(identity);
    if (!wanted) return;
    this.#head.delete(identity);
    this.#change(vnode, { type: wanted.type, props: wanted.props });
  }

  /** Whether something that is wanted in the head could be this element's successor: to tell it exactly costs more. */
  #mayReplace({ type, key }: RenderedVNode): boolean {
    if (key != null) return true;
    for (const wanted of this.#head.values()) {
      if (wanted.type === type) return true;
    }
    return false;
  }

  #scripts(): ComponentChildren {
    const { bootUrl, valuesUrl, signalsUrl, reloadUrl } = this.#snapshot ?? {};
    let code = reloadUrl ? `import "${reloadUrl}";` : "";
    if (this.#islands.size > 0) {
      const names = [...this.#islands.values()].map((number) => `i${number}`);
      code += `import{boot}from"${bootUrl}";`;
      for (const [island, number] of this.#islands) {
        code += `import i${number} from"${island.url}";`;
      }
      const { code: props, reader } = writeProps(this.#islandProps);
      this.#readerUrl = reader &&
        { values: valuesUrl, signals: signalsUrl }[reader];
      if (reader) code += `import{read}from"${this.#readerUrl}";`;
      code += `boot([${names}],${props})`;
    }
    return code === "" ? null : h("script", {
      type: "module",
      dangerouslySetInnerHTML: { __html: escapeScript(code) },
    });
  }

  /** Link values that let the browser fetch modules before it meets them. */
  links(): string[] {
    if (!this.#snapshot || this.#islands.size === 0) return [];
    const islandUrls = [...this.#islands.keys()].map((island) => island.url);
    const urls = [
      this.#snapshot.bootUrl,
      ...this.#readerUrl ? [this.#readerUrl] : [],
      ...islandUrls,
    ];
    return urls.map((url) => `<${url}>; rel="modulepreload"; as="script"`);
  }
}

/** What makes two elements of a head the same. */
function identityOf(vnode: VNode<Props>): string {
  if (vnode.key != null) return `key:${vnode.key}`;
  if (vnode.type === "title") return "title";
  const ignored = new Set(["children", "nonce"]);
  if (vnode.type === "meta") ignored.add("content");
  if (vnode.type === "link") ignored.add("href");
  const attributes = Object.entries(vnode.props)
    .filter(([name]) => !ignored.has(name))
    .toSorted(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([vnode.type, attributes]);
}

function hasAncestor(
  vnode: RenderedVNode,
  matches: (type: unknown) => boolean,
): boolean {
  for (let v = vnode.__; v; v = v.__) if (matches(v.type)) return true;
  return false;
}

function comment(text: string): ComponentChildren {
  const Comment = Fragment as ComponentType<{ UNSTABLE_comment: string }>;
  return h(Comment, { UNSTABLE_comment: text });
}

/** Rendering is synchronous, so there is at most one at a time. */
let current: Rendering | undefined;

/** Runs `render` with the hooks of this rendering. */
export function whileRendering<T>(rendering: Rendering, render: () => T): T {
  const outer = current;
  current = rendering;
  try {
    return render();
  } finally {
    current = outer;
    rendering.restore();
  }
}

const options: RendererOptions = preactOptions;
const { vnode: madeBefore, __b: renderedBefore } = options;

options.vnode = (vnode: VNode<Props>) => {
  if (vnode.type === "a" && current) current.mark(vnode);
  madeBefore?.(vnode);
};

options.__b = (vnode) => {
  if (current) current.visit(vnode);
  renderedBefore?.(vnode);
};
