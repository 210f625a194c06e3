/** What a test may do around a commit: look, wait, refuse, or let the process die. Commits count from 1. */
export interface KvHooks {
  /** Before a commit is applied. `keys`: those it sets and deletes. */
  beforeCommit?: (n: number, keys: readonly Deno.KvKey[]) => unknown;
  /** After a commit was applied, before its answer is heard. */
  afterCommit?: (n: number, keys: readonly Deno.KvKey[]) => unknown;
  /** What is heard of a commit, in place of its true outcome. */
  heard?: (
    n: number,
    keys: readonly Deno.KvKey[],
    outcome: CommitOutcome,
  ) => CommitOutcome;
  /** Before a read of one or several keys. */
  beforeGet?: () => unknown;
  /** After a read of one or several keys, before its answer is heard. */
  afterGet?: (keys: readonly Deno.KvKey[]) => unknown;
  /** A list is asked for. */
  onList?: (selector: Deno.KvListSelector) => unknown;
  /** Before each row of a list. */
  beforeList?: () => unknown;
}

type CommitOutcome = Deno.KvCommitResult | Deno.KvCommitError;

/** A database as it is, with hooks around its operations. Commits count from 1. */
export function hookedKv(kv: Deno.Kv, hooks: KvHooks): Deno.Kv {
  let commits = 0;
  const hookedAtomic = () => {
    const keys: Deno.KvKey[] = [];
    const atomic = kv.atomic();
    const { set, delete: remove, commit } = Deno.AtomicOperation.prototype;
    return Object.assign(atomic, {
      set: (key: Deno.KvKey, ...rest: [unknown, { expireIn?: number }?]) => {
        keys.push(key);
        return set.call(atomic, key, ...rest);
      },
      delete: (key: Deno.KvKey) => {
        keys.push(key);
        return remove.call(atomic, key);
      },
      commit: async () => {
        const n = ++commits;
        await hooks.beforeCommit?.(n, keys);
        const outcome = await commit.call(atomic);
        await hooks.afterCommit?.(n, keys);
        return hooks.heard?.(n, keys, outcome) ?? outcome;
      },
    });
  };
  const get = async <T>(key: Deno.KvKey) => {
    await hooks.beforeGet?.();
    const entry = await kv.get<T>(key);
    await hooks.afterGet?.([key]);
    return entry;
  };
  const getMany = async <T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ) => {
    await hooks.beforeGet?.();
    const entries = await kv.getMany<T>(keys);
    await hooks.afterGet?.(keys);
    return entries;
  };
  const list = <T>(...args: Parameters<Deno.Kv["list"]>) => {
    hooks.onList?.(args[0]);
    const rows = kv.list<T>(...args);
    const next = async () => {
      await hooks.beforeList?.();
      return await Deno.KvListIterator.prototype.next.call(rows);
    };
    return Object.assign(rows, { next });
  };
  const replaced = new Map<PropertyKey, unknown>(
    Object.entries({ atomic: hookedAtomic, get, getMany, list }),
  );
  return new Proxy(kv, {
    get(target, name) {
      const value: unknown = replaced.get(name) ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The process died: no operation answers any more. */
export class Crash extends Error {
  override name = "Crash";
}

/** Hooks of a process that dies at its nth commit, before or after the database has applied it. */
export function crashAt(n: number, when: "before" | "after"): KvHooks {
  return crashWhere((count) => count === n, when);
}

/** Hooks of a process that dies at the first commit for which `where` holds, before or after it was applied. */
export function crashWhere(
  where: (n: number, keys: readonly Deno.KvKey[]) => boolean,
  when: "before" | "after",
): KvHooks {
  let dead = false;
  const dieIfDead = () => {
    if (dead) throw new Crash("the process died");
  };
  const dieThere = (n: number, keys: readonly Deno.KvKey[]) => {
    dead ||= where(n, keys);
    dieIfDead();
  };
  return {
    beforeGet: dieIfDead,
    beforeList: dieIfDead,
    beforeCommit: when === "before" ? dieThere : dieIfDead,
    ...(when === "after" ? { afterCommit: dieThere } : {}),
  };
}
