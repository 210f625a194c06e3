import { z } from "zod";
import { UsageError } from "../domain/mod.ts";

const position = z.tuple([z.string().max(64), z.string().max(512)]);

/** Where a page of a dated list ended: its last row's date part and id part. */
export type Position = z.infer<typeof position>;

export function encodeCursor(at: Position): string {
  const bytes = new TextEncoder().encode(JSON.stringify(at));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {UsageError} when the text is not a cursor that this portal gave. */
export function decodeCursor(text: string): Position {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return position.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new UsageError(
      "Cannot go on from this cursor: it is not one that the list gave",
      { cause },
    );
  }
}
