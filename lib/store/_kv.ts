import {
  type Clock,
  systemClock,
  TerminalError,
  TransientError,
} from "../domain/mod.ts";
import { isDamaged, isOfRemote, whyNotRemote } from "./_open_kv.ts";
import { partsOf, someAtATime } from "./_parts.ts";
import { keyBytes } from "./_size.ts";
import type { Key } from "./keys.ts";

/** What happened at the database, for counting writes in tests and measurements. */
export interface KvOperation {
  kind: "get" | "getMany" | "list" | "commit";
  /** Keys read, listed (the prefix or start) or written. */
  keys: Key[];
  /** Sets and deletes of a commit, else 0. */
  mutations: number;
}

/** One atomic operation. Within every limit of Deno KV, see {@linkcode Batch}. */
export interface Commit {
  checks?: { key: Key; versionstamp: string | null }[];
  sets?: { key: Key; value: unknown; expireIn?: number }[];
  deletes?: Key[];
}

export type CommitOutcome = { ok: true; versionstamp: string } | { ok: false };

export interface ListOptions {
  limit?: number;
  reverse?: boolean;
  /** Rows fetched at once, at most and unless told 1,000. */
  pageSize?: number;
}

/**
 * Deno KV with a deadline on every operation. A locked database is tried again with jitter until the
 * deadline; what is still not done then is a {@linkcode TransientError}. Private to lib/store.
 */
export interface KvPort {
  get<T>(key: Key): Promise<Deno.KvEntryMaybe<T>>;
  /** At most 10 keys a call upstream, and 10 calls at a time; any number here. */
  getMany<T>(keys: Key[]): Promise<Deno.KvEntryMaybe<T>[]>;
  /** Rows of a prefix or a range, fetched by pages of up to 1,000, each under the deadline. */
  list<T>(
    selector: Deno.KvListSelector,
    options?: ListOptions,
  ): AsyncGenerator<Deno.KvEntry<T>>;
  commit(commit: Commit): Promise<CommitOutcome>;
  close(): void;
}

export interface KvPortOptions {
  /** Milliseconds for one operation, retries included. */
  deadlineMs?: number;
  clock?: Clock;
  random?: () => number;
  observe?: (operation: KvOperation) => void;
  /** Another connection to the same database, which takes the commits; closed with the port. */
  writes?: Deno.Kv;
}

/** Milliseconds for one operation, unless told. */
export const DEADLINE_MS = 5_000;
const GET_MANY_LIMIT = 10;
/** Of those that one `getMany()` needs: a remote database answers them side by side. */
const CALLS_AT_A_TIME = 10;
/** The longest key that the database takes. */
const MAX_KEY_BYTES = 2048;
const PAGE = 1000;

const isLocked = (error: unknown) =>
  error instanceof Error &&
  /database is locked|SQLITE_BUSY/i.test(error.message);

const isFull = (error: unknown) =>
  error instanceof Error && /disk is full|SQLITE_FULL/i.test(error.message);

/** Whether Deno says that a value stands there in a form that it does not know. */
const isUnreadable = (error: unknown) =>
  error instanceof RangeError &&
  /could not deserialize value/i.test(error.message);

