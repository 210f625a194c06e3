import type { SyncReport } from "../../../lib/sync/mod.ts";
import type { Point, PointCounts } from "./_points.ts";

/** What a child process is told, as JSON in its only argument. */
export interface ChildPlan {
  /** File of the database. */
  path: string;
  tenantIds: string[];
  /** Origin of the simulator. */
  api: string;
  /** By tenant. */
  webKeys: Record<string, string>;
  accessToken: string;
  /** The time that it is for the child throughout, epoch milliseconds. */
  now: number;
  full?: boolean;
  deadlineMs?: number;
  /** `worker`: drains what is marked as due until SIGTERM stops it, instead of one sync. */
  mode?: "sync" | "worker";
  /** Where it ends itself with SIGKILL, or waits for a line on its standard input. */
  at?: Point & { then: "kill" | "hold" };
}

/** What a child process says, a line of JSON each. */
export type ChildEvent =
  | { event: "started" }
  /** It waits at its point. */
  | { event: "held" }
  /** It is about to end itself. */
  | { event: "dying" }
  /** It found the database locked and tries again. */
  | { event: "retry" }
  | { event: "ended"; report: SyncReport | null; counts: PointCounts }
  | { event: "failed"; name: string; message: string };
