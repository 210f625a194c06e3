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
/** So many notes are looked up one by one. */
const FEW = 16;

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

  /** The same without the notes of these encoded ids. */
  without(parts: readonly string[]): NotesRun {
    const gone = this.#numbersOf(parts);
    if (gone.length === 0) return this;
    const spans = [-1, ...gone].map((n, at): Span => [
      n + 1,
      gone[at] ?? this.size,
    ]);
    return joined(
      spans.filter(([from, to]) => from < to)
        .map((span) => cut(this.columns, span)),
      this.columns.wide,
    );
  }

  /** Upwards. */
  #numbersOf(parts: readonly string[]): number[] {
    if (parts.length > FEW) {
      const wanted = new Set(parts);
      return this.parts().flatMap((part, n) => wanted.has(part) ? [n] : []);
    }
    return parts.map((part) => this.#numberOf(part)).filter((n) => n >= 0)
      .sort((a, b) => a - b);
  }

  #numberOf(part: string): number {
    const { ids, idEnds } = this.columns;
    for (let at = ids.indexOf(part); at >= 0; at = ids.indexOf(part, at + 1)) {
      const n = firstFrom(idEnds, at + part.length);
      if (this.part(n) === part) return n;
      if (at === ids.length) break;
    }
    return -1;
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

/** From and to, the end left out. */
type Span = [from: number, to: number];

/** One run of notes of the same width. */
function joined(all: readonly RunColumns[], wide: boolean): NotesRun {
  const numbers = new Map<string, number>();
  const size = all.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(size);
  const authors = new Uint32Array(size);
  const ends = new Uint32Array(size);
  const idEnds = new Uint32Array(size);
  let at = 0;
  for (const one of all) {
    const [end, idEnd] = at === 0 ? [0, 0] : [ends[at - 1]!, idEnds[at - 1]!];
    times.set(one.times, at);
    // Each author who is there gets the next number when it is met.
    const next = one.names.map(() => -1);
    for (let n = 0; n < one.times.length; n++, at++) {
      const by = one.authors[n]!;
      if (next[by]! < 0) {
        const name = one.names[by]!;
        next[by] = numbers.get(name) ?? numbers.size;
        numbers.set(name, next[by]);
      }
      authors[at] = next[by]!;
      ends[at] = end + one.ends[n]!;
      idEnds[at] = idEnd + one.idEnds[n]!;
    }
  }
  return new NotesRun({
    ids: all.map(({ ids }) => ids).join(""),
    idEnds,
    times,
    authors,
    names: [...numbers.keys()],
    ends,
    text: all.map(({ text }) => text).join(""),
    wide,
  });
}

/** The same notes in at most one run of each width. */
export function joinedByWidth(runs: readonly NotesRun[]): NotesRun[] {
  return [false, true].flatMap((wide) => {
    const some = runs.filter(({ columns, size }) =>
      columns.wide === wide && size > 0
    );
    return some.length < 2
      ? some
      : [joined(some.map(({ columns }) => columns), wide)];
  });
}

/** Some notes of a run that follow each other. */
function cut(columns: RunColumns, [from, to]: Span): RunColumns {
  const { ids, idEnds, ends, text } = columns;
  const startOf = (ends: Uint32Array) => from === 0 ? 0 : ends[from - 1]!;
  const endOf = (ends: Uint32Array) => to === 0 ? 0 : ends[to - 1]!;
  const cutEnds = (ends: Uint32Array) =>
    ends.slice(from, to).map((end) => end - startOf(ends));
  return {
    ...columns,
    ids: ids.slice(startOf(idEnds), endOf(idEnds)),
    idEnds: cutEnds(idEnds),
    times: columns.times.subarray(from, to),
    authors: columns.authors.subarray(from, to),
    ends: cutEnds(ends),
    text: text.slice(startOf(ends), endOf(ends)),
  };
}

/** The first place whose number is not below. */
function firstFrom(numbers: Uint32Array, least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
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
