import {
  migrate,
  type Migration,
  type MigrationPlan,
  MIGRATIONS,
  planFrom,
} from "./migrations.ts";
import {
  readIdentity,
  refuseForeign,
  refuseHalfRestored,
  refuseOther,
} from "../_identity.ts";
import { isMissing } from "../_open_kv.ts";
import { openPort, type OpenStoreOptions } from "../store.ts";

export type { MigrationPlan };

export interface MigrateOptions
  extends Pick<OpenStoreOptions, "path" | "expectedId"> {
  /** Reads alone: what would be done is answered, and nothing is changed. */
  dryRun: boolean;
  /** Told of each step as it begins. */
  onStep?(step: Pick<Migration, "version" | "name">): void;
}

/**
 * Brings a database to the newest schema without opening it for anything else; answers what there was to do.
 *
 * @throws {UsageError} when the database is not the portal's.
 * @throws {TerminalError} when its schema is newer than this code, its id is not the expected one, or a restore was not finished; nothing is changed.
 * @throws {TransientError} when it is locked or does not answer in time.
 */
export async function migrateStore(
  { dryRun, onStep, path, expectedId }: MigrateOptions,
): Promise<MigrationPlan> {
  if (dryRun && await isMissing(path)) return planFrom(0);
  const port = await openPort(path === undefined ? {} : { path });
  try {
    const found = await readIdentity(port);
    refuseHalfRestored(found);
    refuseForeign(found);
    refuseOther(found, expectedId);
    const plan = planFrom(found.schemaVersion ?? 0);
    if (!dryRun) await migrate(port, MIGRATIONS, onStep);
    return plan;
  } finally {
    port.close();
  }
}