export function createKvPort(
  kv: Deno.Kv,
  {
    deadlineMs = DEADLINE_MS,
    clock = systemClock,
    random = Math.random,
    observe = () => {},
    writes = kv,
  }: KvPortOptions = {},
): KvPort {
  /** Operations that passed their deadline and have not ended. */
  const overdue = new Set<Promise<unknown>>();

  /** The deadline of operations runs on real time: it guards against a hang, it decides nothing. */
  function inTime<T>(what: string, run: () => Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new AbortController();
    let locked: unknown;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new TransientError(
            `Cannot ${what}: ${
              locked
                ? "another process kept the database locked for"
                : "the database did not answer within"
            } ${deadlineMs / 1000} s`,
            { cause: locked },
          ),
        );
        over.abort();
        overdue.add(work);
        work.finally(() => overdue.delete(work)).catch(() => {});
      }, deadlineMs);
    });
    const attempts = async () => {
      for (let attempt = 0;; attempt++) {
        try {
          return await run();
        } catch (error) {
          if (isFull(error)) {
            const message = `Cannot ${what}: its disk is full`;
            throw new TransientError(message, { cause: error });
          }
          if (isDamaged(error)) {
            const message =
              `Cannot ${what}: its file is damaged; restore a backup into a new one`;
            throw new TerminalError(message, { cause: error });
          }
          if (isOfRemote(error)) {
            const message = `Cannot ${what}: ${whyNotRemote(error.message)}`;
            throw new TransientError(message, { cause: error });
          }
          if (isUnreadable(error)) {
            const message =
              `Cannot ${what}: a later Deno than this one, ${Deno.version.deno}, has written there, or a value is damaged; run that Deno, or restore a backup into a new database`;
            throw new TerminalError(message, { cause: error });
          }
          if (!isLocked(error) || over.signal.aborted) throw error;
          locked = error;
          const pause = (10 + random() * 40) * Math.min(attempt + 1, 8);
          await clock.sleep(pause, over.signal);
        }
      }
    };
    const work = attempts();
    work.catch(() => {});
    return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
  }

  function closeAll(): void {
    for (const one of new Set([kv, writes])) one.close();
  }

  return {
    get<T>(key: Key) {
      if (!isPossible(key)) return Promise.resolve(absent<T>(key));
      observe({ kind: "get", keys: [key], mutations: 0 });
      return inTime("read from the database", () => kv.get<T>(key));
    },

    async getMany<T>(keys: Key[]) {
      observe({ kind: "getMany", keys, mutations: 0 });
      const possible = keys.filter(isPossible);
      const calls = await someAtATime(
        partsOf(possible, GET_MANY_LIMIT),
        CALLS_AT_A_TIME,
        (some) => inTime("read from the database", () => kv.getMany<T[]>(some)),
      );
      const found: Deno.KvEntryMaybe<T>[] = calls.flat();
      if (possible.length === keys.length) return found;
      return keys.map((key) =>
        isPossible(key) ? found.shift()! : absent<T>(key)
      );
    },

    async *list<T>(selector: Deno.KvListSelector, options: ListOptions = {}) {
      const { limit = Infinity, reverse = false, pageSize = PAGE } = options;
      const bounds = "prefix" in selector
        ? [selector.prefix]
        : [selector.start, selector.end];
      observe({ kind: "list", keys: bounds, mutations: 0 });
      let cursor: string | undefined;
      for (let left = limit; left > 0;) {
        const size = Math.min(PAGE, pageSize, left);
        const page = await inTime("list rows of the database", async () => {
          const rows: Deno.KvEntry<T>[] = [];
          const iterator = kv.list<T>(selector, {
            limit: size,
            batchSize: size,
            reverse,
            ...(cursor ? { cursor } : {}),
          });
          for await (const row of iterator) rows.push(row);
          return { rows, cursor: iterator.cursor };
        });
        yield* page.rows;
        if (page.rows.length < size) return;
        left -= size;
        cursor = page.cursor;
      }
    },

    commit({ checks = [], sets = [], deletes = [] }: Commit) {
      observe({
        kind: "commit",
        keys: [...sets.map((set) => set.key), ...deletes],
        mutations: sets.length + deletes.length,
      });
      return inTime("write to the database", () => {
        const atomic = writes.atomic();
        for (const check of checks) atomic.check(check);
        for (const { key, value, expireIn } of sets) {
          atomic.set(key, value, expireIn === undefined ? {} : { expireIn });
        }
        for (const key of deletes) atomic.delete(key);
        return atomic.commit();
      });
    },

    close() {
      if (overdue.size === 0) return closeAll();
      // A file that another process keeps locked would hold this one up until they have ended.
      Promise.allSettled(overdue).then(closeAll);
    },
  };
}

/** Whether a row can stand under a key: what an address asks for may be longer than any key. */
function isPossible(key: Key): boolean {
  return keyBytes(key) <= MAX_KEY_BYTES;
}

function absent<T>(key: Key): Deno.KvEntryMaybe<T> {
  return { key, value: null, versionstamp: null };
}
