import { LRUCache } from "lru-cache";
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
  perf?: { now(): number };
}

/**
 * Pieces of pages as they were rendered, for all who are shown the same. A piece is found by its component, the path of
 * the page, and every one of its props: what is frozen (to its leaves, as `TenantStore` gives it) by which object it is,
 * all else by what it says. So a piece can never show another tenant's data, another version's or another reader's
 * place, whoever asks for it.
 */
export class KeptPieces {
  readonly #pieces: LRUCache<string, string>;
  readonly #names = new WeakMap<object, string>();
  #count = 0;
  /** Whether pieces are kept; without it all of them are rendered, for measuring what that costs. */
  enabled = true;
  /** How many times a piece had to be rendered to be kept. */
  made = 0;

  constructor({ maxBytes = MAX_BYTES, perf }: KeptPiecesOptions = {}) {
    this.#pieces = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (html, key) =>
        ENTRY_BYTES + 2 * (html.length + key.length),
      ttl: IDLE_MS,
      updateAgeOnGet: true,
      // Without it a timer would stand between two looks at the clock.
      ttlResolution: 0,
      ...perf ? { perf } : {},
    });
  }

  /** About how many bytes are kept. */
  get bytes(): number {
    this.#pieces.purgeStale();
    return this.#pieces.calculatedSize;
  }

  /** Lets all of them go: what somebody is shown from here on is rendered from what is stored. */
  forget(): void {
    this.#pieces.clear();
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
      let html = this.#pieces.get(key);
      if (html === undefined) {
        html = renderToString(render(props));
        this.made++;
        this.#pieces.set(key, html);
      }
      return jsxTemplate([html]) as VNode;
    };
    Kept.displayName = `Kept(${component.displayName ?? component.name})`;
    return Kept;
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
