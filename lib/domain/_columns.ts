import { compareText } from "./_compare.ts";

/** What a cell may hold. */
export type Cell = string | number | null;

/** One column of a table: filled row by row, then sealed. */
export interface Column {
  add(value: unknown): void;
  /** Nothing is added any more. */
  seal(): void;
  /** What is compared and tested. */
  get(row: number): Cell;
  /** What was added. */
  valueOf(row: number): unknown;
  isBlank(row: number): boolean;
  /** What of a value a place in the list holds. */
  keyOf(row: number): Cell;
  /** Orders rows that are not blank, texts by their keys; of others it says anything. */
  comparer(keys: KeyOrder): (a: number, b: number) => number;
  /** Orders a row that is not blank and a key that another had. */
  compareTo(row: number, key: string | number, keys: KeyOrder): number;
  /** The test of a value as one of a row; a text that stands in many rows is tested once. */
  tester(test: (value: Cell) => boolean): (row: number) => boolean;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** Texts are told apart by so many characters when they are sorted, so that a place in a list stays short. */
const KEY_LENGTH = 80;

const MARKS = /\p{M}/gu;

/** What a text is sorted by: its beginning without accents, in small letters, the same on every machine. */
export function sortKeyOf(text: string): string {
  const plain = text.slice(0, 4 * KEY_LENGTH).normalize("NFKD")
    .replaceAll(MARKS, "").toLowerCase();
  return plain.slice(0, KEY_LENGTH).toWellFormed();
}

/** Orders what texts are sorted by. */
export type KeyOrder = (a: string, b: string) => number;

/** The texts that are known come first, in their order, then all others as people sort them. */
export function keyOrder(known: readonly string[] = []): KeyOrder {
  const places = new Map<string, number>();
  for (const key of known.map(sortKeyOf)) {
    if (!places.has(key)) places.set(key, places.size);
  }
  const placeOf = (key: string) => places.get(key) ?? places.size;
  return (a, b) => placeOf(a) - placeOf(b) || compareText(a, b);
}

/** Texts, each kept once; row by row the number of its text, 0 for none. */
export class TextColumn implements Column {
  readonly #texts: string[] = [];
  #numbers: Map<string, number> | null = new Map();
  #growing: number[] = [];
  #codes = new Uint32Array();
  #textBytes = 0;

  add(value: unknown): void {
    this.#growing.push(value === null ? 0 : this.#numberOf(String(value)));
  }

  valueOf(row: number): unknown {
    return this.get(row);
  }

  #numberOf(text: string): number {
    const known = this.#numbers!.get(text);
    if (known !== undefined) return known;
    this.#textBytes += 32 + 2 * text.length;
    const number = this.#texts.push(text);
    this.#numbers!.set(text, number);
    return number;
  }

  seal(): void {
    this.#codes = Uint32Array.from(this.#growing);
    this.#growing = [];
    this.#numbers = null;
  }

  get bytes(): number {
    return this.#codes.byteLength + this.#textBytes +
      4 * this.#texts.length;
  }

  /** How many different texts there are. */
  get distinct(): number {
    return this.#texts.length;
  }

  sortedTexts(keys: KeyOrder): string[] {
    return [...this.#texts].sort((a, b) =>
      keys(sortKeyOf(a), sortKeyOf(b)) || compareText(a, b)
    );
  }

  get(row: number): string | null {
    const code = this.#codes[row]!;
    return code === 0 ? null : this.#texts[code - 1]!;
  }

  isBlank(row: number): boolean {
    return this.#codes[row] === 0;
  }

  keyOf(row: number): string | null {
    const text = this.get(row);
    return text === null ? null : sortKeyOf(text);
  }

  comparer(keys: KeyOrder) {
    const ranks = this.#rankTexts(keys);
    const codes = this.#codes;
    return (a: number, b: number) => ranks[codes[a]!]! - ranks[codes[b]!]!;
  }

  /** By number of a text its place among the texts; those that sort alike have the same. */
  #rankTexts(order: KeyOrder): Uint32Array {
    const keys = this.#texts.map(sortKeyOf);
    const sorted = Uint32Array.from(keys.keys())
      .sort((a, b) => order(keys[a]!, keys[b]!));
    const ranks = new Uint32Array(keys.length + 1);
    let rank = 0;
    sorted.forEach((text, place) => {
      const before = sorted[place - 1];
      if (before === undefined || keys[before] !== keys[text]) rank++;
      ranks[text + 1] = rank;
    });
    return ranks;
  }

  compareTo(row: number, key: string | number, keys: KeyOrder): number {
    return keys(sortKeyOf(this.get(row)!), String(key));
  }

  tester(test: (value: Cell) => boolean) {
    const codes = this.#codes;
    const passes = new Uint8Array(this.#texts.length + 1);
    passes[0] = Number(test(null));
    this.#texts.forEach((text, n) => passes[n + 1] = Number(test(text)));
    return (row: number) => passes[codes[row]!] === 1;
  }
}

/** Values of any form, each different one kept once, as JSON. */
export class JsonColumn extends TextColumn {
  override add(value: unknown): void {
    super.add(value === null ? null : JSON.stringify(value));
  }

  override valueOf(row: number): unknown {
    const text = this.get(row);
    return text === null ? null : JSON.parse(text);
  }
}

/** Numbers, or instants by their milliseconds; NaN for none. */
export class NumberColumn implements Column {
  #growing: number[] = [];
  #values = new Float64Array();

  constructor(private readonly isTime: boolean) {}

  add(value: unknown): void {
    this.#growing.push(value === null ? NaN : this.#numberOf(value));
  }

  valueOf(row: number): unknown {
    return this.get(row);
  }

  #numberOf(value: unknown): number {
    return this.isTime ? Date.parse(String(value)) : Number(value);
  }

  seal(): void {
    this.#values = Float64Array.from(this.#growing);
    this.#growing = [];
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  get(row: number): Cell {
    const value = this.#values[row]!;
    if (Number.isNaN(value)) return null;
    return this.isTime ? new Date(value).toISOString() : value;
  }

  isBlank(row: number): boolean {
    return Number.isNaN(this.#values[row]!);
  }

  keyOf(row: number): Cell {
    return this.get(row);
  }

  comparer() {
    const values = this.#values;
    return (a: number, b: number) => values[a]! - values[b]!;
  }

  compareTo(row: number, key: string | number): number {
    return this.#values[row]! - this.#numberOf(key);
  }

  tester(test: (value: Cell) => boolean) {
    return (row: number) => test(this.get(row));
  }
}
