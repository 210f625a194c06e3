import { type Failure, failure } from "./_failure.ts";

/** Starts a timer and returns what stops it. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** What a request needs beside its address. */
export interface Transport {
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  headers: Headers;
  deadlineMs: number;
  startTimer: StartTimer;
  bodyCapBytes: number;
  signal?: AbortSignal | undefined;
}

/** A whole answer: its body is read, and is empty where the status says enough. */
export interface Answer {
  status: number;
  contentType: string;
  retryAfter: string | null;
  bytes: Uint8Array;
}

/** What is read of an error's body: enough for a result code. */
const ERROR_BODY_BYTES = 64 * 1024;

class BodyTooLarge extends Error {}

/** The machine's own timers. */
export const systemTimer: StartTimer = (ms, fire) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

/**
 * One request and its whole body, under one deadline. What goes wrong on the way is a value;
 * only an abort of the caller's own signal throws (its reason).
 */
export async function exchange(
  transport: Transport,
  url: URL,
): Promise<Answer | Failure> {
  const { signal } = transport;
  signal?.throwIfAborted();
  const request = new AbortController();
  let late = false;
  const stopTimer = transport.startTimer(transport.deadlineMs, () => {
    late = true;
    request.abort(new DOMException("deadline", "TimeoutError"));
  });
  const onAbort = () => request.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const result = await send(transport, url, request.signal);
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    if (late) {
      const seconds = transport.deadlineMs / 1000;
      return failure("transient", `did not answer within ${seconds} s`);
    }
    return failure("transient", networkPhrase(error));
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
}

async function send(
  transport: Transport,
  url: URL,
  signal: AbortSignal,
): Promise<Answer | Failure> {
  const { headers } = transport;
  // "manual" hands us the redirect itself. It is never followed: the key headers would travel with it.
  const init: RequestInit = { headers, redirect: "manual", signal };
  const response = await unlessAborted(transport.fetch(url, init), signal);
  if (response.type === "opaqueredirect" || isRedirect(response.status)) {
    await discard(response);
    return failure(
      "terminal",
      "redirected the request; redirects are refused",
      { httpStatus: response.status || null },
    );
  }
  const answer = {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    retryAfter: response.headers.get("retry-after"),
  };
  if (!response.ok) {
    return { ...answer, bytes: await readErrorBody(response, signal) };
  }
  try {
    const bytes = await readBody(response, transport.bodyCapBytes, signal);
    return { ...answer, bytes };
  } catch (error) {
    if (signal.aborted) throw error;
    const known = { httpStatus: response.status };
    if (!(error instanceof BodyTooLarge)) {
      return failure("transient", "broke off its answer", known);
    }
    const mib = transport.bodyCapBytes / 1024 / 1024;
    return failure(
      "damaged",
      `sent more than ${Number(mib.toFixed(3))} MiB in one answer`,
      known,
    );
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** The body of an error, or nothing: its status alone decides when the body cannot be had. */
async function readErrorBody(
  response: Response,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await readBody(response, ERROR_BODY_BYTES, signal);
  } catch {
    return new Uint8Array();
  }
}

async function readBody(
  response: Response,
  cap: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await unlessAborted(reader.read(), signal);
      if (done) return concat(chunks, size);
      size += value.byteLength;
      if (size > cap) throw new BodyTooLarge();
      chunks.push(value);
    }
  } catch (error) {
    // Not awaited: the cancellation of a stalled body may itself never end.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function discard(response: Response): Promise<void> {
  try {
    await response.body?.cancel();
  } catch {
    // A body that is broken already needs no cancelling.
  }
}

function concat(chunks: Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** The promise, or a rejection with the signal's reason, whichever is first; what comes later is dropped. */
function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
    });
  });
}

/** Says what is known of a network error, without its text: that holds the whole address. */
function networkPhrase(error: unknown): string {
  let text = "";
  for (let e = error; e instanceof Error; e = e.cause) text += `${e.message}\n`;
  if (/dns error/i.test(text)) return "could not be found (DNS)";
  if (/connection refused/i.test(text)) return "refused the connection";
  if (/certificate/i.test(text)) return "has no valid certificate";
  return "could not be reached";
}
