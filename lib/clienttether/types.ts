import type { StreamName } from "../domain/mod.ts";

/**
 * Why ClientTether gave no usable answer.
 * `refused`: the key; `rate_limited`: asked to wait; `transient`: may pass by itself; `terminal`: will not;
 * `not_found`: the endpoint or the thing is not there; `damaged`: an answer that cannot be read.
 */
export type ApiErrorKind =
  | "refused"
  | "rate_limited"
  | "transient"
  | "terminal"
  | "not_found"
  | "damaged";

/** An upstream failure as a value. `message` is a sentence for people and never holds a key. */
export interface ApiError {
  kind: ApiErrorKind;
  message: string;
  /** Status of the last answer; null when there was none. */
  httpStatus: number | null;
  /** Result code such as "CT501"; null when the answer had none. */
  code: string | null;
  /** How long ClientTether asked to wait, in milliseconds; null when it did not say. */
  retryAfterMs: number | null;
}

/** What every call answers: upstream failures are values, never exceptions. */
export type ApiResponse<T> = { ok: true; data: T } | {
  ok: false;
  error: ApiError;
};

/** One record as ClientTether sent it. */
export interface RawRow {
  /** By the stream's id aliases, as text; null when there is none. */
  id: string | null;
  /** The record's JSON text, exactly as it came (invalid UTF-8 replaced, see `rawBytes`). */
  raw: string;
  /** The record's bytes as they came, kept only where they are not valid UTF-8. */
  rawBytes: Uint8Array | null;
  /** The parsed record; integers beyond 2^53 are text. Empty when the record is not a readable object. */
  value: Record<string, unknown>;
  /** What was odd about the record as a whole, see `ROW_FLAGS`. */
  flags: RowFlag[];
  /** Of a note from the history of a contact: whose note it is. `value` then names this contact too. */
  contactId?: string;
}

/** What can be odd about a record as a whole, with the sentence that is remarked. */
export const ROW_FLAGS = {
  invalid_utf8: "text: invalid UTF-8 was replaced",
  not_an_object: "record is not an object",
  too_deep: "record is nested too deeply",
} as const;
export type RowFlag = keyof typeof ROW_FLAGS;

/** What an answer's envelope looked like; shown by the connection check, holds no data. */
export interface EnvelopeInfo {
  httpStatus: number;
  /** Result code such as "CT200"; null when there was none. */
  code: string | null;
  /** Names of the top-level fields; empty for a bare array. */
  keys: string[];
}

/** One page of a list. */
export interface Page {
  rows: RawRow[];
  /** Position of the first row in the list, in records. */
  offset: number;
  /** TotalRecord; null when ClientTether did not say. */
  total: number | null;
  warnings: string[];
  envelope: EnvelopeInfo;
}

/** What can be read: the five streams, and one contact's history notes. */
export type EndpointName = StreamName | "contactNotes";

/** Filters of a list; each endpoint takes those that its row of `ENDPOINTS` names. */
export interface ListParams {
  contactId?: string | undefined;
  /** ISO 8601 in UTC. */
  since?: string | undefined;
  /** YYYY-MM-DD in the tenant's zone, included. */
  startDate?: string | undefined;
  /** YYYY-MM-DD in the tenant's zone, included. */
  endDate?: string | undefined;
}

/** One HTTP exchange, for metrics. */
export interface RequestMetric {
  stream: EndpointName;
  /** Null when there was no answer. */
  status: number | null;
  ms: number;
  /** Decompressed bytes of the body that were read. */
  bytes: number;
}

/** What lists are read from. */
export interface PageSource {
  /** The pages of a list in order. Ends after the last page or after the first failure. */
  pages(
    endpoint: EndpointName,
    params?: ListParams,
  ): AsyncGenerator<ApiResponse<Page>, void, void>;
}
