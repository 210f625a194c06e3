import { fold, type Note } from "../../domain/mod.ts";
import { isLatin1 } from "../_size.ts";
import { compareParts, datePart } from "../keys.ts";
import type { Sized } from "../list_cache.ts";
import type { DatedPlace, Span } from "./_dated.ts";

/** What is packed of a note; `part`: its encoded id. */
export interface SearchedNote
  extends Pick<Note, "noteDate" | "author" | "content"> {
  part: string;
}

/** Which notes are looked for. */
export interface NotesSearch {
  /** Case-insensitive part of content or author, after NFC. */
  search?: string;
  /** Case-insensitive part of the author, after NFC. */
  author?: string;
  /** Of [from, to), epoch milliseconds. */
  dates?: Span;
  /** Only those of a date up to then, epoch milliseconds, or without one. */
  knownAt?: number;
}

/** What V8 takes for an empty text, and for the five cells of a note. */
const TEXT_BYTES = 24;
const CELL_BYTES = 40;
/** Before all dates: notes without one stand last. */
const UNDATED = -Infinity;

/**
 * The text of many notes as searches compare it, each author once, in the order of the index by date downwards: what
 * a search over all of them reads instead of the database. Never changed once it is built.
 */
export class NotesText implements Sized {
  private constructor(
    private readonly parts: readonly string[],
    /** Epoch milliseconds. */
    private readonly times: readonly number[],
    /** Of each note the number of its author among `names`. */
    private readonly authors: readonly number[],
    private readonly texts: readonly string[],
    /** What each note takes in memory. */
    private readonly weights: readonly number[],
    private readonly names: readonly string[],
    /** Notes with a date; the others come after them. */
    private readonly dated: number,
    /** About how much memory it takes. */
    readonly bytes: number,
  ) {}

  static builder(maxBytes = Infinity): NotesTextBuilder {
    return new NotesTextBuilder(maxBytes, (columns) =>
      new NotesText(
        columns.parts,
        columns.times,
        columns.authors,
        columns.texts,
        columns.weights,
        columns.names,
        columns.dated,
        columns.bytes,
      ));
  }

  /** Notes. */
  get size(): number {
    return this.parts.length;
  }

  /** Numbers of the notes that match, in the order of the list: newest first or last, those without a date last. */
  find({ search, author, ...span }: NotesSearch, upwards = false): number[] {
    const isAuthor = this.#authorsWith(author);
    const isAuthorFound = this.#authorsWith(search);
    const needle = search ? fold(search) : "";
    const isIn = spanTest(span);
    const found: number[] = [];
    for (let at = 0; at < this.size; at++) {
      const n = upwards ? this.#fromEnd(at) : at;
      const by = this.authors[n]!;
      if (!isAuthor[by] || !isIn(this.times[n]!)) continue;
      if (isAuthorFound[by] || this.texts[n]!.includes(needle)) found.push(n);
    }
    return found;
  }

  /** Where a note stands in the index. */
  place(n: number): DatedPlace {
    const time = this.times[n]!;
    const iso = time === UNDATED ? null : new Date(time).toISOString();
    return [datePart(iso), this.parts[n]!];
  }

  /** How many of the notes that were found stand before or at a place. */
  countUntil(found: readonly number[], place: DatedPlace, upwards: boolean) {
    const [date, part] = place;
    const time = date === datePart(null) ? UNDATED : Date.parse(date);
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#comesAfter(found[middle]!, time, part, upwards)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * The same with some notes in a new version.
   *
   * @param changed encoded ids of all notes that have changed, come or gone
   * @param notes those of them that are there, in any order
   * @returns null where it would take more than `maxBytes`
   */
  with(
    changed: ReadonlySet<string>,
    notes: readonly SearchedNote[],
    maxBytes: number,
  ): NotesText | null {
    const next = NotesText.builder(maxBytes);
    const added = notes.map(columnsOf)
      .sort((a, b) => isAbove(a, b.time, b.part) ? -1 : 1);
    const numbers: number[] = [];
    let taken = 0;
    for (let n = 0; n < this.size; n++) {
      const part = this.parts[n]!;
      if (changed.has(part)) continue;
      const time = this.times[n]!;
      while (taken < added.length && isAbove(added[taken]!, time, part)) {
        next.addCells(added[taken++]!);
      }
      const by = this.authors[n]!;
      const author = numbers[by] ??= next.numberOf(this.names[by]!);
      next.push(part, time, author, this.texts[n]!, this.weights[n]!);
    }
    while (taken < added.length) next.addCells(added[taken++]!);
    return next.build();
  }

  /** For each author whether the text is found in the name, an empty one in all. */
  #authorsWith(text = ""): boolean[] {
    const needle = fold(text);
    return this.names.map((name) => name.includes(needle));
  }

