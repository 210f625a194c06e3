/** A text longer than this counts by what it holds, which is right once it is {@linkcode compact}. */
const LONG_TEXT = 256;

/**
 * How large a value becomes in Deno KV, estimated from above without serializing it.
 * One character beyond Latin-1 doubles a string (V8 writes it as UTF-16); a short one always counts double.
 */
export function estimateBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return 8 + value.length * (isCompactable(value) ? 1 : 2);
    case "number":
      return 12;
    case "bigint":
      return 20 + value.toString(16).length;
    case "object":
      return estimateObject(value);
    default:
      return 4;
  }
}

function estimateObject(value: object | null): number {
  if (value === null) return 4;
  if (value instanceof Uint8Array) return 24 + value.byteLength;
  let bytes = 16;
  if (Array.isArray(value)) {
    for (const item of value) bytes += estimateBytes(item) + 2;
    return bytes;
  }
  for (const name of Object.keys(value)) {
    const item: unknown = (value as Record<string, unknown>)[name];
    bytes += estimateBytes(name) + estimateBytes(item);
  }
  return bytes;
}

/**
 * The same text in the least memory. V8 keeps a part of a text in the width of the whole: the Latin-1
 * beginning of a text with one emoji takes, and is stored in, two bytes a character until it is made anew.
 */
export function compact(text: string): string {
  return isCompactable(text) ? JSON.parse(JSON.stringify(text)) : text;
}

function isCompactable(text: string): boolean {
  return text.length > LONG_TEXT && isLatin1(text);
}

/** Whether V8 can hold the text with one byte for each character. */
export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return false;
  }
  return true;
}

/** Bytes of a key as Deno KV counts them, from above. */
export function keyBytes(key: Deno.KvKey): number {
  let bytes = 0;
  for (const part of key) {
    bytes += typeof part === "string"
      ? 3 + part.length * utf8Width(part)
      : part instanceof Uint8Array
      ? 3 + part.length * 2
      : 12;
  }
  return bytes;
}

/** The most bytes that a code unit of a text takes in a key: UTF-8, in which a NUL is written as two bytes. */
function utf8Width(text: string): 1 | 2 | 3 {
  let width: 1 | 2 = 1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return 3;
    if (unit > 0x7f || unit === 0) width = 2;
  }
  return width;
}
