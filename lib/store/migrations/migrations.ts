import { TerminalError } from "../../domain/mod.ts";
import type { KvPort } from "../_kv.ts";
import { addTrails } from "./_add_trails.ts";
import { namePeople } from "./_name_people.ts";
import { rebucket } from "./_rebucket.ts";
import { widenLeadRows } from "./_widen_lead_rows.ts";
import { keys } from "../keys.ts";

/**
 * One step of the schema. `run` is idempotent and resumable: killed halfway and run again it ends the same.
 */
export interface Migration {
  /** The version that stands when it is done; steps run in this order. */
  version: number;
  name: string;
  run(port: KvPort): Promise<void>;
}

/** All steps. Version 1 is the first layout: there is nothing to move. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: "first layout", run: () => Promise.resolve() },
  { version: 2, name: "number ids share buckets", run: rebucket },
  { version: 3, name: "rows name their people", run: namePeople },
  { version: 4, name: "rows of leads hold more columns", run: widenLeadRows },
  { version: 5, name: "records keep their history", run: addTrails },
];

/** The schema that this release writes. */
export const SCHEMA_VERSION = newestOf(MIGRATIONS);

/** What {@linkcode migrate} would do: where the database stands, and the steps that are new to it. */
export interface MigrationPlan {
  /** 0 where there is nothing yet. */
  from: number;
  to: number;
  steps: Pick<Migration, "version" | "name">[];
}

/**
 * What there is to do from a version on.
 *
 * @throws {TerminalError} when it is newer than this code.
 */
export function planFrom(
  from: number,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrationPlan {
  const to = newestOf(migrations);
  refuseNewer(from, to);
  const steps = migrations.filter(({ version }) => version > from)
    .map(({ version, name }) => ({ version, name }));
  return { from, to, steps };
}

function newestOf(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function refuseNewer(current: number, newest: number): void {
  if (current <= newest) return;
  throw new TerminalError(
    `Cannot use this database: its schema is version ${current}, this release knows up to ${newest}. ` +
      "Install the newer release.",
  );
}

/**
 * Brings the database to the newest version, one step after the other.
 *
 * @throws {TerminalError} when the database is newer than this code; nothing is changed then.
 */
export async function migrate(
  port: KvPort,
  migrations: readonly Migration[] = MIGRATIONS,
  onStep: (step: Migration) => void = () => {},
): Promise<number> {
  const key = keys.schemaVersion();
  const stored = await port.get<number>(key);
  let current = stored.value ?? 0;
  let versionstamp = stored.versionstamp;
  refuseNewer(current, newestOf(migrations));
  for (const step of migrations) {
    if (step.version <= current) continue;
    onStep(step);
    await step.run(port);
    const outcome = await port.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: step.version }],
    });
    if (!outcome.ok) return await migrate(port, migrations, onStep);
    current = step.version;
    versionstamp = outcome.versionstamp;
  }
  return current;
}
