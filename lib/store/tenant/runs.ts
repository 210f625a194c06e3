import { encodeTime } from "ulid";
import type { SyncRun } from "../../domain/mod.ts";
import type { Opened } from "./opened.ts";
import { readNewest } from "../_read.ts";

/** What an id of a run can be, so that nothing else becomes a key. */
const RUN_ID = /^[\w-]{1,64}$/;

/** The runs of a tenant. */
export interface RunReader {
  /** Newest first. */
  listRuns(limit: number): Promise<SyncRun[]>;
  /** Runs that began before an instant (epoch milliseconds), newest first. One read. */
  runsBefore(instant: number, limit: number): Promise<SyncRun[]>;
  /** The run with this id, or null. One read. */
  getRun(id: string): Promise<SyncRun | null>;
}

/** Reads them under the keys of an opened tenant. */
export function runReader({ port, k }: Opened): RunReader {
  const runs = k.syncRuns();
  return {
    listRuns: (limit) => readNewest<SyncRun>(port, runs, limit),
    runsBefore: async (instant, limit) => {
      // The id of a run begins with the time of its start.
      const end = [...runs, encodeTime(instant)];
      return await readNewest<SyncRun>(port, runs, limit, end);
    },
    getRun: async (id) => {
      if (!RUN_ID.test(id)) return null;
      return (await port.get<SyncRun>(k.syncRun(id))).value;
    },
  };
}
