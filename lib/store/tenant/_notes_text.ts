import { fold } from "../../domain/mod.ts";
import { compareParts, datePart } from "../keys.ts";
import type { Sized } from "../list_cache.ts";
import {
  type Cells,
  cellsOf,
  type SearchedNote,
  UNDATED,
} from "../notes_text/cells.ts";
import { MAX_NOTES, newestFirst } from "../notes_text/order.ts";
import {
  joinedByWidth,
  leastBytes,
  type NotesRun,
  runsOf,
} from "../notes_text/run.ts";
import { shelfOf } from "../notes_text/shelves.ts";
import type { DatedPlace, Span } from "./_dated.ts";

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

/** A search that finds a lesser share of the notes orders those alone. */
const FEW = 0.1;

/** Runs by the shelf that their notes belong to. */
type Shelves = ReadonlyMap<number, readonly NotesRun[]>;

/**
 * The text of many notes as searches compare it, in the order of the index by date downwards: what a search over all
 * of them reads instead of the database. Never changed once it is built.
 */
export class NotesText implements Sized {
  /** About how much memory it takes. */
  readonly bytes: number;
  readonly #runs: readonly NotesRun[];
  /** The number of the first note of each run. */
  readonly #bases: Uint32Array;
  /** Epoch milliseconds. */
  readonly #times: Float64Array;
  /** Numbers of all notes, newest first, those without a date last; known once a search has found many. */
  #order: Uint32Array | undefined;

  constructor(private readonly shelves: Shelves) {
    this.#runs = [...shelves.values()].flat();
    this.#bases = new Uint32Array(this.#runs.length);
    let [size, bytes] = [0, 0];
    for (const [n, run] of this.#runs.entries()) {
      this.#bases[n] = size;
      size += run.size;
      bytes += run.bytes;
    }
    this.bytes = bytes;
    this.#times = new Float64Array(size);
    for (const [n, { columns }] of this.#runs.entries()) {
      this.#times.set(columns.times, this.#bases[n]);
    }
  }

  static builder(maxBytes = Infinity): NotesTextBuilder {
    return new NotesTextBuilder(maxBytes);
  }

  /** Notes. */
  get size(): number {
    return this.#times.length;
  }

  /** Numbers of the notes that match, in the order of the list: newest first or last, those without a date last. */
  find(
    { search = "", author = "", ...span }: NotesSearch,
    upwards = false,
  ): Uint32Array {
    const [needle, name] = [fold(search), fold(author)];
    const hits = new Uint8Array(this.size);
    for (const [at, run] of this.#runs.entries()) {
      const base = this.#bases[at]!;
      run.mark(hits.subarray(base, base + run.size), needle, name);
    }
    const isIn = spanTest(span);
    const found = new Uint32Array(this.size);
    let count = 0;
    for (let n = 0; n < hits.length; n++) {
      if (hits[n] === 0) continue;
      if (isIn(this.#times[n]!)) found[count++] = n;
      else hits[n] = 0;
    }
    const ordered = count < this.size * FEW
      ? this.#newestFirst(found.subarray(0, count))
      : this.#ofOrder(hits, count);
    return upwards ? this.#turned(ordered) : ordered;
  }

  /** Those of all notes that are hit; loops, since there are many. */
  #ofOrder(hits: Uint8Array, count: number): Uint32Array {
    if (!this.#order) {
      const all = new Uint32Array(this.size);
      for (let n = 0; n < all.length; n++) all[n] = n;
      this.#order = this.#newestFirst(all);
    }
    const found = new Uint32Array(count);
    let at = 0;
    for (let n = 0; n < this.size; n++) {
      const number = this.#order[n]!;
      if (hits[number] === 1) found[at++] = number;
    }
    return found;
  }

  #newestFirst(numbers: Uint32Array): Uint32Array {
    return newestFirst(
      numbers,
      this.#times,
      (a, b) => compareParts(this.#part(a), this.#part(b)) > 0,
    );
  }

  /** The oldest first, and those without a date still last. */
  #turned(order: Uint32Array): Uint32Array {
    const undated = order.findIndex((n) => this.#times[n] === UNDATED);
    const dated = undated < 0 ? order.length : undated;
    order.subarray(0, dated).reverse();
    order.subarray(dated).reverse();
    return order;
  }

  /** Where a note stands in the index. */
  place(n: number): DatedPlace {
    const time = this.#times[n]!;
    const iso = time === UNDATED ? null : new Date(time).toISOString();
    return [datePart(iso), this.#part(n)];
  }

  /** How many of the notes that were found stand before or at a place. */
  countUntil(found: Uint32Array, place: DatedPlace, upwards: boolean) {
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
    const next = this.toBuilder(maxBytes);
    next.change(changed, notes);
    return next.build();
  }

  /** What the next one is made of. */
  toBuilder(maxBytes: number): NotesTextBuilder {
    const next = NotesText.builder(maxBytes);
    for (const [shelf, runs] of this.shelves) next.put(shelf, runs);
    return next;
  }

  #part(n: number): string {
    let low = 0;
    let high = this.#bases.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#bases[middle]! <= n) low = middle;
      else high = middle - 1;
    }
    return this.#runs[low]!.part(n - this.#bases[low]!);
  }

