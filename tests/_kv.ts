/** What a test may do around a commit: look, wait, refuse, or let the process die. */
export interface KvHooks {
  /** Before a commit is applied. */
  beforeCommit?: (n: number) => unknown;
  /** After a commit was applied, before its answer is heard. */
  afterCommit?: (n: number) => unknown;
  /** Before a read of one or several keys. */
  beforeGet?: () => unknown;
}

/** A database as it is, with hooks around its operations. Commits count from 1. */
export function hookedKv(kv: Deno.Kv, hooks: KvHooks): Deno.Kv {
  let commits = 0;
  const hookedAtomic = () => {
    const atomic = kv.atomic();
    const commit = async () => {
      const n = ++commits;
      await hooks.beforeCommit?.(n);
      const outcome = await Deno.AtomicOperation.prototype.commit.call(atomic);
      await hooks.afterCommit?.(n);
      return outcome;
    };
    return Object.assign(atomic, { commit });
  };
  const get = async <T>(key: Deno.KvKey) => {
    await hooks.beforeGet?.();
    return await kv.get<T>(key);
  };
  const getMany = async <T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ) => {
    await hooks.beforeGet?.();
    return await kv.getMany<T>(keys);
  };
  const replaced = new Map<PropertyKey, unknown>(
    Object.entries({ atomic: hookedAtomic, get, getMany }),
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
  let dead = false;
  const dieIfDead = () => {
    if (dead) throw new Crash("the process died");
  };
  const at = (count: number) => {
    dead ||= count === n;
    dieIfDead();
  };
  return {
    beforeGet: dieIfDead,
    beforeCommit: (count) => when === "before" ? at(count) : dieIfDead(),
    afterCommit: (count) => when === "after" ? at(count) : undefined,
  };
}
