import type { Store } from "../store/mod.ts";
import { logOf } from "./errors.ts";
import type { Services } from "./state.ts";

const pending = new WeakMap<Store, Set<Promise<void>>>();

/**
 * Does something after the answer, so that the time of the answer does not tell what it is. A failure
 * is logged: nobody waits for it.
 *
 * @param what In words, for the log: "send a reset link".
 */
export function later(
  services: Services,
  what: string,
  work: () => Promise<void>,
): void {
  const all = pending.get(services.store) ?? new Set();
  pending.set(services.store, all);
  const done = Promise.resolve().then(work).catch((error: unknown) => {
    logOf(services).error("Cannot {what}: {error}", { what, error });
  }).finally(() => all.delete(done));
  all.add(done);
}

/** Resolves when nothing is left to be done later. */
export async function settled(store: Store): Promise<void> {
  for (;;) {
    const all = [...pending.get(store) ?? []];
    if (all.length === 0) return;
    await Promise.all(all);
  }
}
