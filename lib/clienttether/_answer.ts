import { isRecord } from "./_pick.ts";
import { codeFailure, readCode, readTotal } from "./_envelope.ts";
import { type Failure, failure } from "./_failure.ts";
import {
  elements,
  exactValue,
  MAX_DEPTH,
  memberStart,
  parseApart,
  type Range,
} from "./_json.ts";
import type { Answer } from "./_transport.ts";
import { parseRetryAfter } from "./retry.ts";
import { type Page, type RawRow, type RowFlag } from "./types.ts";

/** A page, but for what only the asker knows. */
export type PageContent = Omit<Page, "offset" | "rows"> & {
  rows: Omit<RawRow, "id">[];
};

/** Reads a whole answer: as a page of a list, or as the reason why it is none. */
export function readAnswer(answer: Answer, now: number): PageContent | Failure {
  const { status } = answer;
  if (status < 200 || status > 299) return readRefusal(answer, now);
  const { text, valid } = decode(answer.bytes);
  const parsed = tryParse(text);
  if (!parsed) return unreadable(text, status);
  const warnings: string[] = [];
  if (!/\bjson\b/i.test(answer.contentType)) {
    warnings.push(
      `ClientTether declared its answer as '${
        answer.contentType.slice(0, 60)
      }' instead of JSON`,
    );
  }
  if (!valid) warnings.push("ClientTether sent text that is not valid UTF-8");
  const list = readList(parsed.value, answer.bytes, status);
  if ("kind" in list) return list;
  const rows = list.values.map((value, i) =>
    readRow(value, answer.bytes, list.ranges[i])
  );
  const { total, warning } = readTotal(parsed.value);
  if (warning) warnings.push(warning);
  const keys = isRecord(parsed.value) ? Object.keys(parsed.value) : [];
  return {
    rows,
    total,
    warnings,
    envelope: { httpStatus: status, code: list.code, keys },
  };
}

interface List {
  values: unknown[];
  ranges: Range[];
  code: string | null;
}

/** The records of a body, after its result code has been heard. */
function readList(
  body: unknown,
  bytes: Uint8Array,
  httpStatus: number,
): List | Failure {
  if (Array.isArray(body)) {
    return { values: body, ranges: elements(bytes), code: null };
  }
  const shapeless = failure("damaged", "sent an answer that is not a list", {
    httpStatus,
  });
  if (!isRecord(body)) return shapeless;
  const code = readCode(body);
  if (code === "CT515") return { values: [], ranges: [], code };
  const refused = codeFailure(code, httpStatus);
  if (refused) return refused;
  const key = Object.keys(body).findLast((k) => k.toLowerCase() === "data");
  if (key === undefined) return { ...shapeless, code };
  const data = body[key];
  if (data === null || data === "") {
    return { values: [], ranges: [], code };
  }
  if (!Array.isArray(data)) return { ...shapeless, code };
  const ranges = elements(bytes, memberStart(bytes, key) ?? bytes.length);
  return { values: data, ranges, code };
}

export function readRow(
  value: unknown,
  bytes: Uint8Array,
  range: Range | undefined,
): Omit<RawRow, "id"> {
  const slice = bytes.subarray(range?.start ?? 0, range?.end ?? 0);
  const { text: raw, valid } = decode(slice);
  const flags: RowFlag[] = [];
  if (!valid) flags.push("invalid_utf8");
  const tooDeep = (range?.depth ?? 0) > MAX_DEPTH;
  if (!isRecord(value)) flags.push("not_an_object");
  else if (tooDeep) flags.push("too_deep");
  const exact = tooDeep ? null : exactValue(raw, value);
  return {
    raw,
    rawBytes: valid ? null : slice.slice(),
    value: isRecord(exact) ? exact : {},
    flags,
  };
}

/** An answer whose status is no success. A result code in its body may say more than the status does. */
function readRefusal(answer: Answer, now: number): PageContent | Failure {
  const { status: httpStatus } = answer;
  const parsed = tryParse(decode(answer.bytes).text)?.value;
  const code = isRecord(parsed) ? readCode(parsed) : null;
  const known = { httpStatus, code };
  if (httpStatus === 401 || httpStatus === 403) {
    return failure(
      "refused",
      `refused the web key: it answered ${httpStatus}`,
      known,
    );
  }
  const byCode = codeFailure(code, httpStatus);
  if (byCode?.kind === "refused") return byCode;
  if (httpStatus === 429) {
    return rateLimited(parseRetryAfter(answer.retryAfter, now), known);
  }
  const phrase = `answered ${httpStatus}`;
  if (httpStatus >= 500 || httpStatus === 408 || httpStatus === 425) {
    return failure("transient", phrase, known);
  }
  if (code === "CT515") {
    const keys = isRecord(parsed) ? Object.keys(parsed) : [];
    return {
      rows: [],
      total: null,
      warnings: [],
      envelope: { ...known, keys },
    };
  }
  if (httpStatus === 404) {
    return failure("not_found", "answered 404 (not found)", known);
  }
  if (byCode && byCode.kind !== "transient") return byCode;
  return failure("terminal", phrase, known);
}

function rateLimited(
  retryAfterMs: number | null,
  known: { httpStatus: number; code: string | null },
): Failure {
  const wait = retryAfterMs === null
    ? ""
    : ` and asked to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return failure("rate_limited", `answered 429${wait}`, {
    ...known,
    retryAfterMs,
  });
}

function unreadable(text: string, httpStatus: number): Failure {
  const phrase = /^\s*</.test(text)
    ? "answered with a web page instead of data"
    : "sent an answer that is not complete JSON";
  return failure("transient", phrase, { httpStatus });
}

function tryParse(text: string): { value: unknown } | null {
  try {
    return { value: parseApart(text) };
  } catch {
    return null;
  }
}

const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

export function decode(bytes: Uint8Array): { text: string; valid: boolean } {
  try {
    return { text: strict.decode(bytes), valid: true };
  } catch {
    return { text: lenient.decode(bytes), valid: false };
  }
}
