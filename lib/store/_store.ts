import type { KvPort } from "./_kv.ts";

/**
 * The database, as the rest of the portal holds it: opaque. There is no way from here to a raw key;
 * data of a tenant is reached through `openTenant()` alone.
 */
export interface Store {
  /** Made at the first boot; tells one database from another. */
  readonly id: string;
  /** Whether the database answers. Never throws. */
  health(): Promise<boolean>;
  close(): void;
}

const ports = new WeakMap<Store, KvPort>();

/** Ties a store to its port; private to lib/store. */
export function bindPort(store: Store, port: KvPort): Store {
  ports.set(store, port);
  return store;
}

/** The port of a store; private to lib/store. */
export function kvOf(store: Store): KvPort {
  const port = ports.get(store);
  if (!port) {
    throw new TypeError("Cannot use a store that openStore() did not make");
  }
  return port;
}
