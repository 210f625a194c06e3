import { type Clock, UsageError } from "../domain/mod.ts";
import { type StartTimer, systemTimer, type Transport } from "./_transport.ts";
import type { RequestMetric } from "./types.ts";

/** What a client needs to know. Clock, fetch and timers are arguments, so that a test decides them. */
export interface ClientOptions {
  /** Names the brand's account. Secret. */
  webKey: string;
  /** One per enterprise. Secret; null or blank sends none. */
  accessToken: string | null;
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  clock: Clock;
  /** The tenant's IANA zone, for the default window of activities. */
  timezone: string;
  /** Origin; https, or http on this machine. */
  baseUrl?: string | undefined;
  /** Starts of requests per second; 0 is no limit. */
  maxRps?: number | undefined;
  /** For one request, its body included. */
  deadlineMs?: number | undefined;
  /** Decompressed bytes of one answer. */
  bodyCapBytes?: number | undefined;
  /** Records asked for per page. */
  pageSize?: number | undefined;
  /** How often a page is asked for at most; as `retryDelay` has it unless given. */
  maxTries?: number | undefined;
  /** Ends everything under way; calls then throw its reason. */
  signal?: AbortSignal | undefined;
  /** Times the deadline of a request. */
  startTimer?: StartTimer | undefined;
  onRequest?: ((metric: RequestMetric) => void) | undefined;
}

/**
 * How the client's requests are sent.
 *
 * @throws UsageError when a key cannot stand in a header; the message does not hold it
 */
export function transportOf(options: ClientOptions): Transport {
  return {
    fetch: options.fetch,
    headers: keyHeaders(options),
    deadlineMs: options.deadlineMs ?? 30_000,
    bodyCapBytes: options.bodyCapBytes ?? 32 * 1024 * 1024,
    startTimer: options.startTimer ?? systemTimer,
    signal: options.signal,
  };
}

/**
 * The headers of every request.
 *
 * @throws UsageError when a key cannot stand in one; the message does not hold it
 */
function keyHeaders({ webKey, accessToken }: ClientOptions): Headers {
  const headers = new Headers({ "Accept": "application/json" });
  setKey(headers, "X-Web-Key", "web key", webKey);
  if (accessToken?.trim()) {
    setKey(headers, "X-Access-Token", "access token", accessToken);
  }
  return headers;
}

function setKey(headers: Headers, name: string, what: string, key: string) {
  // Headers.set would throw too, but with the key in its message.
  if (!/^[\x21-\x7e]+$/.test(key.trim())) {
    throw new UsageError(
      `Cannot create a ClientTether client: the ${what} is blank or holds characters that no key has`,
    );
  }
  headers.set(name, key.trim());
}

/**
 * The origin that requests go to.
 *
 * @throws UsageError when the keys would travel in the clear
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url !== null &&
    ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || (local && url?.protocol === "http:")) {
    return url.origin;
  }
  throw new UsageError(
    `Cannot create a ClientTether client: its address must be https, or http on this machine: current value is '${text}'`,
  );
}
