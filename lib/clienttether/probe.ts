import type { StreamName } from "../domain/mod.ts";
import { decode, readAnswer } from "./_answer.ts";
import { type Failure, toApiError } from "./_failure.ts";
import { idText, isRecord, pick } from "./_pick.ts";
import {
  createNameOf,
  type FieldReport,
  matchFields,
  type NamedShapes,
  namedShapes,
} from "./_probe_fields.ts";
import { type Answer, exchange } from "./_transport.ts";
import { activityWindow } from "./activity_window.ts";
import {
  API_PATH,
  DEFAULT_BASE_URL,
  type Endpoint,
  ENDPOINTS,
  isPathSegment,
  pageUrl,
} from "./endpoints.ts";
import type { NormalizeSettings } from "./hash.ts";
import { checkBaseUrl, type ClientOptions, transportOf } from "./options.ts";
import type { EndpointName, ListParams } from "./types.ts";
import { fieldAliases, rowId } from "./wire.ts";

export type { FoundField, NamedShapes } from "./_probe_fields.ts";
export type { Shape } from "./_shape.ts";

/** How an endpoint answered. `not_asked`: nothing to ask for, or ClientTether could not be reached before. */
export type ProbeOutcome = "answered" | "not_found" | "failed" | "not_asked";

/**
 * What one endpoint answered to one request. Holds names, counts and shapes: no value of a record and no
 * key, so that it can be shown to anyone.
 */
export interface EndpointProbe extends FieldReport {
  endpoint: EndpointName;
  /** Without an id: "/v2/api/read_client_history_notes/{contactId}". */
  path: string;
  /** Names of the query parameters that were sent. */
  query: string[];
  outcome: ProbeOutcome;
  httpStatus: number | null;
  /** Result code such as "CT200", "unknown" for one that is spelt otherwise, null when there was none. */
  code: string | null;
  /** The top-level fields; empty for a bare list and for what is no JSON. */
  envelope: NamedShapes[];
  /** Rows in the answer: at most {@linkcode PROBE_LIMIT}, unless ClientTether ignores the limit. */
  rows: number;
  /** Rows among them without an id that can be used. */
  withoutId: number;
  /** The documented names of what is looked for. */
  expected: string[];
  /** Sentences for people. */
  warnings: string[];
  /** A sentence for people; null when the endpoint answered. */
  problem: string | null;
}

/** A client's options, as far as they concern a single request. */
export interface ProbeOptions extends
  Pick<
    ClientOptions,
    | "webKey"
    | "accessToken"
    | "fetch"
    | "clock"
    | "timezone"
    | "baseUrl"
    | "maxRps"
    | "deadlineMs"
    | "bodyCapBytes"
    | "signal"
    | "startTimer"
  > {
  /** The tenant's own names of market and units. */
  fieldAliases?: NormalizeSettings["fieldAliases"];
}

/** Rows asked for. */
export const PROBE_LIMIT = 10;
const YEAR_MS = 365 * 86_400_000;
/** The filters that are used: notes of a year, activities of the usual window. */
const SENT = ["since", "startDate", "endDate"] as const;

/**
 * Asks every endpoint once for one small page. Nothing is tried again: what the answer looks like is the point.
 * Upstream failures are part of the result. After an endpoint that could not be reached no other is asked.
 *
 * @throws {UsageError} when a key cannot stand in a header, or the address is neither https nor this machine.
 */
export async function probeEndpoints(
  options: ProbeOptions,
): Promise<EndpointProbe[]> {
  const ask = createAsk(options);
  const probes: EndpointProbe[] = [];
  let contactId: string | null = null;
  let reachable = true;
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
    const endpoint: Endpoint = ENDPOINTS[name];
    const wantsContact = endpoint.path.includes("{contactId}");
    if (!reachable || (wantsContact && contactId === null)) {
      probes.push(notAsked(name, reachable));
      continue;
    }
    const answer = await ask(endpoint, {
      ...activityWindow(options.clock.now(), options.timezone),
      since: new Date(options.clock.now() - YEAR_MS).toISOString(),
      ...(wantsContact ? { contactId: contactId! } : {}),
    });
    const { probe, rows } = describe(name, answer, options);
    probes.push(probe);
    reachable = probe.httpStatus !== null;
    contactId = contactOf(endpoint.stream, rows) ?? contactId;
  }
  return probes;
}

/**
 * Whether a sync can do with what was found. "Not found" is no failure for notes and activities: not every
 * account is known to have their lists.
 */
export function isSound({ endpoint, outcome }: EndpointProbe): boolean {
  if (outcome === "failed") return false;
  const { stream } = ENDPOINTS[endpoint];
  return outcome !== "not_found" || stream === "notes" ||
    stream === "activities";
}

