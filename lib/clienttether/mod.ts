/**
 * The ClientTether API: a typed client, whole lists with the rules of completeness, and what makes the
 * product's own records of the wire's.
 *
 * @module
 */
export { activityWindow } from "./activity_window.ts";
export { type ClientTetherClient, createClient } from "./client.ts";
export { parseDate, type ReadDate } from "./dates.ts";
export {
  API_PATH,
  DEFAULT_BASE_URL,
  type Endpoint,
  ENDPOINTS,
  isPathSegment,
} from "./endpoints.ts";
export {
  canonicalJson,
  contentHash,
  NORMALIZER_VERSION,
  type NormalizeSettings,
  rulesKey,
} from "./hash.ts";
export { type ClientOptions } from "./options.ts";
export { type StartTimer } from "./_transport.ts";
export { newerOf } from "./newer_of.ts";
export {
  normalize,
  type NormalizeContext,
  type Normalized,
  normalizeRow,
  refusalOf,
} from "./normalize.ts";
export { personOf } from "./person.ts";
export * from "./probe.ts";
export {
  namedContact,
  noteOfContact,
  parseRawLine,
  rawLine,
} from "./raw_row.ts";
export { type ListHandlers, type ListResult, readList } from "./read_list.ts";
export {
  BACKOFF_MS,
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
  type Retryable,
  retryDelay,
} from "./retry.ts";
export * from "./types.ts";
export {
  CTActivityResponse,
  CTLeadResponse,
  CTNoteResponse,
  CTOpportunityResponse,
  CTSalesCycleResponse,
  fieldAliases,
  readWire,
  rowId,
  type WireOf,
} from "./wire.ts";
