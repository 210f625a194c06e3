/**
 * A growable column of unsigned integers. A table of the model is a few of these, so that
 * 100,000 records take a few bytes each and text exists only while a page is written.
 */
export class Column {
  #data: Uint8Array | Uint32Array;
  #length = 0;

  constructor(bits: 8 | 32) {
    this.#data = bits === 8 ? new Uint8Array(64) : new Uint32Array(64);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends and returns the row's place. */
  push(value: number): number {
    if (this.#length === this.#data.length) this.#grow();
    this.#data[this.#length] = value;
    return this.#length++;
  }

  /** The value of a row. Throws RangeError beyond the end. */
  get(row: number): number {
    const value = row < this.#length ? this.#data[row] : undefined;
    if (value === undefined) {
      throw new RangeError(
        `Cannot read row ${row}: the column has ${this.#length} rows`,
      );
    }
    return value;
  }

  set(row: number, value: number): void {
    this.get(row);
    this.#data[row] = value;
  }

  #grow(): void {
    const next = this.#data.length * 2;
    const grown = this.#data instanceof Uint8Array
      ? new Uint8Array(next)
      : new Uint32Array(next);
    grown.set(this.#data);
    this.#data = grown;
  }
}
