import { type Failure, failure } from "./_failure.ts";

/** Where a result code may stand, in lower case. */
const CODE_FIELDS = ["code", "status", "status_code", "response_code"];
/** Where the length of the whole list may stand, in lower case. */
const TOTAL_FIELDS = ["totalrecord", "totalrecords", "total_record"];

/** What the documented codes mean. */
const CODE_MEANINGS: Record<string, string> = {
  CT400: "bad request",
  CT404: "not found",
  CT500: "unknown error",
  CT501: "the key is missing",
  CT512: "in use",
  CT520: "duplicate",
  CT525: "insert failed",
};

/**
 * The result code of a body, spelt "CT501"; null when it has none. Where several fields hold one,
 * a refused key outweighs all, then any other that is no success. Bare numbers of three digits count ("code": 501),
 * and words of failure come as "error".
 */
export function readCode(body: Record<string, unknown>): string | null {
  const codes = fieldsOf(body, CODE_FIELDS).map(codeText)
    .filter((code) => code !== null);
  return codes.find(isRefusal) ?? codes.find((code) => !isSuccess(code)) ??
    codes[0] ?? null;
}

function codeText(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).trim();
  const digits = /^(?:CT[ _-]?)?(\d{3})$/i.exec(text)?.[1];
  if (digits !== undefined) return `CT${digits}`;
  if (/^CT[ _-]?\w{1,6}$/i.test(text)) return text.toUpperCase();
  return /^(error|fail|failed|failure)$/i.test(text) ? "error" : null;
}

function isSuccess(code: string): boolean {
  return /^CT2\d\d$/.test(code);
}

function isRefusal(code: string): boolean {
  return code === "CT501" || code === "CT401" || code === "CT403";
}

/** What a result code says against the data: null for none and for success; CT515 is the caller's. */
export function codeFailure(
  code: string | null,
  httpStatus: number,
): Failure | null {
  if (code === null || isSuccess(code)) return null;
  const meaning = CODE_MEANINGS[code];
  const named = meaning ? `${code} (${meaning})` : `${code}`;
  const known = { httpStatus, code };
  if (isRefusal(code)) {
    return failure(
      "refused",
      `refused the web key: it answered ${named}`,
      known,
    );
  }
  const kind = code === "CT404"
    ? "not_found"
    : code === "CT500"
    ? "transient"
    : "terminal";
  return failure(kind, `answered ${named}`, known);
}

/** TotalRecord as a count; null when it is absent or blank, with a warning when it is no count. */
export function readTotal(
  body: unknown,
): { total: number | null; warning: string | null } {
  const fields = typeof body === "object" && body !== null
    ? fieldsOf(body, TOTAL_FIELDS)
    : [];
  const given = fields.find((v) => v !== null && v !== "");
  if (given === undefined) return { total: null, warning: null };
  const text = typeof given === "string" ? given.trim() : given;
  const total = text === "" ? NaN : Number(text);
  return typeof given !== "object" && typeof given !== "boolean" &&
      Number.isSafeInteger(total) && total >= 0
    ? { total, warning: null }
    : {
      total: null,
      warning: "ClientTether sent a TotalRecord that is no count",
    };
}

function fieldsOf(body: object, names: readonly string[]): unknown[] {
  return Object.entries(body)
    .filter(([key]) => names.includes(key.toLowerCase()))
    .map(([, value]) => value);
}
