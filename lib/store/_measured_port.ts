import type { KvOperation, KvPort } from "./_kv.ts";
import { estimateBytes, keyBytes } from "./_size.ts";

/** How an operation ended. */
export interface KvOutcome {
  /** A commit that was refused, and whatever was not done in time, is not. */
  ok: boolean;
  /** About so many bytes of keys and values were read or written. */
  bytes: number;
}

/** Told of an operation as it begins; what it answers is told how it ended. */
export type MeasureKv = (
  operation: KvOperation,
) => (outcome: KvOutcome) => void;

type Row = { key: Deno.KvKey; value: unknown };

/** A port that tells of each of its operations; private to lib/store. */
export function measuredPort(port: KvPort, measure: MeasureKv): KvPort {
  async function told<T>(
    operation: KvOperation,
    work: () => Promise<T>,
    outcomeOf: (result: T) => KvOutcome,
  ): Promise<T> {
    const ended = measure(operation);
    try {
      const result = await work();
      ended(outcomeOf(result));
      return result;
    } catch (error) {
      ended({ ok: false, bytes: 0 });
      throw error;
    }
  }

  return {
    get: <T>(key: Deno.KvKey) =>
      told(
        { kind: "get", keys: [key], mutations: 0 },
        () => port.get<T>(key),
        (row) => ({ ok: true, bytes: bytesOf([row]) }),
      ),
    getMany: <T>(keys: Deno.KvKey[]) =>
      told(
        { kind: "getMany", keys, mutations: 0 },
        () => port.getMany<T>(keys),
        (rows) => ({ ok: true, bytes: bytesOf(rows) }),
      ),
    async *list<T>(...args: Parameters<KvPort["list"]>) {
      const [selector] = args;
      const keys = "prefix" in selector
        ? [selector.prefix]
        : [selector.start, selector.end];
      const ended = measure({ kind: "list", keys, mutations: 0 });
      let bytes = 0;
      let ok = true;
      try {
        for await (const row of port.list<T>(...args)) {
          bytes += bytesOf([row]);
          yield row;
        }
      } catch (error) {
        ok = false;
        throw error;
      } finally {
        // Who has seen enough ends a list early.
        ended({ ok, bytes });
      }
    },
    commit: (commit) => {
      const { sets = [], deletes = [] } = commit;
      return told(
        {
          kind: "commit",
          keys: [...sets.map(({ key }) => key), ...deletes],
          mutations: sets.length + deletes.length,
        },
        () => port.commit(commit),
        ({ ok }) => ({ ok, bytes: ok ? bytesOf(sets) : 0 }),
      );
    },
    close: () => port.close(),
  };
}

function bytesOf(rows: readonly Row[]): number {
  return rows.reduce(
    (sum, { key, value }) => sum + keyBytes(key) + estimateBytes(value),
    0,
  );
}
