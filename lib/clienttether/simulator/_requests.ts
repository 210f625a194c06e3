import type { SimulatedStream } from "./types.ts";

/** The log forgets older requests than this many. */
const REMEMBERED = 1000;
const SECRET_HEADERS = new Set([
  "x-access-token",
  "x-web-key",
  "authorization",
  "cookie",
]);

/** One request that the simulator was asked. */
export interface LoggedRequest {
  /** The brand's name; null when the web key names none. */
  brand: string | null;
  /** Null for an address that the API does not have. */
  stream: SimulatedStream | null;
  endpoint: string;
  path: string;
  query: Record<string, string>;
  /** Without the ones that hold secrets. */
  headers: Record<string, string>;
}

/** Which requests to count; what is not given matches all. */
export interface RequestFilter {
  /** The brand's name. */
  brand?: string;
  stream?: SimulatedStream;
  endpoint?: string;
}

/** Counts what the simulator was asked, and remembers the last 1,000 requests. */
export class RequestLog {
  readonly #counts = new Map<
    string,
    { filter: LoggedRequest; count: number }
  >();
  readonly #log: LoggedRequest[] = [];

  /** Every request since the last reset. */
  get total(): number {
    return this.count();
  }

  /** The last 1,000 requests, oldest first. */
  get log(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** How many requests match. */
  count(filter: RequestFilter = {}): number {
    let sum = 0;
    for (const { filter: asked, count } of this.#counts.values()) {
      const matches = (filter.brand ?? asked.brand) === asked.brand &&
        (filter.stream ?? asked.stream) === asked.stream &&
        (filter.endpoint ?? asked.endpoint) === asked.endpoint;
      if (matches) sum += count;
    }
    return sum;
  }

  /** Forgets counts and log. */
  reset(): void {
    this.#counts.clear();
    this.#log.length = 0;
  }

  /** Notes a request. */
  add(
    request: Request,
    url: URL,
    what: Pick<LoggedRequest, "brand" | "stream" | "endpoint">,
  ): void {
    const entry: LoggedRequest = {
      ...what,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(
        [...request.headers].filter(([name]) => !SECRET_HEADERS.has(name)),
      ),
    };
    const key = JSON.stringify([what.brand, what.stream, what.endpoint]);
    const counted = this.#counts.get(key);
    if (counted === undefined) {
      this.#counts.set(key, { filter: entry, count: 1 });
    } else counted.count++;
    this.#log.push(entry);
    if (this.#log.length > REMEMBERED) this.#log.shift();
  }
}
