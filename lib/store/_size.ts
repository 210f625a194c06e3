/**
 * How large a value becomes in Deno KV, estimated from above without serializing it.
 * One character beyond Latin-1 doubles a string (V8 writes it as UTF-16).
 */
export function estimateBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return 8 + (isLatin1(value) ? value.length : value.length * 2);
    case "number":
    case "bigint":
      return 12;
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
  for (const [name, item] of Object.entries(value)) {
    bytes += estimateBytes(name) + estimateBytes(item);
  }
  return bytes;
}

function isLatin1(text: string): boolean {
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
      ? 3 + part.length * (isLatin1(part) ? 2 : 3)
      : part instanceof Uint8Array
      ? 3 + part.length * 2
      : 12;
  }
  return bytes;
}
