import { compareText } from "./_compare.ts";
import {
  type Cell,
  type Column,
  JsonColumn,
  type KeyOrder,
  keyOrder,
  NumberColumn,
  TextColumn,
} from "./_columns.ts";

export type { Cell };

/**
 * How a field of the rows is kept: a text, an instant (ISO 8601 UTC), a number, or any JSON; each may be null. JSON is
 * only given back: nothing is sorted or narrowed by it.
 */
export type FieldKind = "text" | "time" | "number" | "json";

/** Every field of a row with its kind. */
export type FieldKinds<Row> = {
  readonly [F in keyof Row]-?: FieldKind;
};

/** By which field rows are listed, and whether downwards. */
export interface RowOrder<Row> {
  field: keyof Row & string;
  down: boolean;
  /** Ids break ties upwards, though the list may run downwards. */
  idsUp?: boolean;
  /** Texts of the field that come before all others, in this order. */
  known?: readonly string[];
}

/** A place in a list: what a row is sorted by, null where it is blank, and its id as it breaks ties. */
export interface Position {
  key: Cell;
  id: string;
}

/** Holds for a row where one of the fields passes the test. */
export interface Condition<Row> {
  fields: ReadonlyArray<keyof Row & string>;
  test: (value: Cell) => boolean;
}

export interface SelectOptions<Row> {
  order: RowOrder<Row>;
  /** All of them hold. */
  where?: ReadonlyArray<Condition<Row>>;
  /** Only what comes after this place; it need not be a row's any more. */
  after?: Position | undefined;
  limit: number;
}

/** A page of the rows that match. */
export interface Selection<Row> {
  rows: Row[];
  /** All rows that match, on whatever page. */
  total: number;
  /** Those of them that come before the page. */
  before: number;
  /** Where the page ends; null when nothing follows. */
  end: Position | null;
}

/** Whether all conditions hold for a row. */
export function meets<Row>(
  row: Row,
  where: ReadonlyArray<Condition<Row>>,
): boolean {
  return where.every(({ fields, test }) =>
    fields.some((field) => test(row[field] as Cell))
  );
}

/**
 * Many rows, kept by column so that they take little memory: texts once each, numbers and instants in typed arrays.
 * It is never changed once it is built.
 *
 * Rows are listed by one field, upwards or downwards: texts as people sort them, blank ones last both ways, and where
 * all else is equal by the id as text, in the direction of the list unless told otherwise.
 */
export class ColumnTable<Row extends { id: string }> {
  readonly #orders = new Map<string, Order>();
  #ranks: Uint32Array | null = null;

  private constructor(
    private readonly columns: ReadonlyMap<string, Column>,
    private readonly tieOf: (id: string) => string,
    /** Rows. */
    readonly size: number,
  ) {}

  /**
   * Builds a table from rows, one after the other.
   *
   * @param tieOf the form of an id by which ties are broken, the id itself unless given
   */
  static async from<Row extends { id: string }>(
    kinds: FieldKinds<Row>,
    rows: Iterable<Row> | AsyncIterable<Row>,
    tieOf: (id: string) => string = (id) => id,
  ): Promise<ColumnTable<Row>> {
    const columns = new Map<string, Column>();
    for (const [field, kind] of Object.entries<FieldKind>(kinds)) {
      columns.set(field, COLUMNS[kind]());
    }
    let size = 0;
    for await (const row of rows) {
      for (const [field, column] of columns) {
        column.add(row[field as keyof Row] ?? null);
      }
      size++;
    }
    for (const column of columns.values()) column.seal();
    return new ColumnTable<Row>(columns, tieOf, size);
  }

  /** About how much memory it takes at most, the orders included that are made when they are first asked for. */
  get bytes(): number {
    let bytes = 4 * this.size;
    for (const column of this.columns.values()) {
      bytes += column.bytes + 8 * this.size;
    }
    return bytes;
  }

  /** The rows that match, page by page. */
  select({ order, where = [], after, limit }: SelectOptions<Row>): Selection<
    Row
  > {
    const accepts = this.#accepts(where);
    const sorted = this.#order(order);
    const start = after ? this.#startAfter(sorted, order, after) : 0;
    const rows: number[] = [];
    let total = 0;
    let before = 0;
    for (let place = 0; place < this.size; place++) {
      const row = sorted.at(place, order.down);
      if (!accepts(row)) continue;
      total++;
      if (place < start) before++;
      else if (rows.length < limit) rows.push(row);
    }
    const last = rows.at(-1);
    const hasMore = before + rows.length < total;
    return {
      rows: rows.map((row) => this.#row(row)),
      total,
      before,
      end: hasMore && last !== undefined ? this.#position(last, order) : null,
    };
  }

  /** All rows that match, in order. */
  *all(
    { order, where = [] }: Pick<SelectOptions<Row>, "order" | "where">,
  ): Generator<Row> {
    const accepts = this.#accepts(where);
    const sorted = this.#order(order);
    for (let place = 0; place < this.size; place++) {
      const row = sorted.at(place, order.down);
      if (accepts(row)) yield this.#row(row);
    }
  }

  /** The different texts of a field, sorted, known ones first, at most so many; null where there are more. */
  texts(
    field: keyof Row & string,
    atMost: number,
    known: readonly string[] = [],
  ): string[] | null {
    const column = this.#column(field);
    if (!(column instanceof TextColumn)) return null;
    return column.distinct <= atMost
      ? column.sortedTexts(keyOrder(known))
      : null;
  }

  #column(field: string): Column {
    const column = this.columns.get(field);
    if (!column) {
      throw new TypeError(`Cannot list by '${field}': no such field`);
    }
    return column;
  }

