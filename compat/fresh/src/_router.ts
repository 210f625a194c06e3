import type { Method } from "./types.ts";
import { HttpError } from "./error.ts";

export const ALL_METHODS: readonly Method[] = [
  "GET",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
];

/** What is registered for a path, or for a pattern: made when an address is first held against it. */
class Entry<T> {
  readonly byMethod = new Map<string, T>();
  #pattern: URLPattern | undefined;

  constructor(readonly path: string, readonly isPattern: boolean) {}

  get pattern(): URLPattern {
    return this.#pattern ??= new URLPattern({ pathname: this.path });
  }

  /** The pattern as it is matched, which is what ctx.route shows. */
  get route(): string {
    return this.isPattern ? this.pattern.pathname : this.path;
  }
}

export interface Match<T> {
  route: string;
  params: Record<string, string>;
  /** What is registered for the verb, if anything is. */
  item: T | undefined;
  /** The verbs with something registered. */
  methods: string[];
}

/** Finds what is registered for an address; plain paths before patterns. */
export class Router<T> {
  readonly #statics = new Map<string, Entry<T>>();
  readonly #dynamics = new Map<string, Entry<T>>();

  /** Registers an item; the first for a pattern and verb stays. */
  add(methods: readonly Method[], path: string, item: T): void {
    const isPattern = /[*:{}+?()]/.test(path);
    const table = isPattern ? this.#dynamics : this.#statics;
    let entry = table.get(path);
    if (!entry) table.set(path, entry = new Entry(path, isPattern));
    for (const method of methods) {
      if (!entry.byMethod.has(method)) entry.byMethod.set(method, item);
    }
  }

  /**
   * @throws {HttpError} 400 where the address has a malformed escape.
   */
  match(method: string, { pathname }: URL): Match<T> | undefined {
    const entry = this.#findStatic(pathname);
    if (entry) return matchOf(entry, method, {});
    for (const entry of this.#dynamics.values()) {
      const groups = entry.pattern.exec({ pathname })?.pathname.groups;
      if (groups) return matchOf(entry, method, groups);
    }
    return undefined;
  }

  /** A plain path answers with and without a slash at its end. */
  #findStatic(pathname: string): Entry<T> | undefined {
    const other = pathname.endsWith("/")
      ? pathname.slice(0, -1)
      : `${pathname}/`;
    return this.#statics.get(pathname) ?? this.#statics.get(other);
  }
}

function matchOf<T>(
  entry: Entry<T>,
  method: string,
  groups: Record<string, string | undefined>,
): Match<T> {
  const { route, byMethod } = entry;
  const item = byMethod.get(method) ??
    (method === "HEAD" ? byMethod.get("GET") : undefined);
  const params: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(groups)) {
    params[name] = decode(value ?? "");
  }
  return { route, params, item, methods: [...byMethod.keys()] };
}

/** Decodes escapes, but not that of the slash, which would add a segment. */
function decode(value: string): string {
  try {
    return value.split(/%2f/i).map(decodeURIComponent).join("%2F");
  } catch (cause) {
    throw new HttpError(400, "Malformed escape in the address", { cause });
  }
}