  /** Upwards the oldest comes first, and those without a date still last. */
  #fromEnd(at: number): number {
    const { dated, size } = this;
    return at < dated ? dated - 1 - at : size - 1 - (at - dated);
  }

  #comesAfter(n: number, time: number, part: string, upwards: boolean) {
    const own = this.times[n]!;
    const isUndated = own === UNDATED;
    if (isUndated !== (time === UNDATED)) return isUndated;
    const order = own !== time
      ? (own < time ? -1 : 1)
      : compareParts(this.parts[n]!, part);
    return upwards ? order > 0 : order < 0;
  }
}

/** A note as it is packed. */
interface Cells {
  part: string;
  time: number;
  author: string;
  text: string;
  bytes: number;
}

interface Columns {
  parts: string[];
  times: number[];
  authors: number[];
  texts: string[];
  weights: number[];
  names: string[];
  dated: number;
  bytes: number;
}

/** Packs notes, one after the other in their order. */
export class NotesTextBuilder {
  readonly #columns: Columns = {
    parts: [],
    times: [],
    authors: [],
    texts: [],
    weights: [],
    names: [],
    dated: 0,
    bytes: 0,
  };
  readonly #numbers = new Map<string, number>();

  constructor(
    private readonly maxBytes: number,
    private readonly seal: (columns: Columns) => NotesText,
  ) {}

  /** Whether it takes more than it may: nothing more is packed, and nothing is built. */
  get isFull(): boolean {
    return this.#columns.bytes > this.maxBytes;
  }

  add(note: SearchedNote): void {
    this.addCells(columnsOf(note));
  }

  addCells({ part, time, author, text, bytes }: Cells): void {
    this.push(part, time, this.numberOf(author), text, bytes);
  }

  push(
    part: string,
    time: number,
    author: number,
    text: string,
    bytes: number,
  ): void {
    if (this.isFull) return;
    const columns = this.#columns;
    columns.parts.push(part);
    columns.times.push(time);
    columns.authors.push(author);
    columns.texts.push(text);
    columns.weights.push(bytes);
    if (time !== UNDATED) columns.dated++;
    columns.bytes += bytes;
  }

  /** The number of an author, who is packed once. */
  numberOf(author: string): number {
    const known = this.#numbers.get(author);
    if (known !== undefined) return known;
    const number = this.#columns.names.push(author) - 1;
    this.#numbers.set(author, number);
    this.#columns.bytes += bytesOf(author);
    return number;
  }

  /** Null where it is full. */
  build(): NotesText | null {
    return this.isFull ? null : this.seal(this.#columns);
  }
}

function columnsOf({ part, noteDate, author, content }: SearchedNote): Cells {
  const text = fold(content ?? "");
  return {
    part,
    time: noteDate === null ? UNDATED : Date.parse(noteDate),
    author: fold(author ?? ""),
    text,
    bytes: CELL_BYTES + bytesOf(part) + bytesOf(text),
  };
}

function bytesOf(text: string): number {
  return TEXT_BYTES + text.length * (isLatin1(text) ? 1 : 2);
}

function spanTest(
  { dates, knownAt = Infinity }: NotesSearch,
): (time: number) => boolean {
  if (!dates) return (time) => time <= knownAt;
  const { from, to } = dates;
  return (time) => time >= from && time < to && time <= knownAt;
}

/** Whether a note stands above one of this time and id in a list that runs downwards. */
function isAbove(note: Cells, time: number, part: string): boolean {
  return note.time !== time
    ? note.time > time
    : compareParts(note.part, part) > 0;
}
