import type { KvPort } from "../_kv.ts";
import type { TenantKeys } from "../keys.ts";
import type { Lease } from "../lease.ts";

/** A tenant whose lease a sync holds, as the rooms of its writer write it. */
export interface Leased {
  readonly port: KvPort;
  readonly k: TenantKeys;
  readonly tenantId: string;
  readonly lease: Lease;
}
