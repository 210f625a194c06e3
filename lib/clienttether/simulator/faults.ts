import type { SimulatedStream } from "./types.ts";

/** What is written down about a kind of fault. */
export interface FaultDoc {
  /** Rows of the fault matrix (reliability, section 4) that it plays. */
  rows: readonly number[];
  doc: string;
}

/** Every fault that can be switched on, by kind. */
export const FAULTS = {
  http_status: {
    rows: [1],
    doc: "Answers with a bare HTTP status, 503 unless given.",
  },
  rate_limited: {
    rows: [2],
    doc: "429 with Retry-After in seconds.",
  },
  rate_limited_odd: {
    rows: [3],
    doc: "429 with Retry-After as a date, a past date, garbage, or without it.",
  },
  connection: {
    rows: [4],
    doc:
      "No answer: the handler rejects like a fetch whose connection is refused; over HTTP the connection breaks before any byte of the body.",
  },
  stall: {
    rows: [5],
    doc: "Sends a share of the body, then nothing until the reader gives up.",
  },
  reset: {
    rows: [6],
    doc: "Sends a share of the body, then breaks the connection.",
  },
  truncated_json: {
    rows: [7],
    doc: "Ends the body in the middle of the JSON text, as if complete.",
  },
  html: { rows: [8], doc: "An HTML page with status 200." },
  content_type: {
    rows: [9],
    doc: "Good JSON under a wrong content type, text/html unless given.",
  },
  result_code: {
    rows: [10],
    doc: "An error code in the body under HTTP 200, CT500 unless given.",
  },
  redirect: { rows: [11], doc: "A redirect to another address, with 302." },
  token_expired: {
    rows: [12],
    doc: "HTTP 401: the access token has expired.",
  },
  key_revoked: {
    rows: [13],
    doc:
      "The key is refused from a call on (all later calls too) on every stream asked for.",
  },
  shrinking_total: {
    rows: [14],
    doc:
      "From the second page on, the first records of the list are gone: rows shift and TotalRecord is lower.",
  },
  short_page: {
    rows: [14],
    doc: "Pages hold fewer records than asked for though more follow.",
  },
  duplicate: {
    rows: [15],
    doc:
      "The last records of the first page come again, changed since, at the top of the second: rows shift, TotalRecord counts each once.",
  },
  moved: {
    rows: [16],
    doc:
      "From the second page on, records have moved to the part already read: they are skipped.",
  },
  same_page: { rows: [17], doc: "Every page is the first page." },
  none: {
    rows: [18],
    doc: "The list is empty, in one of the four ways of saying so.",
  },
  fewer: {
    rows: [19],
    doc: "Only a share of the list is there, TotalRecord included.",
  },
  type_drift: {
    rows: [20],
    doc: "Text fields hold a number, an object, a list, a boolean or null.",
  },
  unknown_enum: {
    rows: [21],
    doc: "A stage or status that nobody has heard of.",
  },
  missing_id: { rows: [22], doc: "Records come without an id." },
  bad_date: {
    rows: [23],
    doc: "Dates such as 0000-00-00, 30 February, the year 9999, without zone.",
  },
  huge_note: {
    rows: [24],
    doc: "The long text of a record is 200 KB of words and emoji.",
  },
  giant_body: {
    rows: [25],
    doc: "A body of 64 MiB, plain or as a small gzip that unpacks to it.",
  },
  invalid_utf8: { rows: [26], doc: "Text holds bytes that are not UTF-8." },
  odd_id: {
    rows: [27],
    doc: "Ids that differ only in a lone surrogate or in NULs.",
  },
  odd_money: { rows: [28], doc: "A deal size such as 'NaN' or '(500)'." },
  big_id: {
    rows: [29],
    doc: "Ids beyond 2^53 as JSON numbers, equal when read as doubles.",
  },
  proto_key: {
    rows: [30],
    doc: "Records with the keys __proto__, constructor and toString.",
  },
  duplicate_keys: { rows: [30], doc: "Records that give a text field twice." },
} as const satisfies Record<string, FaultDoc>;

export type FaultKind = keyof typeof FAULTS;

/** The kinds that play a row of the fault matrix, 1 to 30. */
export function faultsOfRow(row: number): FaultKind[] {
  return (Object.keys(FAULTS) as FaultKind[]).filter((kind) => {
    const { rows }: FaultDoc = FAULTS[kind];
    return rows.includes(row);
  });
}

/** Which requests a fault concerns. Calls count from 1 since the fault was added. */
export interface FaultScope {
  /** A web key; every brand when not given. */
  brand?: string;
  /** Every stream when not given. */
  stream?: SimulatedStream;
  /** E.g. "read_client_list"; every endpoint of the stream when not given. */
  endpoint?: string;
  /** The nth call alone, or a range with both ends in; every call when not given. */
  call?: number | { from?: number; to?: number };
}

