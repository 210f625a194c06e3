/** A page as a reader sees it: its cards, sections and tables by their headings, captions and labels. */

interface Element {
  tag: string;
  attributes: string;
  children: (Element | string)[];
}

/** A table: its headings and its rows, cell by cell; a column without a heading, which holds a bar, is left out. */
export interface ShownTable {
  heads: string[];
  rows: string[][];
  /** Where the bar of each row begins and how long it is, in per cent of the room; null where there is none. */
  bars: ([start: number, length: number] | null)[];
}

/** What a chart that a script draws is told. */
export interface ShownChart {
  label: string;
  items: { name: string; count: number }[];
}

const VOID = /^(?:area|base|br|col|hr|img|input|link|meta|source|wbr)$/;
const ENTITIES: Record<string, string> = {
  "&quot;": '"',
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
};

export class ShownPage {
  readonly #main: Element;

  constructor(html: string) {
    const start = html.indexOf("<main");
    this.#main = parse(html.slice(start, html.indexOf("</main>") + 7));
  }

  /** The paragraphs under a heading, of a card or a section, and the heading's own text first; null without one. */
  card(label: string | RegExp): string[] | null {
    const section = this.#section(label);
    if (!section) return null;
    return [...find(section, "p")].map(textOf);
  }

  /** What a heading that begins so says in full. */
  heading(label: string | RegExp): string | null {
    const section = this.#section(label);
    const head = section && [...find(section, "h2")][0];
    return head ? textOf(head) : null;
  }

  /** Items of the lists under a heading. */
  items(label: string | RegExp): string[] | null {
    const section = this.#section(label);
    return section && [...find(section, "li")].map(textOf);
  }

  /** Terms and what is said of each, under a heading. */
  facts(label: string): Record<string, string> {
    const section = this.#section(label);
    const texts = (tag: string) =>
      section ? [...find(section, tag)].map(textOf) : [];
    const said = texts("dd");
    return Object.fromEntries(texts("dt").map((name, at) => [name, said[at]!]));
  }

  /** The table with this caption, under this heading if one is given; null without one. */
  table(caption: string, label?: string): ShownTable | null {
    const within = label === undefined ? this.#main : this.#section(label);
    for (const table of within ? find(within, "table") : []) {
      const [named] = find(table, "caption");
      if (!named || textOf(named) !== caption) continue;
      const rows = [...find(table, "tr")].map(({ children }) =>
        children.flatMap((cell) => typeof cell === "string" ? [] : textOf(cell))
      );
      const [heads = [], ...others] = rows;
      const shown = (row: string[]) => row.filter((_, at) => heads[at] !== "");
      const [, ...drawn] = [...find(table, "tr")].map(barOf);
      return { heads: shown(heads), rows: others.map(shown), bars: drawn };
    }
    return null;
  }

  /** The heights of the line in a card, in parts of the room for it; null without one. */
  line(label: string): number[] | null {
    const section = this.#section(label);
    const [line] = section ? find(section, "polyline") : [];
    const points = line && attribute(line, "points");
    return points?.split(" ").map((point) =>
      1 - Number(point.split(",")[1]) / LINE_HEIGHT
    ) ?? null;
  }

  /** How high the bars of a list under a heading stand, in pixels. */
  columns(label: string): number[] {
    const section = this.#section(label);
    return section
      ? [...find(section, "li")].flatMap((item) =>
        [...find(item, "svg")].map((svg) => Number(attribute(svg, "height")))
      )
      : [];
  }

  /** The chart under a heading that a script draws. */
  chart(label: string): ShownChart | null {
    const section = this.#section(label);
    for (const element of section ? find(section, "div") : []) {
      const told = attribute(element, "data-chart");
      if (told !== null) return JSON.parse(told);
    }
    return null;
  }

  /** All that is to be read. */
  get text(): string {
    return textOf(this.#main);
  }

  #section(label: string | RegExp): Element | null {
    const fits = (text: string) =>
      typeof label === "string" ? text === label : label.test(text);
    for (const section of find(this.#main, "section")) {
      const [head] = find(section, "h2");
      if (head && fits(textOf(head))) return section;
    }
    return null;
  }
}

/** The room of a line, as it is drawn. */
const LINE_HEIGHT = 24;

function barOf(row: Element): [start: number, length: number] | null {
  const [rect] = find(row, "rect");
  if (!rect) return null;
  return [
    parseFloat(attribute(rect, "x") ?? "0"),
    parseFloat(attribute(rect, "width") ?? "0"),
  ];
}

function attribute({ attributes }: Element, name: string): string | null {
  const [, value] = attributes.match(new RegExp(`\\s${name}="([^"]*)"`)) ?? [];
  return value === undefined ? null : decode(value);
}

function decode(text: string): string {
  return text.replaceAll(/&[a-z#0-9]+;/g, (name) => ENTITIES[name] ?? name);
}

function parse(html: string): Element {
  const root: Element = { tag: "", attributes: "", children: [] };
  const open = [root];
  const markup = html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "");
  for (
    const [, text, close, tag, attributes = ""] of markup.matchAll(
      /([^<]+)|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>/g,
    )
  ) {
    const parent = open.at(-1)!;
    if (text !== undefined) parent.children.push(text);
    else if (close) {
      if (open.pop()!.tag !== tag) {
        throw new TypeError(`</${tag}> closes nothing`);
      }
    } else {
      const element = { tag: tag!, attributes, children: [] };
      parent.children.push(element);
      const isWhole = VOID.test(tag!) || attributes!.endsWith("/");
      if (!isWhole) open.push(element);
    }
  }
  return root;
}

function* find(element: Element, tag: string): Generator<Element> {
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (child.tag === tag) yield child;
    yield* find(child, tag);
  }
}

function textOf(element: Element): string {
  return write(element).replaceAll(/\s*·\s*/g, " · ")
    .replaceAll(/\s+(?=[\s.,:;])/g, "").replaceAll(/\s+/g, " ").trim();
}

function write(node: Element | string): string {
  if (typeof node === "string") return decode(node);
  if (node.tag === "svg" || node.attributes.includes('aria-hidden="true"')) {
    return "";
  }
  const inside = node.children.map(write).join("");
  // What a search found stands within a word.
  return node.tag === "mark" ? inside : ` ${inside} `;
}