/** Sends one request for one page, not more often than the options allow. */
function createAsk(options: ProbeOptions) {
  const { clock, signal, maxRps = 4 } = options;
  const baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const transport = transportOf(options);
  let first = true;
  return async (endpoint: Endpoint, params: ListParams) => {
    if (!first && maxRps > 0) {
      await clock.sleep(Math.ceil(1000 / maxRps), signal);
    }
    first = false;
    const page = { offset: 0, limit: PROBE_LIMIT };
    return await exchange(
      transport,
      pageUrl(baseUrl, endpoint, params, page),
    );
  };
}

/** A probe of which nothing is known yet. */
function blankProbe(name: EndpointName): EndpointProbe {
  const endpoint: Endpoint = ENDPOINTS[name];
  return {
    endpoint: name,
    path: API_PATH + endpoint.path,
    query: [
      ...SENT.flatMap((filter) => endpoint.query[filter] ?? []),
      ...(endpoint.paging === "offset" ? ["limit", "offset"] : []),
    ],
    outcome: "not_asked",
    httpStatus: null,
    code: null,
    envelope: [],
    rows: 0,
    withoutId: 0,
    expected: Object.keys(fieldAliases(endpoint.stream)),
    found: [],
    missing: [],
    extra: [],
    warnings: [],
    problem: null,
  };
}

function notAsked(name: EndpointName, reachable: boolean): EndpointProbe {
  const problem = reachable
    ? "No contact is known whose notes could be asked for"
    : "ClientTether could not be reached before";
  return { ...blankProbe(name), problem };
}

/** What an answer looks like, and its rows for whoever asks next. */
function describe(
  name: EndpointName,
  answer: Answer | Failure,
  options: ProbeOptions,
): { probe: EndpointProbe; rows: Record<string, unknown>[] } {
  const keys = [options.webKey, options.accessToken ?? ""]
    .map((key) => key.trim()).filter((key) => key !== "");
  const blank = blankProbe(name);
  if ("kind" in answer) return { probe: failed(blank, answer), rows: [] };
  const known = { ...blank, envelope: envelopeOf(answer, keys) };
  const page = readAnswer(answer, options.clock.now());
  if ("kind" in page) return { probe: failed(known, page), rows: [] };
  const { stream } = ENDPOINTS[name];
  const rows = page.rows.map(({ value }) => value);
  const aliases = aliasesOf(stream, options.fieldAliases);
  const probe: EndpointProbe = {
    ...known,
    ...matchFields(rows, aliases, createNameOf(rows, keys)),
    outcome: "answered",
    httpStatus: page.envelope.httpStatus,
    code: shownCode(page.envelope.code),
    rows: rows.length,
    withoutId: rows.filter((row) => rowId(stream, row) === null).length,
    warnings: page.warnings.filter((line) =>
      !keys.some((key) => line.includes(key))
    ),
  };
  return { probe, rows };
}

function failed(known: EndpointProbe, failure: Failure): EndpointProbe {
  const code = shownCode(failure.code);
  return {
    ...known,
    outcome: failure.kind === "not_found" ? "not_found" : "failed",
    httpStatus: failure.httpStatus,
    code,
    problem: code === failure.code
      ? toApiError(failure).message
      : "ClientTether answered with a result code that is not documented",
  };
}

/** A result code; of what is spelt otherwise it is only said that there was something. */
function shownCode(code: string | null): string | null {
  return code === null || /^(?:CT\d{3}|error)$/.test(code) ? code : "unknown";
}

/** The top-level fields, also of an answer that is no list: they say which guess was wrong. */
function envelopeOf({ bytes }: Answer, keys: string[]): NamedShapes[] {
  try {
    const body: unknown = JSON.parse(decode(bytes).text);
    return isRecord(body)
      ? namedShapes([body], createNameOf([body], keys))
      : [];
  } catch {
    return [];
  }
}

/** Upstream names by documented name, the tenant's own included. */
function aliasesOf(
  stream: StreamName,
  own: NormalizeSettings["fieldAliases"] = {},
): Record<string, readonly string[]> {
  const ownNames: Record<string, readonly string[] | undefined> = { ...own };
  return Object.fromEntries(
    Object.entries(fieldAliases(stream)).map((
      [field, names],
    ) => [field, [...ownNames[field] ?? [], ...names]]),
  );
}

/** Whose notes can be asked for: somebody who has some, else the first lead. */
function contactOf(
  stream: StreamName,
  rows: readonly Record<string, unknown>[],
): string | null {
  if (stream !== "leads" && stream !== "notes") return null;
  const names = fieldAliases("notes").contact_id ?? [];
  for (const row of rows) {
    const id = stream === "leads"
      ? rowId("leads", row)
      : idText(pick(row, names));
    if (id !== null && isPathSegment(id)) return id;
  }
  return null;
}
