import { estimateBytes } from "./_size.ts";
import type { Sized } from "./list_cache.ts";

/** Something that is kept in memory and given to many, with what it weighs. */
export interface Weighed<T> extends Sized {
  readonly value: T;
}

/** What even the smallest takes, with its name. */
const LEAST_BYTES = 400;

/** Frozen to its leaves: what one request changed of it, the next would show. */
export function weighed<T>(value: T): Weighed<T> {
  freeze(value);
  return { value, bytes: LEAST_BYTES + estimateBytes(value) };
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  // Bytes cannot be frozen; no view document holds any.
  if (ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
