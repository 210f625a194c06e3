import { isLatin1 } from "../_size.ts";
import type { Cells } from "./cells.ts";

/** The columns of a run; all of a note stands at the same place of each. */
export interface RunColumns {
  /** Encoded ids, one after the other. */
  ids: string;
  /** Where each of them ends. */
  idEnds: Uint32Array<ArrayBuffer>;
  /** Epoch milliseconds, or `UNDATED`. */
  times: Float64Array<ArrayBuffer>;
  /** Of each note the number of its author among `names`. */
  authors: Uint32Array<ArrayBuffer>;
  names: readonly string[];
  /** Where the text of each note ends; the next begins there. */
  ends: Uint32Array<ArrayBuffer>;
  text: string;
  /** Whether some text has a character that takes two bytes. */
  wide: boolean;
}

/** What a note takes beside its text: two times, its place in the order, author, and two ends. */
const NOTE_BYTES = 32;
const NAME_BYTES = 40;

/**
 * The texts of some notes one after the other, all of one width, so that few strange characters do not double what the
 * others take. Never changed once it is made.
 */
export class NotesRun {
  /** About how much memory it takes. */
  readonly bytes: number;

  constructor(readonly columns: RunColumns) {
    const { ids, names, text, wide } = columns;
    this.bytes = this.size * NOTE_BYTES + 2 * ids.length +
      text.length * (wide ? 2 : 1);
    for (const name of names) this.bytes += NAME_BYTES + 2 * name.length;
  }

  static of(all: readonly Cells[], wide: boolean): NotesRun {
    const numbers = new Map<string, number>();
    const ends = new Uint32Array(all.length);
    const idEnds = new Uint32Array(all.length);
    const authors = new Uint32Array(all.length);
    let [end, idEnd] = [0, 0];
    for (const [n, { part, author, text }] of all.entries()) {
      ends[n] = end += text.length;
      idEnds[n] = idEnd += part.length;
      authors[n] = numbers.get(author) ?? numbers.size;
      numbers.set(author, authors[n]);
    }
    return new NotesRun({
      ids: all.map(({ part }) => part).join(""),
      idEnds,
      times: Float64Array.from(all, ({ time }) => time),
      authors,
      names: [...numbers.keys()],
      ends,
      text: all.map(({ text }) => text).join(""),
      wide,
    });
  }

  /** Notes. */
  get size(): number {
    return this.columns.times.length;
  }

  /** The encoded id of a note. */
  part(n: number): string {
    const { ids, idEnds } = this.columns;
    return ids.slice(n === 0 ? 0 : idEnds[n - 1], idEnds[n]);
  }

  /** The encoded ids of all notes. */
  parts(): string[] {
    return Array.from({ length: this.size }, (_, n) => this.part(n));
  }

  /**
   * Sets what matches to 1; both texts are folded, and an empty one is found in every note.
   *
   * @param hits one byte a note, all of them 0
   */
  mark(hits: Uint8Array, search: string, author: string): void {
    const { authors, names } = this.columns;
    if (search === "") hits.fill(1);
    else {
      this.#markText(hits, search);
      const isFound = names.map((name) => name.includes(search));
      if (isFound.includes(true)) {
        for (let n = 0; n < hits.length; n++) {
          if (isFound[authors[n]!]) hits[n] = 1;
        }
      }
    }
    if (author === "") return;
    const isAuthor = names.map((name) => name.includes(author));
    for (let n = 0; n < hits.length; n++) {
      if (!isAuthor[authors[n]!]) hits[n] = 0;
    }
  }

  #markText(hits: Uint8Array, search: string): void {
    const { text, ends } = this.columns;
    let n = 0;
    for (let at = text.indexOf(search); at >= 0;) {
      while (ends[n]! <= at) n++;
      const end = ends[n]!;
      const within = at + search.length <= end;
      if (within) hits[n] = 1;
      // What goes beyond the end of its note is found in neither of the two.
      at = text.indexOf(search, within ? end : at + 1);
    }
  }

  *cells(): Generator<Cells> {
    const { times, authors, names, ends, text } = this.columns;
    for (let n = 0; n < this.size; n++) {
      yield {
        part: this.part(n),
        time: times[n]!,
        author: names[authors[n]!]!,
        text: text.slice(n === 0 ? 0 : ends[n - 1], ends[n]),
      };
    }
  }
}

/** What a note takes in memory before its run says how much it is. */
export function leastBytes({ text }: Cells): number {
  return NOTE_BYTES + text.length;
}

/** Notes as runs of one width each: at most two. */
export function runsOf(all: readonly Cells[]): NotesRun[] {
  const plain: Cells[] = [];
  const wide: Cells[] = [];
  for (const cells of all) {
    (isLatin1(cells.text) ? plain : wide).push(cells);
  }
  return [[plain, false] as const, [wide, true] as const]
    .filter(([some]) => some.length > 0)
    .map(([some, isWide]) => NotesRun.of(some, isWide));
}
