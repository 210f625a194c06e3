import { type Clock, TransientError } from "../lib/domain/mod.ts";
import type { Cli } from "./_cli.ts";

/** How long a command waits for a sync to end. */
const WAIT_MS = 60_000;
const WAIT_STEP_MS = 1_000;

/**
 * Tries again for a while what a sync that is under way keeps from being done.
 *
 * @param attempt answers null while another holds the tenant's lease
 * @throws {TransientError} when the sync has not ended in time.
 */
export async function whileBusy<T>(
  cli: Cli,
  clock: Clock,
  { verb, slug }: { verb: string; slug: string },
  attempt: () => Promise<T | null>,
): Promise<T> {
  const progress = cli.progress();
  const until = clock.now() + WAIT_MS;
  try {
    for (;;) {
      const done = await attempt();
      if (done !== null) return done;
      if (clock.now() >= until) break;
      progress.step(`${slug}: waiting for a sync to end`);
      await clock.sleep(WAIT_STEP_MS);
    }
  } finally {
    progress.end();
  }
  throw new TransientError(
    `Cannot ${verb} '${slug}': a sync of it is under way; try again when it has ended`,
  );
}
