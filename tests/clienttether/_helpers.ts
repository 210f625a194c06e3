import type { Clock } from "../../lib/domain/mod.ts";
import {
  type ApiError,
  type ApiResponse,
  type ClientOptions,
  type ClientTetherClient,
  createClient,
  type Page,
  type RawRow,
  type RequestMetric,
  rowId,
} from "../../lib/clienttether/mod.ts";
import type { StreamName } from "../../lib/domain/mod.ts";

export const WEB_KEY = "web-key-0123456789";
export const ACCESS_TOKEN = "access-token-9876543210";
export const START = Date.parse("2026-07-01T12:00:00Z");

/** A clock that stands still but for its sleeps, which it records. */
export function createFakeClock(start = START) {
  let now = start;
  const sleeps: number[] = [];
  const clock: Clock & { sleeps: number[]; set(ms: number): void } = {
    sleeps,
    set: (ms) => {
      now = ms;
    },
    now: () => now,
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      sleeps.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

export interface SeenRequest {
  url: URL;
  headers: Headers;
  init: RequestInit;
}

type Answer = Response | Error | ((request: SeenRequest) => AnyResponse);
type AnyResponse = Response | Promise<Response>;

/** A fetch that gives the answers in turn, the last one again and again. */
export function createFakeFetch(...answers: Answer[]) {
  const requests: SeenRequest[] = [];
  const fetch = async (url: URL, init: RequestInit) => {
    const request = { url, headers: new Headers(init.headers), init };
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (answer === undefined) throw new Error("No answer is left");
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? copyOf(answer) : await answer(request);
  };
  return { fetch, requests };
}

/** Response.clone() alone loses headers that nobody has read yet (Deno 2.9.6). */
function copyOf(response: Response): Response {
  const { status, headers } = response;
  return new Response(response.clone().body, { status, headers });
}

/** A fetch that serves a list by limit and offset. */
export function createListFetch(
  rows: (request: { offset: number; call: number }) => {
    list: unknown[];
    total?: unknown;
  },
) {
  let call = 0;
  return createFakeFetch(({ url }) => {
    const offset = Number(url.searchParams.get("offset"));
    const limit = Number(url.searchParams.get("limit"));
    const { list, ...rest } = rows({ offset, call: ++call });
    return envelope(list.slice(offset, offset + limit), rest.total);
  });
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) {
    headers.set("content-type", "application/json");
  }
  return new Response(text, { ...init, headers });
}

export function envelope(data: unknown, total?: unknown): Response {
  return json(total === undefined ? { data } : { data, TotalRecord: total });
}

export function status(code: number, headers: HeadersInit = {}): Response {
  return new Response(code === 204 ? null : "", { status: code, headers });
}

/** Leads with the ids 1 … n. */
export function leads(n: number, from = 1): Record<string, unknown>[] {
  return Array.from({ length: n }, (_, i) => ({ client_id: `${from + i}` }));
}

export interface Harness {
  client: ClientTetherClient;
  clock: ReturnType<typeof createFakeClock>;
  metrics: RequestMetric[];
}

/** A client on a fake clock, without a limit of requests unless one is asked for. */
export function createHarness(
  fetch: ClientOptions["fetch"],
  options: Partial<ClientOptions> = {},
): Harness {
  const clock = createFakeClock();
  const metrics: RequestMetric[] = [];
  const client = createClient({
    webKey: WEB_KEY,
    accessToken: ACCESS_TOKEN,
    fetch,
    clock,
    timezone: "America/New_York",
    maxRps: 0,
    onRequest: (metric) => metrics.push(metric),
    ...options,
  });
  return { client, clock, metrics };
}

/** The error of an answer that must be one. */
export function errorOf(response: ApiResponse<unknown>): ApiError {
  if (response.ok) throw new Error("Expected an error, got data");
  return response.error;
}

/** The data of an answer that must have some. */
export function dataOf<T>(response: ApiResponse<T>): T {
  if (!response.ok) throw new Error(response.error.message);
  return response.data;
}

/** A row as a page would hold it. */
export function rawRow(
  stream: StreamName,
  value: Record<string, unknown>,
): RawRow {
  const raw = JSON.stringify(value);
  return { id: rowId(stream, value), raw, rawBytes: null, value, flags: [] };
}

/** All items of an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What the client makes of one answer, given as often as it asks. */
export async function firstOf(answer: Response) {
  const { fetch, requests } = createFakeFetch(answer);
  const { client } = createHarness(fetch);
  const { value } = await client.pages("leads").next();
  if (!value) throw new Error("Expected a page or an error");
  return { response: value, tries: requests.length };
}

/** The page that the client makes of one answer. */
export async function pageOf(answer: Response): Promise<Page> {
  return dataOf((await firstOf(answer)).response);
}

/** An answer of text and of bytes that are none. */
export function bytes(...parts: (string | number[])[]): Response {
  const encoder = new TextEncoder();
  const all = parts.flatMap((part) =>
    typeof part === "string" ? [...encoder.encode(part)] : part
  );
  return new Response(new Uint8Array(all), {
    headers: { "content-type": "application/json" },
  });
}
