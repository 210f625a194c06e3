import { createHash } from "node:crypto";
import * as z from "zod";
import type { Position } from "../domain/mod.ts";
import { QueryError } from "./query.ts";

const FORM = z.tuple([
  z.union([z.string(), z.number(), z.null()]),
  z.string(),
  z.string(),
]);

/**
 * A place in a list as an address carries it.
 *
 * @param list says which list, sorted and narrowed how; the place means nothing in another one
 */
export function encodeListCursor({ key, id }: Position, list: string): string {
  const form = [key, id, checkOf({ key, id }, list)];
  const bytes = new TextEncoder().encode(JSON.stringify(form));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {QueryError} when the text is not a cursor that this very list gave. */
export function decodeListCursor(text: string, list: string): Position {
  const position = decoded(text);
  if (position?.check !== (position && checkOf(position, list))) {
    throw new QueryError(
      "cursor",
      "it is not one that this list gave, sorted and filtered as it is",
    );
  }
  return { key: position!.key, id: position!.id };
}

function decoded(text: string): Position & { check: string } | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const form = JSON.parse(new TextDecoder().decode(bytes));
    const [key, id, check] = FORM.parse(form);
    return { key, id, check };
  } catch {
    return null;
  }
}

/** Not a secret: it only tells that a place has come from somewhere else, and a place gives nothing away. */
function checkOf({ key, id }: Position, list: string): string {
  return createHash("sha256").update(JSON.stringify([list, key, id]))
    .digest("hex").slice(0, 16);
}