  #accepts(where: ReadonlyArray<Condition<Row>>): (row: number) => boolean {
    const tests = where.map(({ fields, test }) => {
      const [first, ...others] = fields.map((field) =>
        this.#column(field).tester(test)
      );
      if (!first) return () => false;
      return others.length === 0
        ? first
        : (row: number) => first(row) || others.some((other) => other(row));
    });
    return (row) => tests.every((test) => test(row));
  }

  #order(asked: RowOrder<Row>): Order {
    const { field, known = [] } = asked;
    const ties = tieDirection(asked);
    const name = JSON.stringify([ties, field, ...known]);
    const made = this.#orders.get(name);
    if (made) return made;
    const ranks = this.#tieRanks();
    const order = new Order(
      this.#column(field),
      keyOrder(known),
      (a, b) => ties * (ranks[a]! - ranks[b]!),
      this.size,
    );
    this.#orders.set(name, order);
    return order;
  }

  /** For each row its place among all by id. */
  #tieRanks(): Uint32Array {
    if (this.#ranks) return this.#ranks;
    const ties = Array.from({ length: this.size }, (_, row) => this.#tie(row));
    const sorted = Uint32Array.from(ties.keys())
      .sort((a, b) => compareText(ties[a]!, ties[b]!));
    const ranks = new Uint32Array(this.size);
    sorted.forEach((row, rank) => ranks[row] = rank);
    return this.#ranks = ranks;
  }

  #tie(row: number): string {
    return this.tieOf(String(this.#column("id").get(row)));
  }

  /** The first place that comes after a position. */
  #startAfter(sorted: Order, order: RowOrder<Row>, after: Position): number {
    const keys = keyOrder(order.known);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = sorted.at(middle, order.down);
      if (this.#comesAfter(row, order, after, keys)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #comesAfter(
    row: number,
    order: RowOrder<Row>,
    at: Position,
    keys: KeyOrder,
  ) {
    const { field, down } = order;
    const column = this.#column(field);
    const blank = column.isBlank(row);
    if (blank !== (at.key === null)) return blank;
    const byKey = at.key === null ? 0 : column.compareTo(row, at.key, keys);
    const difference = byKey ||
      tieDirection(order) * compareText(this.#tie(row), at.id);
    return down ? difference < 0 : difference > 0;
  }

  #position(row: number, { field }: RowOrder<Row>): Position {
    return { key: this.#column(field).keyOf(row), id: this.#tie(row) };
  }

  #row(row: number): Row {
    const fields: Record<string, unknown> = {};
    for (const [field, column] of this.columns) {
      fields[field] = column.valueOf(row);
    }
    return fields as unknown as Row;
  }
}

/** How ids stand in an order before it is turned round for a list that runs downwards. */
function tieDirection<Row>({ down, idsUp }: RowOrder<Row>): 1 | -1 {
  return down && idsUp ? -1 : 1;
}

const COLUMNS: Record<FieldKind, () => Column> = {
  text: () => new TextColumn(),
  time: () => new NumberColumn(true),
  number: () => new NumberColumn(false),
  json: () => new JsonColumn(),
};

/** Rows in the order of one column, upwards, blank ones at the end. */
class Order {
  readonly #rows: Uint32Array;
  readonly #filled: number;

  constructor(
    column: Column,
    keys: KeyOrder,
    compareTies: (a: number, b: number) => number,
    size: number,
  ) {
    const compare = column.comparer(keys);
    let filled = 0;
    for (let row = 0; row < size; row++) if (!column.isBlank(row)) filled++;
    this.#filled = filled;
    this.#rows = Uint32Array.from({ length: size }, (_, row) => row).sort(
      (a, b) => {
        const blank = Number(column.isBlank(a)) - Number(column.isBlank(b));
        return blank || compare(a, b) || compareTies(a, b);
      },
    );
  }

  /** The row at a place of the list, which runs downwards or upwards. */
  at(place: number, down: boolean): number {
    const filled = this.#filled;
    const from = !down
      ? place
      : place < filled
      ? filled - 1 - place
      : this.#rows.length - 1 - (place - filled);
    return this.#rows[from]!;
  }
}
