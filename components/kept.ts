import {
  createContext,
  type FunctionComponent,
  h,
  isValidElement,
  type VNode,
} from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";

/** What the pieces of all pages may take together, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** A piece that nobody has seen for so long is let go, as lists are. */
const IDLE_MS = 60 * 60 * 1000;
/** Props that cannot be told apart in so many characters are not worth it. */
const MAX_KEY_LENGTH = 16 * 1024;
const MAX_DEPTH = 8;
/** Characters of a text take up to two bytes, and an entry something beside them. */
const ENTRY_BYTES = 200;

/** Path of the page that is rendered: links are marked by where they stand. Where none is provided, nothing is kept. */
export const PagePath = createContext<string | null>(null);

export interface KeptPiecesOptions {
  maxBytes?: number;
  /** Milliseconds on a clock that never goes back; `performance` unless told. */
  clock?: { now(): number };
}

interface Piece {
  html: string;
  bytes: number;
  /** By the clock. */
  seenAt: number;
}

/**
 * Pieces of pages as they were rendered, for all who are shown the same. A piece is found by its component, the path of
 * the page, and every one of its props: what is frozen (to its leaves, as `TenantStore` gives it) by which object it is,
 * all else by what it says. So a piece can never show another tenant's data, another version's or another reader's
 * place, whoever asks for it.
 */
export class KeptPieces {
  /** The one seen least lately first. */
  readonly #pieces = new Map<string, Piece>();
  readonly #maxBytes: number;
  readonly #clock: { now(): number };
  #bytes = 0;
  readonly #names = new WeakMap<object, string>();
  #count = 0;
  /** Whether pieces are kept; without it all of them are rendered, for measuring what that costs. */
  enabled = true;
  /** How many times a piece had to be rendered to be kept. */
  made = 0;

  constructor(
    { maxBytes = MAX_BYTES, clock = performance }: KeptPiecesOptions = {},
  ) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** About how many bytes are kept. */
  get bytes(): number {
    this.#dropOld();
    return this.#bytes;
  }

  /** Lets all of them go: what somebody is shown from here on is rendered from what is stored. */
  forget(): void {
    this.#pieces.clear();
    this.#bytes = 0;
  }

  /**
   * The component, rendered once for the same props. It must be made of its props alone: no island, no `Head`, no
   * clock, no hook. Where props cannot be told apart it is rendered each time.
   */
  kept<Props extends object>(
    component: FunctionComponent<Props>,
  ): FunctionComponent<Props> {
    const number = ++this.#count;
    const render = (props: Props) => h(component, props as Props & object);
    const Kept = (props: Props) => {
      const path = useContext(PagePath);
      const told = path === null || !this.enabled ? null : this.#tell(props);
      if (told === null) return render(props);
      const key = `${number} ${path} ${told}`;
      const html = this.#see(key) ??
        this.#add(key, renderToString(render(props)));
      return jsxTemplate([html]) as VNode;
    };
    Kept.displayName = `Kept(${component.displayName ?? component.name})`;
    return Kept;
  }

  #see(key: string): string | undefined {
    this.#dropOld();
    const piece = this.#pieces.get(key);
    if (!piece) return undefined;
    piece.seenAt = this.#clock.now();
    this.#pieces.delete(key);
    this.#pieces.set(key, piece);
    return piece.html;
  }

  #add(key: string, html: string): string {
    this.made++;
    const bytes = ENTRY_BYTES + 2 * (html.length + key.length);
    if (bytes > this.#maxBytes) return html;
    this.#pieces.set(key, { html, bytes, seenAt: this.#clock.now() });
    this.#bytes += bytes;
    this.#dropOld();
    return html;
  }

  /** What nobody has seen for long, and what is too much. */
  #dropOld(): void {
    const since = this.#clock.now() - IDLE_MS;
    for (const [key, { bytes, seenAt }] of this.#pieces) {
      if (seenAt >= since && this.#bytes <= this.#maxBytes) return;
      this.#pieces.delete(key);
      this.#bytes -= bytes;
    }
  }

  /** Everything that a value says, or which one it is; null where that cannot be told, or not in a few words. */
  #tell(value: unknown, depth = 0): string | null {
    switch (typeof value) {
      case "string":
        return JSON.stringify(value);
      case "function":
      case "symbol":
        return null;
      case "object":
        return value === null ? "null" : this.#tellObject(value, depth);
      default:
        return String(value);
    }
  }

  #tellObject(value: object, depth: number): string | null {
    if (depth > MAX_DEPTH) return null;
    // Freezing does not hold what is in these.
    if (value instanceof Set) return this.#tellAll("set", value, depth);
    if (value instanceof Map) return this.#tellAll("map", value, depth);
    const isList = Array.isArray(value);
    if (!isList && !isPlain(value)) return null;
    if (depth > 0 && Object.isFrozen(value)) return this.#nameOf(value);
    return isList
      ? this.#tellAll("", value, depth)
      : this.#tellAll("of", Object.entries(value), depth);
  }

  #tellAll(
    what: string,
    values: Iterable<unknown>,
    depth: number,
  ): string | null {
    let told = `${what}[`;
    for (const value of values) {
      const one = this.#tell(value, depth + 1);
      if (one === null || told.length > MAX_KEY_LENGTH) return null;
      told += `${one},`;
    }
    return `${told}]`;
  }

  #nameOf(value: object): string {
    let name = this.#names.get(value);
    if (!name) this.#names.set(value, name = `#${++this.#count}`);
    return name;
  }
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype &&
    !isValidElement(value);
}

/** Those of this process. */
export const PIECES = new KeptPieces();

/** {@linkcode KeptPieces.kept} of {@linkcode PIECES}. */
export function kept<Props extends object>(
  component: FunctionComponent<Props>,
): FunctionComponent<Props> {
  return PIECES.kept(component);
}
