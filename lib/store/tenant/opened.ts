import type { SyncState } from "../../domain/mod.ts";
import type { KvPort } from "../_kv.ts";
import type { TenantKeys } from "../keys.ts";
import type { ListCache } from "../list_cache.ts";

/** An opened tenant, as the rooms of its store read it. */
export interface Opened {
  readonly port: KvPort;
  readonly k: TenantKeys;
  readonly tenantId: string;
  /** The sync state as it was when the tenant was opened. */
  readonly state: SyncState;
  /** The versionstamp of `state`: every run writes it at its beginning and at its end. */
  readonly stamp: string;
  readonly lists: ListCache;
}
