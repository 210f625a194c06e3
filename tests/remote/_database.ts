import { DatabaseSync } from "node:sqlite";
import type {
  AtomicWrite,
  Mutation,
  RawEntry,
  RawValue,
  ReadRange,
} from "./_messages.ts";

/** What a self-hosted denokv takes at most, in rows and bytes. */
const LIMITS = {
  writeKey: 2_048,
  readKey: 2_049,
  value: 65_536,
  ranges: 10,
  entries: 1_000,
  checks: 10,
  mutations: 1_000,
  payload: 819_200,
};

interface Row {
  k: Uint8Array;
  v: Uint8Array;
  encoding: number;
  version: number;
}

/** Rows by their encoded keys, in memory. Time does not pass in it: nothing expires. */
export class RawDatabase implements Disposable {
  readonly #db = new DatabaseSync(":memory:");
  #version = 0;

  constructor() {
    this.#db.exec(
      "CREATE TABLE kv (k BLOB PRIMARY KEY, v BLOB NOT NULL, encoding INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /** @throws {RangeError} where more is asked for than denokv gives. */
  read(ranges: readonly ReadRange[]): RawEntry[][] {
    atMost("ranges", ranges.length);
    atMost("entries", ranges.reduce((sum, { limit }) => sum + limit, 0));
    return ranges.map(({ start, end, limit, reverse }) => {
      atMost("readKey", Math.max(start.length, end.length));
      const rows = this.#db.prepare(
        `SELECT * FROM kv WHERE k >= ? AND k < ? ORDER BY k ${
          reverse ? "DESC" : "ASC"
        } LIMIT ?`,
      ).all(start, end, limit) as unknown as Row[];
      return rows.map(({ k, v, encoding, version }) => ({
        key: k,
        value: { data: v, encoding },
        versionstamp: stampOf(version),
      }));
    });
  }

  /**
   * Its versionstamp; null where a check has failed.
   *
   * @throws {RangeError} where it is more than denokv takes.
   */
  write({ checks, mutations }: AtomicWrite): Uint8Array | null {
    atMost("checks", checks.length);
    atMost("mutations", mutations.length);
    atMost("payload", mutations.reduce((sum, one) => sum + sizeOf(one), 0));
    const holds = checks.every(({ key, versionstamp }) =>
      this.#stampOf(key).toHex() === versionstamp.toHex()
    );
    if (!holds) return null;
    this.#version++;
    this.#db.exec("BEGIN");
    for (const { key, value } of mutations) this.#apply(key, value);
    this.#db.exec("COMMIT");
    return stampOf(this.#version);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #stampOf(key: Uint8Array): Uint8Array {
    const row = this.#db.prepare("SELECT version FROM kv WHERE k = ?")
      .get(key);
    return row ? stampOf(Number(row.version)) : new Uint8Array(0);
  }

  #apply(key: Uint8Array, value: RawValue | null): void {
    atMost("writeKey", key.length);
    if (!value) {
      this.#db.prepare("DELETE FROM kv WHERE k = ?").run(key);
      return;
    }
    atMost("value", value.data.length);
    this.#db.prepare("INSERT OR REPLACE INTO kv VALUES (?, ?, ?, ?)")
      .run(key, value.data, value.encoding, this.#version);
  }
}

function sizeOf({ key, value }: Mutation): number {
  return key.length + (value?.data.length ?? 0);
}

function atMost(what: keyof typeof LIMITS, count: number): void {
  if (count <= LIMITS[what]) return;
  throw new RangeError(`${count} is more ${what} than ${LIMITS[what]}`);
}

/** A versionstamp is ten bytes that grow from commit to commit. */
function stampOf(version: number): Uint8Array {
  const stamp = new Uint8Array(10);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(version));
  return stamp;
}
