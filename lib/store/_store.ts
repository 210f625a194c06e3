import type { KvPort } from "./_kv.ts";
import type { ListCache } from "./list_cache.ts";

/**
 * The database, as the rest of the portal holds it: opaque. There is no way from here to a raw key;
 * data of a tenant is reached through `openTenant()` alone.
 */
export interface Store {
  /** Made at the first boot; tells one database from another. */
  readonly id: string;
  /** Whether the database answers. Never throws. */
  health(): Promise<boolean>;
  /** Why the database cannot be used yet, where the portal waits for it; null once it can, which it stays. */
  refusal(): Error | null;
  close(): void;
}

interface Bound {
  port: KvPort;
  lists: ListCache;
}

const bounds = new WeakMap<Store, Bound>();

/** Ties a store to its port and to the lists that it keeps in memory; private to lib/store. */
export function bindPort(store: Store, bound: Bound): Store {
  bounds.set(store, bound);
  return store;
}

/** The port of a store; private to lib/store. */
export function kvOf(store: Store): KvPort {
  return boundOf(store).port;
}

/** The lists that a store keeps in memory; private to lib/store. */
export function listsOf(store: Store): ListCache {
  return boundOf(store).lists;
}

function boundOf(store: Store): Bound {
  const bound = bounds.get(store);
  if (!bound) {
    throw new TypeError("Cannot use a store that openStore() did not make");
  }
  return bound;
}
