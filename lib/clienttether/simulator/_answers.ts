import type { Clock } from "../../domain/clock.ts";
import { BROKEN_CHARACTER } from "./_row_faults.ts";
import type { Page } from "./_list_faults.ts";
import type { Fault } from "./faults.ts";
import type { TotalRecordStyle } from "./types.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const MIB = 1024 * 1024;

/** How the simulator writes result codes. */
export interface CodeStyle {
  /** The body's field that holds the code. */
  field: string;
  /** Whether "CT515" is written "CT_515". */
  underscore: boolean;
  /** Whether lists carry CT200. */
  onSuccess: boolean;
}

/** A body of a result code and its message. */
export function codeBody(
  code: string,
  message: string,
  style: CodeStyle,
): string {
  const written = style.underscore ? code.replace(/^CT(?=\d)/, "CT_") : code;
  return JSON.stringify({ [style.field]: written, message });
}

/** A page in the API's envelope. */
export function listBody(
  page: Page,
  style: TotalRecordStyle,
  codes: CodeStyle,
): string {
  if (page.total === 0 && page.emptyStyle === "CT515") {
    return codeBody("CT515", "No record found", codes);
  }
  const empty = { array: "[]", null: "null", text: '""', CT515: "[]" };
  const data = page.texts.length === 0
    ? empty[page.emptyStyle]
    : `[${page.texts.join(",")}]`;
  return envelope(data, totalText(page.total, style), codes);
}

function totalText(total: number, style: TotalRecordStyle): string | null {
  if (style === "absent") return null;
  return style === "string" ? `"${total}"` : String(total);
}

/** An envelope around data that is JSON text already. */
export function envelope(
  data: string,
  total: string | null,
  codes: CodeStyle,
): string {
  const head = codes.onSuccess
    ? `${codeBody("CT200", "Success", codes).slice(0, -1)},`
    : "{";
  return `${head}"data":${data}${
    total === null ? "" : `,"TotalRecord":${total}`
  }}`;
}

/** A JSON answer. */
export function json(body: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { "content-type": JSON_TYPE },
  });
}

/** The answer of a fault that replaces the whole answer; null when there is none. */
export function spoiltAnswer(
  faults: readonly Fault[],
  clock: Clock,
  codes: CodeStyle,
  refuse: (style: "http401" | "http403" | "CT501") => Response,
): Response | null {
  for (const fault of faults) {
    switch (fault.kind) {
      case "connection":
        throw new TypeError(
          "error sending request: tcp connect error: Connection refused",
        );
      case "http_status":
        return text(fault.body ?? "Service trouble", fault.status ?? 503);
      case "rate_limited":
        return tooMany(String(fault.seconds ?? 2));
      case "rate_limited_odd":
        return tooMany(oddRetryAfter(fault, clock));
      case "html":
        return new Response(
          "<!doctype html><title>Maintenance</title><h1>Be right back</h1>",
          { headers: { "content-type": "text/html; charset=utf-8" } },
        );
      case "result_code":
        return json(codeBody(
          fault.code ?? "CT500",
          fault.message ?? "Unknown error",
          { ...codes, field: fault.field ?? codes.field },
        ));
      case "redirect":
        return new Response(null, {
          status: fault.status ?? 302,
          headers: { location: fault.to ?? "http://127.0.0.1:9/elsewhere" },
        });
      case "token_expired":
        return json(codeBody("CT501", "Access token expired", codes), 401);
      case "key_revoked":
        return refuse(fault.style ?? "CT501");
      case "giant_body":
        return giant(fault.bytes ?? 64 * MIB, fault.gzip ?? false);
    }
  }
  return null;
}

function text(body: string, status: number): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

function tooMany(retryAfter: string | null): Response {
  const response = text("Too many requests", 429);
  if (retryAfter !== null) response.headers.set("retry-after", retryAfter);
  return response;
}

function oddRetryAfter(
  fault: { form?: "date" | "past" | "garbage" | "none"; seconds?: number },
  clock: Clock,
): string | null {
  const ms = (fault.seconds ?? 2) * 1000;
  switch (fault.form ?? "date") {
    case "date":
      return new Date(clock.now() + ms).toUTCString();
    case "past":
      return new Date(clock.now() - 3_600_000).toUTCString();
    case "garbage":
      return "soon-ish";
    case "none":
      return null;
  }
}

/** A valid envelope with `bytes` of blanks in one text, made up while it is sent. */
function giant(bytes: number, gzip: boolean): Response {
  const encoder = new TextEncoder();
  const block = encoder.encode(" ".repeat(64 * 1024));
  let left = bytes;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (c) => c.enqueue(encoder.encode('{"data":[{"padding":"')),
    pull(c) {
      if (left > 0) {
        c.enqueue(block.subarray(0, Math.min(left, block.length)));
        left -= block.length;
        return;
      }
      c.enqueue(encoder.encode('"}],"TotalRecord":1}'));
      c.close();
    },
  });
  const headers = new Headers({ "content-type": JSON_TYPE });
  if (!gzip) return new Response(body, { headers });
  headers.set("content-encoding", "gzip");
  return new Response(body.pipeThrough(new CompressionStream("gzip")), {
    headers,
  });
}

/** Writes a body's bytes, spoilt where faults say so. */
export function bodyAnswer(
  body: string,
  faults: readonly Fault[],
  request: Request,
): Response {
  let bytes = encode(body);
  const headers = new Headers({ "content-type": JSON_TYPE });
  for (const fault of faults) {
    switch (fault.kind) {
      case "content_type":
        headers.set("content-type", fault.value ?? "text/html; charset=utf-8");
        break;
      case "truncated_json":
        bytes = head(bytes, fault.after);
        break;
      case "stall":
        return new Response(stalled(head(bytes, fault.after), request.signal), {
          headers,
        });
      case "reset":
        return new Response(broken(head(bytes, fault.after)), { headers });
    }
  }
  return new Response(bytes, { headers });
}

/** UTF-8, with the bytes C3 28 FF, which are none, for each broken character. */
function encode(body: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(body);
  if (!body.includes(BROKEN_CHARACTER)) return bytes;
  const [a, b, c] = new TextEncoder().encode(BROKEN_CHARACTER);
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] === a && bytes[i + 1] === b && bytes[i + 2] === c) {
      bytes.set([0xc3, 0x28, 0xff], i);
    }
  }
  return bytes;
}

/** The first `share` (default half) of some bytes. */
function head(
  bytes: Uint8Array<ArrayBuffer>,
  share = 0.5,
): Uint8Array<ArrayBuffer> {
  return bytes.slice(0, Math.floor(bytes.length * share));
}

/** Sends some bytes, then nothing until the reader leaves or the signal ends it. */
function stalled(
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      const end = () => controller.error(signal.reason);
      if (signal.aborted) return end();
      signal.addEventListener("abort", end, { once: true });
    },
  });
}

/** Sends some bytes, then breaks off. */
export function broken(
  bytes: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent || bytes.length === 0) {
        controller.error(new TypeError("connection reset by peer"));
        return;
      }
      controller.enqueue(bytes);
      sent = true;
    },
  });
}