  #comesAfter(n: number, time: number, part: string, upwards: boolean) {
    const own = this.#times[n]!;
    const isUndated = own === UNDATED;
    if (isUndated !== (time === UNDATED)) return isUndated;
    const order = own !== time
      ? (own < time ? -1 : 1)
      : compareParts(this.#part(n), part);
    return upwards ? order > 0 : order < 0;
  }
}

/** Packs notes, in any order. */
export class NotesTextBuilder {
  readonly #shelves = new Map<number, readonly NotesRun[]>();
  /** Notes that are no runs yet, by their shelf. */
  readonly #loose = new Map<number, Cells[]>();
  #size = 0;
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** Notes. */
  get size(): number {
    return this.#size;
  }

  /** Whether it takes more than it may: nothing more is packed, and nothing is built. */
  get isFull(): boolean {
    return this.#bytes > this.maxBytes || this.#size > MAX_NOTES;
  }

  add(note: SearchedNote): void {
    if (this.isFull) return;
    const shelf = shelfOf(note.part);
    const cells = cellsOf(note);
    const loose = this.#loose.get(shelf);
    if (loose) loose.push(cells);
    else this.#loose.set(shelf, [cells]);
    this.#bytes += leastBytes(cells);
    this.#size++;
  }

  /** Puts the notes of a shelf in place of those that it has. */
  put(shelf: number, all: readonly NotesRun[]): void {
    const runs = joinedByWidth(all);
    for (const { bytes, size } of this.#shelves.get(shelf) ?? []) {
      this.#bytes -= bytes;
      this.#size -= size;
    }
    this.#shelves.set(shelf, runs);
    for (const { bytes, size } of runs) {
      this.#bytes += bytes;
      this.#size += size;
    }
  }

  /** See `NotesText.with()`. */
  change(
    changed: ReadonlySet<string>,
    notes: readonly SearchedNote[],
  ): void {
    const added = Map.groupBy(notes, ({ part }) => shelfOf(part));
    for (const [shelf, parts] of Map.groupBy(changed, shelfOf)) {
      const before = this.#shelves.get(shelf) ?? [];
      this.put(shelf, [
        ...before.map((run) => run.without(parts)),
        ...runsOf((added.get(shelf) ?? []).map(cellsOf)),
      ]);
    }
  }

  /** Null where it is full. */
  build(): NotesText | null {
    if (this.isFull) return null;
    for (const [shelf, cells] of this.#loose) {
      for (const one of cells) this.#bytes -= leastBytes(one);
      this.#size -= cells.length;
      this.put(shelf, runsOf(cells));
    }
    this.#loose.clear();
    return this.isFull ? null : new NotesText(this.#shelves);
  }
}

function spanTest(
  { dates, knownAt = Infinity }: NotesSearch,
): (time: number) => boolean {
  if (!dates) return (time) => time <= knownAt;
  const { from, to } = dates;
  return (time) => time >= from && time < to && time <= knownAt;
}
