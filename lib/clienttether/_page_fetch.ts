import type { Clock } from "../domain/mod.ts";
import { readAnswer } from "./_answer.ts";
import { type Failure, failure, toApiError } from "./_failure.ts";
import { exchange } from "./_transport.ts";
import {
  DEFAULT_BASE_URL,
  type Endpoint,
  ENDPOINTS,
  isPathSegment,
  pageUrl,
} from "./endpoints.ts";
import { checkBaseUrl, type ClientOptions, transportOf } from "./options.ts";
import { retryDelay } from "./retry.ts";
import type { ApiResponse, EndpointName, ListParams, Page } from "./types.ts";
import { rowId } from "./wire.ts";

/** Fetches one page of a list. */
export type PageFetch = (
  endpoint: EndpointName,
  params: ListParams,
  page: { offset: number; limit: number },
) => Promise<ApiResponse<Page>>;

/** The one function that every request goes through: one at a time, paced, tried again where it can pass. */
export function createPageFetch(options: ClientOptions): PageFetch {
  const { clock, signal } = options;
  const baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const transport = transportOf(options);
  const inTurn = createQueue();
  const pace = createPace(clock, options.maxRps ?? 4, signal);

  async function attempt(
    stream: EndpointName,
    url: URL,
  ) {
    await pace();
    const startedAt = clock.now();
    const answer = await exchange(transport, url);
    const failed = "kind" in answer;
    options.onRequest?.({
      stream,
      status: failed ? answer.httpStatus : answer.status,
      ms: Math.max(0, clock.now() - startedAt),
      bytes: failed ? 0 : answer.bytes.byteLength,
    });
    return failed ? answer : readAnswer(answer, clock.now());
  }

  return (name, params, page) =>
    inTurn(async () => {
      const endpoint: Endpoint = ENDPOINTS[name];
      const missing = missingContact(endpoint, params);
      if (missing) return { ok: false, error: toApiError(missing) };
      const url = pageUrl(baseUrl, endpoint, params, page);
      const tries: Failure[] = [];
      for (;;) {
        const result = await attempt(name, url);
        if (!("kind" in result)) {
          const rows = result.rows.map((row) => ({
            ...row,
            id: rowId(endpoint.stream, row.value),
          }));
          return { ok: true, data: { ...result, rows, offset: page.offset } };
        }
        tries.push(result);
        const delay = tries.length < (options.maxTries ?? Infinity)
          ? retryDelay(tries.length, result)
          : null;
        if (delay === null) {
          return { ok: false, error: toApiError(result, tries) };
        }
        await clock.sleep(delay, signal);
      }
    });
}

function missingContact(
  endpoint: Endpoint,
  params: ListParams,
): Failure | null {
  if (!endpoint.path.includes("{contactId}")) return null;
  return isPathSegment(params.contactId ?? "") ? null : failure(
    "terminal",
    "cannot be asked for this contact: its id does not fit into an address",
  );
}

/** Runs what it is given one after another, in the order given. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

/** Waits until the next request may start. A clock that was set back never makes it wait longer than one interval. */
function createPace(
  clock: Clock,
  maxRps: number,
  signal: AbortSignal | undefined,
) {
  const interval = maxRps > 0 ? 1000 / maxRps : 0;
  let last = -Infinity;
  return async () => {
    const wait = Math.min(last + interval - clock.now(), interval);
    if (wait > 0) await clock.sleep(Math.ceil(wait), signal);
    last = clock.now();
  };
}