/** Which records of a list a fault changes, by place in the whole list. */
export interface RowScope {
  /** Places counted from 0; default 0 (for odd_id and big_id: 0 and 1). */
  record?: number | readonly number[];
  /** In place of `record`: the record with this id. */
  id?: string;
  /** In place of `record`: every nth record, from the first. */
  every?: number;
}

export type RowFault =
  & RowScope
  & (
    | {
      kind: "type_drift";
      field?: string;
      to?: "number" | "object" | "array" | "boolean" | "null";
    }
    | { kind: "unknown_enum"; field?: string; value?: string }
    | { kind: "missing_id" }
    | { kind: "bad_date"; field?: string; value?: string }
    | { kind: "huge_note"; field?: string; bytes?: number }
    | { kind: "invalid_utf8"; field?: string }
    | { kind: "odd_id"; form?: "surrogate" | "nul" }
    | { kind: "odd_money"; field?: string; value?: string | number }
    | { kind: "big_id"; value?: string }
    | { kind: "proto_key" }
    | { kind: "duplicate_keys"; field?: string; value?: string }
  );

export type ListFault =
  | { kind: "shrinking_total"; by?: number }
  | { kind: "short_page"; size?: number }
  | { kind: "duplicate"; count?: number }
  | { kind: "moved"; count?: number }
  | { kind: "same_page" }
  | { kind: "none"; style?: "array" | "null" | "text" | "CT515" }
  | { kind: "fewer"; keep?: number };

export type BodyFault =
  | { kind: "stall"; after?: number }
  | { kind: "reset"; after?: number }
  | { kind: "truncated_json"; after?: number }
  | { kind: "content_type"; value?: string };

export type WholeFault =
  | { kind: "http_status"; status?: number; body?: string }
  | { kind: "rate_limited"; seconds?: number }
  | {
    kind: "rate_limited_odd";
    form?: "date" | "past" | "garbage" | "none";
    seconds?: number;
  }
  | { kind: "connection" }
  | { kind: "html" }
  | { kind: "result_code"; code?: string; message?: string; field?: string }
  | { kind: "redirect"; to?: string; status?: 301 | 302 | 303 | 307 | 308 }
  | { kind: "token_expired" }
  | { kind: "key_revoked"; style?: "http401" | "http403" | "CT501" }
  | { kind: "giant_body"; bytes?: number; gzip?: boolean };

/** One switched-on fault: what goes wrong, and on which requests. */
export type Fault =
  & FaultScope
  & (RowFault | ListFault | BodyFault | WholeFault);

/** A fault that was added. */
export interface FaultHandle {
  readonly fault: Fault;
  /** Requests in its scope since it was added, before counting calls. */
  readonly calls: number;
  /** Requests that it spoiled. */
  readonly hits: number;
  /** Takes it away: the true content reappears. */
  remove(): void;
}

/** What a fault's scope is compared with. */
export interface FaultTarget {
  brand: string;
  stream: SimulatedStream;
  endpoint: string;
}

class Entry implements FaultHandle {
  calls = 0;
  hits = 0;
  readonly fault: Fault;
  readonly #owner: Set<Entry>;

  constructor(fault: Fault, owner: Set<Entry>) {
    this.fault = fault;
    this.#owner = owner;
  }

  remove(): void {
    this.#owner.delete(this);
  }
}

/** The faults that are switched on. */
export class FaultSet {
  readonly #entries = new Set<Entry>();

  /** Switches a fault on. */
  add(fault: Fault): FaultHandle {
    const entry = new Entry(fault, this.#entries);
    this.#entries.add(entry);
    return entry;
  }

  /** Takes every fault away. */
  clear(): void {
    this.#entries.clear();
  }

  /** The faults that are on, in the order they were added. */
  list(): FaultHandle[] {
    return [...this.#entries];
  }

  /** Counts a request and returns the faults that spoil it. */
  strike(target: FaultTarget): Fault[] {
    const struck: Fault[] = [];
    for (const entry of this.#entries) {
      if (!concerns(entry.fault, target)) continue;
      entry.calls++;
      if (!isDue(entry.fault, entry.calls)) continue;
      entry.hits++;
      struck.push(entry.fault);
    }
    return struck;
  }
}

function concerns(scope: FaultScope, target: FaultTarget): boolean {
  return (scope.brand ?? target.brand) === target.brand &&
    (scope.stream ?? target.stream) === target.stream &&
    (scope.endpoint ?? target.endpoint) === target.endpoint;
}

function isDue({ kind, call }: Fault, calls: number): boolean {
  if (call === undefined) return true;
  if (typeof call !== "number") {
    return calls >= (call.from ?? 1) && calls <= (call.to ?? Infinity);
  }
  return kind === "key_revoked" ? calls >= call : calls === call;
}
