import { serialize } from "node:v8";

/** What Deno KV on Deno Deploy bills: a read unit is 4 KiB, a write unit is 1 KiB, and nothing costs less than one. */
export interface Units {
  reads: number;
  writes: number;
}

const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

/** Bytes of a row as they are stored, near enough: V8's own serialization, and the text of the key. */
export function rowBytes(key: Deno.KvKey, value: unknown): number {
  return serialize([...key]).byteLength + serialize(value).byteLength;
}

const units = (bytes: number, unit: number) =>
  Math.max(1, Math.ceil(bytes / unit));

/** A database that counts what its operations would be billed. */
export function meteredKv(kv: Deno.Kv): { kv: Deno.Kv; take(): Units } {
  let count: Units = { reads: 0, writes: 0 };
  const read = ({ key, value }: Deno.KvEntryMaybe<unknown>) => {
    count.reads += units(value === null ? 0 : rowBytes(key, value), READ_UNIT);
  };
  const wrote = (key: Deno.KvKey, value?: unknown) => {
    const bytes = value === undefined ? 0 : rowBytes(key, value);
    count.writes += units(bytes, WRITE_UNIT);
  };
  const replaced: Partial<Deno.Kv> = {
    async get<T>(key: Deno.KvKey) {
      const entry = await kv.get<T>(key);
      read(entry);
      return entry;
    },
    async getMany<T extends readonly unknown[]>(
      keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
    ) {
      const entries = await kv.getMany<T>(keys);
      for (const entry of entries as Deno.KvEntryMaybe<unknown>[]) read(entry);
      return entries;
    },
    list<T>(...args: Parameters<Deno.Kv["list"]>) {
      return countedList(kv.list<T>(...args), (bytes) => {
        count.reads += units(bytes, READ_UNIT);
      });
    },
    atomic: () => countedAtomic(kv.atomic(), wrote),
  };
  const metered = new Proxy(kv, {
    get(target, name) {
      const value: unknown = Reflect.get(replaced, name) ??
        Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    kv: metered,
    take: () => {
      const taken = count;
      count = { reads: 0, writes: 0 };
      return taken;
    },
  };
}

/** The rows of one page are billed together. */
function countedList<T>(
  rows: Deno.KvListIterator<T>,
  ended: (bytes: number) => void,
): Deno.KvListIterator<T> {
  let bytes = 0;
  const next = async () => {
    const step = await Deno.KvListIterator.prototype.next.call(rows);
    if (step.done) ended(bytes);
    else bytes += rowBytes(step.value.key, step.value.value);
    return step;
  };
  return Object.assign(rows, { next });
}

function countedAtomic(
  atomic: Deno.AtomicOperation,
  wrote: (key: Deno.KvKey, value?: unknown) => void,
): Deno.AtomicOperation {
  const { set, delete: remove } = Deno.AtomicOperation.prototype;
  return Object.assign(atomic, {
    set: (
      key: Deno.KvKey,
      value: unknown,
      ...rest: [{ expireIn?: number }?]
    ) => {
      wrote(key, value);
      return set.call(atomic, key, value, ...rest);
    },
    delete: (key: Deno.KvKey) => {
      wrote(key);
      return remove.call(atomic, key);
    },
  });
}
