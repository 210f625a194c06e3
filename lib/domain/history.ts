import type { StreamName } from "./records.ts";

/** An opportunity that went from one stage to another. `["t", id, "stage_changes", at, opportunityId]`. */
export interface StageChange {
  opportunityId: string;
  from: string;
  to: string;
  /** Start of the sync that saw it, ISO 8601 UTC. */
  at: string;
  run: string;
}

/** A record that ClientTether no longer lists. `["t", id, "tombstones", stream, id]`. */
export interface Tombstone {
  id: string;
  stream: StreamName;
  /** Start of the sync that found it gone, ISO 8601 UTC. */
  removedAt: string;
  run: string;
}
