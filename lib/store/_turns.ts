import { createHash } from "node:crypto";
import type { Store } from "./_store.ts";

/** What this instance does with each counter, one after another. */
const turns = new WeakMap<Store, Map<string, Promise<unknown>>>();

/** Does the work when all that this instance began before at the same key is done. */
export function inTurn<T>(
  store: Store,
  key: Deno.KvKey,
  work: () => Promise<T>,
): Promise<T> {
  const queues = turns.get(store) ?? new Map<string, Promise<unknown>>();
  turns.set(store, queues);
  const name = key.join("\0");
  const mine = (queues.get(name) ?? Promise.resolve()).then(work, work);
  queues.set(name, mine);
  const leave = () => {
    if (queues.get(name) === mine) queues.delete(name);
  };
  mine.then(leave, leave);
  return mine;
}

/** Names whom a counter concerns without saying it. */
export function subjectHash(subject: string): string {
  return createHash("sha256").update(subject).digest("hex");
}
