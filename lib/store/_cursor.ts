import { z } from "zod";
import { UsageError } from "../domain/mod.ts";

const position = z.tuple([z.string().max(64), z.string().max(512)]);
const upwardsPosition = z.tuple([...position.def.items, z.literal("up")]);

/** Where a page of a dated list ended: its last row's date part and id part. */
export type Position = z.infer<typeof position>;

/** @param upwards whether the list runs from the oldest to the newest */
export function encodeCursor(at: Position, upwards = false): string {
  const form = upwards ? [...at, "up"] : at;
  const bytes = new TextEncoder().encode(JSON.stringify(form));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {UsageError} when the text is not a cursor that this portal gave for a list of this direction. */
export function decodeCursor(text: string, upwards = false): Position {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const form = JSON.parse(new TextDecoder().decode(bytes));
    if (!upwards) return position.parse(form);
    const [date, id] = upwardsPosition.parse(form);
    return [date, id];
  } catch (cause) {
    throw new UsageError(
      "Cannot go on from this cursor: it is not one that the list gave",
      { cause },
    );
  }
}
