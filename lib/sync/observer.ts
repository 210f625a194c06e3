import type { RequestMetric } from "../clienttether/mod.ts";
import type { StreamName, StreamResult } from "../domain/mod.ts";
import type { SyncReport } from "./sync_tenant.ts";

/** Told of what a sync does as it does it, for spans and counts. It decides nothing. */
export interface SyncObserver {
  /** Around a run; `tenant` is a slug. */
  run(tenant: string, work: () => Promise<SyncReport>): Promise<SyncReport>;
  /** Around a stream of a run. */
  stream<T extends { result: Pick<StreamResult, "status" | "quarantined"> }>(
    tenant: string,
    stream: StreamName,
    work: () => Promise<T>,
  ): Promise<T>;
  /** After a request to ClientTether. */
  request(metric: RequestMetric): void;
}
