import { createHash } from "node:crypto";
import * as z from "zod";
import { UsageError } from "../domain/mod.ts";

const position = z.tuple([z.string().max(64), z.string().max(512)]);
const direction = z.literal("up");
const check = z.string().max(64);

/** Date part and id part; then whether the list runs upwards; then, of a list that is narrowed, to what. */
const FORMS = {
  down: position,
  up: z.tuple([...position.def.items, direction]),
  narrowedDown: z.tuple([...position.def.items, check]),
  narrowedUp: z.tuple([...position.def.items, direction, check]),
};

/** Where a page of a dated list ended: its last row's date part and id part. */
export type Position = z.infer<typeof position>;

/**
 * @param upwards whether the list runs from the oldest to the newest
 * @param narrowed says what it is narrowed to; nothing for a whole list
 */
export function encodeCursor(
  at: Position,
  upwards = false,
  narrowed = "",
): string {
  const form = [
    ...at,
    ...upwards ? ["up"] : [],
    ...narrowed ? [checkOf(at, narrowed)] : [],
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(form));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * @throws {UsageError} when the text is not a cursor that this portal gave for a list of this direction, narrowed to
 * the same.
 */
export function decodeCursor(
  text: string,
  upwards = false,
  narrowed = "",
): Position {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const form: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const [date, id, ...rest] = formOf(upwards, narrowed !== "").parse(form);
    const at: Position = [date, id];
    if (narrowed && rest.at(-1) !== checkOf(at, narrowed)) {
      throw new TypeError("The list is narrowed to something else");
    }
    return at;
  } catch (cause) {
    throw new UsageError(
      "Cannot go on from this cursor: it is not one that the list gave",
      { cause },
    );
  }
}

function formOf(upwards: boolean, isNarrowed: boolean) {
  if (isNarrowed) return upwards ? FORMS.narrowedUp : FORMS.narrowedDown;
  return upwards ? FORMS.up : FORMS.down;
}

/** Not a secret: it only tells that a place has come from somewhere else, and a place gives nothing away. */
function checkOf(at: Position, narrowed: string): string {
  return createHash("sha256").update(JSON.stringify([narrowed, ...at]))
    .digest("hex").slice(0, 16);
}
