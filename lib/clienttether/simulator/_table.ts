import type { LiteralRow, WireRow } from "./types.ts";

/** Records that a model makes up on demand, by row. */
export interface Generated {
  length(): number;
  /** Changes whenever a record comes or goes. */
  revision(): number;
  id(row: number): string;
  /** The row of an id, or -1. */
  row(id: string): number;
  isGone(row: number): boolean;
  remove(row: number): void;
  wire(row: number): WireRow;
}

/** A list as one request sees it: JSON texts by place. */
export interface ListView {
  length: number;
  text(place: number): string;
}

/** What a request asks of a list; `key` tells equal questions. */
export interface Filter {
  key: string;
  generated(row: number): boolean;
  literal(row: WireRow): boolean;
}

const EVERYTHING: Filter = {
  key: "",
  generated: () => true,
  literal: () => true,
};

interface Selection {
  key: string;
  revision: number;
  rows: Uint32Array;
  literals: string[];
}

/**
 * One list of a brand: generated records, overlaid by literal ones that are served verbatim.
 * A literal with the id of a generated record takes its place (a deleted one excepted), others
 * follow at the end.
 */
export class Table {
  readonly #generated: Generated;
  readonly #idFields: readonly string[];
  readonly #newestFirst: boolean;
  readonly #literals = new Map<string, string>();
  #anonymous = 0;
  #edits = 0;
  #selected: Selection | null = null;

  constructor(
    generated: Generated,
    idFields: readonly string[],
    newestFirst = false,
  ) {
    this.#generated = generated;
    this.#idFields = idFields;
    this.#newestFirst = newestFirst;
  }

  /** Adds a literal record or replaces the one with its id; returns the id. */
  put(record: LiteralRow): string {
    const text = typeof record === "string" ? record : JSON.stringify(record);
    const id = this.#idOf(parseRow(text));
    this.#literals.set(id, text);
    this.#edits++;
    return id;
  }

  /** Deletes a record; false when there is none of that id. */
  remove(id: string): boolean {
    const literal = this.#literals.delete(id);
    const row = this.#living(id);
    if (row >= 0) this.#generated.remove(row);
    this.#edits++;
    return literal || row >= 0;
  }

  /** Deletes every record there is now. */
  clear(): void {
    this.#literals.clear();
    for (let row = 0; row < this.#generated.length(); row++) {
      if (!this.#generated.isGone(row)) this.#generated.remove(row);
    }
    this.#edits++;
  }

  /** The JSON text of the record with this id, or null. */
  find(id: string): string | null {
    const literal = this.#literals.get(id);
    if (literal !== undefined) return literal;
    const row = this.#living(id);
    return row < 0 ? null : JSON.stringify(this.#generated.wire(row));
  }

  /** Whether the record with this id is a literal one. */
  isLiteral(id: string): boolean {
    return this.#literals.has(id);
  }

  /** The literal records, verbatim. */
  literals(): Iterable<string> {
    return this.#literals.values();
  }

  /** The list under a filter, in the brand's order. */
  view(filter: Filter = EVERYTHING): ListView {
    const { rows, literals } = this.#select(filter);
    const length = rows.length + literals.length;
    const text = (place: number): string => {
      const at = this.#newestFirst ? length - 1 - place : place;
      const row = rows[at];
      if (row === undefined) return literals[at - rows.length] ?? "null";
      const literal = this.#literals.size === 0
        ? undefined
        : this.#literals.get(this.#generated.id(row));
      return literal ?? JSON.stringify(this.#generated.wire(row));
    };
    return { length, text };
  }

  #living(id: string): number {
    const row = this.#generated.row(id);
    const there = row >= 0 && row < this.#generated.length() &&
      !this.#generated.isGone(row);
    return there ? row : -1;
  }

  #select(filter: Filter): Selection {
    const { key } = filter;
    const revision = this.#generated.revision() + this.#edits;
    const known = this.#selected;
    if (known?.key === key && known.revision === revision) return known;
    const inPlace = new Set<string>();
    const count = this.#generated.length();
    const rows = new Uint32Array(count);
    let found = 0;
    for (let row = 0; row < count; row++) {
      if (this.#generated.isGone(row)) continue;
      const literal = this.#literals.size === 0
        ? undefined
        : this.#literals.get(this.#generated.id(row));
      if (literal !== undefined) inPlace.add(this.#generated.id(row));
      const wanted = literal === undefined
        ? filter.generated(row)
        : filter.literal(parseRow(literal));
      if (wanted) rows[found++] = row;
    }
    const literals = [...this.#literals]
      .filter(([id, text]) =>
        !inPlace.has(id) && filter.literal(parseRow(text))
      )
      .map(([, text]) => text);
    this.#selected = {
      key,
      revision,
      rows: rows.slice(0, found),
      literals,
    };
    return this.#selected;
  }

  #idOf(row: WireRow): string {
    for (const field of this.#idFields) {
      const id = row[field];
      if (typeof id === "string" || typeof id === "number") return String(id);
    }
    // A record without an id can be served, not addressed.
    return `without id ${++this.#anonymous}`;
  }
}

/** A literal's fields. Throws SyntaxError for a text that is not a JSON object. */
export function parseRow(text: string): WireRow {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError(
      `Cannot serve a literal record: '${
        text.slice(0, 40)
      }' is not a JSON object`,
    );
  }
  return { ...value };
}
