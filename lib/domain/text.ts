/** Who has neither a name nor a company. */
export const UNNAMED = "Unnamed";

/** What ClientTether writes where nothing was typed: "No Name Text Added" and its kin. */
const PLACEHOLDER = /^no\b.*\btext added$/i;

interface Named {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
}

/** Text that says something: trimmed; null when it is blank or one of ClientTether's placeholders. */
export function realText(text: string | null): string | null {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" || PLACEHOLDER.test(trimmed) ? null : trimmed;
}

/** First and last name, or the one that is there; null when there is neither. */
export function personName(
  person: Pick<Named, "firstName" | "lastName">,
): string | null {
  const parts = [realText(person.firstName), realText(person.lastName)];
  // A placeholder may also be spread over both parts.
  return realText(parts.filter((part) => part !== null).join(" "));
}

/** How lists name a person: first and last name, else the company, else "Unnamed". */
export function nameOf(person: Named): string {
  return personName(person) ?? realText(person.company) ?? UNNAMED;
}

/** The beginning of a text, and whether there is more of it. */
export interface Preview {
  text: string;
  truncated: boolean;
}

/**
 * The beginning of a text in at most `maxBytes` of UTF-8, never ending inside a code point.
 * Costs `maxBytes`, however long the text is.
 */
export function previewUtf8(text: string, maxBytes: number): Preview {
  if (text.length * 3 <= maxBytes) return { text, truncated: false };
  // encodeInto stops before the first code point that does not fit.
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return { text: text.slice(0, read), truncated: read < text.length };
}

/**
 * Whether one of `texts` contains `search`, both in NFC and in lower case. An empty search is found everywhere.
 */
export function matches(
  search: string,
  ...texts: readonly (string | null)[]
): boolean {
  return createMatcher(search)(...texts);
}

/** `matches` for a search that is asked of many texts: it is folded once. */
export function createMatcher(
  search: string,
): (...texts: readonly (string | null)[]) => boolean {
  const needle = fold(search);
  return (...texts) =>
    needle === "" ||
    texts.some((text) => text !== null && fold(text).includes(needle));
}

/** Holds where NFC may change a text: what stands below U+0300 combines with nothing. */
const MAY_COMBINE = /[^\0-\u02ff]/;

/** A text as it is searched: in NFC and in lower case. */
export function fold(text: string): string {
  const composed = MAY_COMBINE.test(text) ? text.normalize("NFC") : text;
  return composed.toLowerCase();
}

/** A piece of a text, and whether it is what was searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/**
 * A text cut where `search` is found in it, as `matches` finds it; the pieces together are the text in NFC. One piece
 * that is no hit where nothing is searched for or found.
 */
export function piecesOf(text: string, search: string): Piece[] {
  const shown = text.normalize("NFC");
  const needle = fold(search);
  if (needle === "") return [{ text: shown, hit: false }];
  const { folded, starts } = foldedWithPlaces(shown);
  const pieces: Piece[] = [];
  let done = 0;
  for (let from = 0;;) {
    const found = folded.indexOf(needle, from);
    if (found < 0) break;
    from = found + needle.length;
    const start = starts[found]!;
    const end = starts[from] ?? shown.length;
    // A character that folds to several may be hit in the middle.
    if (start < done || end <= start) continue;
    if (start > done) {
      pieces.push({ text: shown.slice(done, start), hit: false });
    }
    pieces.push({ text: shown.slice(start, end), hit: true });
    done = end;
  }
  if (done < shown.length || pieces.length === 0) {
    pieces.push({ text: shown.slice(done), hit: false });
  }
  return pieces;
}

/** A text in lower case, and for each of its code units where the character that it comes from begins. */
function foldedWithPlaces(text: string): { folded: string; starts: number[] } {
  let folded = "";
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    const lower = character.toLowerCase();
    for (let n = 0; n < lower.length; n++) starts.push(at);
    folded += lower;
    at += character.length;
  }
  return { folded, starts };
}
