import {
  type Clock,
  ConflictError,
  isoNow,
  systemClock,
  TerminalError,
  UsageError,
} from "../../domain/mod.ts";
import { type BackupRow, keyText } from "./_codec.ts";
import type { BackupSummary } from "./_format.ts";
import { readBackup } from "./_reader.ts";
import { partsBelow, TENANT_ROWS } from "./rows.ts";
import { Budget, type Change } from "../_batch.ts";
import { readIdentity, refuseForeign } from "../_identity.ts";
import type { KvPort } from "../_kv.ts";
import { type Key, keys, prefixes, tenantKeys } from "../keys.ts";
import { migrate } from "../migrations/migrations.ts";
import { openPort, type OpenStoreOptions } from "../store.ts";

/** Rows between two words of progress. */
const PROGRESS_ROWS = 10_000;

/** `["restore"]`: stands while a backup is being restored. */
interface RestoreMarker {
  /** Which backup. */
  sha256: string;
  /** ISO 8601 UTC. */
  startedAt: string;
  /** First everything goes, then the backup's rows come. */
  phase: "clearing" | "writing";
  /** How many rows of the backup are done with. */
  rows: number;
}

export interface RestoreProgress {
  phase: "checking" | "clearing" | "writing";
  /** Rows that the phase has done. */
  rows: number;
  /** In all; null where that is not known yet. */
  of: number | null;
}

export interface RestoreOptions extends OpenStoreOptions {
  /** Whatever the database holds goes first. */
  replace?: boolean;
  onProgress?: (progress: RestoreProgress) => void;
}

/** What was restored. */
export interface Restored extends BackupSummary {
  /** Whether an earlier restore of the same backup had been cut off and was finished. */
  resumed: boolean;
}

/**
 * Restores a backup of `writeBackup()` into a database that is empty, or is cleared first. The file is read whole
 * and checked before the database is opened at all. The database then takes the store id of the backup.
 *
 * Cut off and run again with the same file it goes on where it was and ends the same; until then no portal opens the
 * database. Tenants get their status last: a portal that runs meanwhile neither shows nor syncs what is half there.
 *
 * @param readFile Opens the file, gzip, from its start; called twice.
 * @param options The database is closed in any case, `options.kv` too.
 * @throws {TerminalError} when the file is damaged, no backup, or newer than this release; nothing is touched then.
 * @throws {UsageError} when the database is not empty, is not the one that is meant, or another backup's restore of
 * it was not finished; nothing is touched then.
 * @throws {ConflictError} when another restore of the database is under way.
 * @throws {TransientError} when the file cannot be read or the database does not answer.
 */
export async function restoreBackup(
  readFile: () => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>,
  options: RestoreOptions,
): Promise<Restored> {
  const { expectedId, replace = false, clock = systemClock } = options;
  const onProgress = options.onProgress ?? (() => {});
  let checked = 0;
  const summary = await readBackup(await readFile(), () => {
    if (++checked % PROGRESS_ROWS > 0) return;
    onProgress({ phase: "checking", rows: checked, of: null });
  });
  if (expectedId && expectedId !== summary.storeId) {
    throw new UsageError(
      `Cannot restore: the backup is of the store '${summary.storeId}', but PORTAL_STORE_ID asks for '${expectedId}'`,
    );
  }
  const port = await openPort(options);
  try {
    const { restore, resumed } = await begin(
      port,
      summary,
      replace,
      clock,
      onProgress,
    );
    await restore.clear();
    await restore.write(await readFile());
    await migrate(port);
    return { ...summary, resumed };
  } finally {
    port.close();
  }
}

/** Puts the marker, or goes on with the one that stands. */
async function begin(
  port: KvPort,
  backup: BackupSummary,
  replace: boolean,
  clock: Clock,
  onProgress: (progress: RestoreProgress) => void,
): Promise<{ restore: Restore; resumed: boolean }> {
  const key = keys.restore();
  const { value: old, versionstamp } = await port.get<RestoreMarker>(key);
  if (old && old.sha256 === backup.sha256) {
    const restore = new Restore(port, backup, old, versionstamp!, onProgress);
    return { restore, resumed: true };
  }
  // Also where it is to be replaced: what another program keeps is not the portal's to clear.
  if (!old) refuseForeign(await readIdentity(port));
  if (!replace) await assertReplaceable(port, old);
  const marker: RestoreMarker = {
    sha256: backup.sha256,
    startedAt: isoNow(clock),
    phase: "clearing",
    rows: 0,
  };
  const outcome = await port.commit({
    checks: [{ key, versionstamp }],
    sets: [{ key, value: marker }],
  });
  if (!outcome.ok) throw anotherRuns();
  const restore = new Restore(
    port,
    backup,
    marker,
    outcome.versionstamp,
    onProgress,
  );
  return { restore, resumed: false };
}

async function assertReplaceable(
  port: KvPort,
  unfinished: RestoreMarker | null,
): Promise<void> {
  if (unfinished) {
    throw new UsageError(
      `Cannot restore: the restore of another backup, begun ${unfinished.startedAt}, was not finished. ` +
        "Give that file again, or --replace to begin anew with this one",
    );
  }
  for (const prefix of [prefixes.tenants(), prefixes.users(), TENANT_ROWS]) {
    for await (const _ of port.list({ prefix }, { limit: 1 })) {
      throw new UsageError(
        "Cannot restore: the database is not empty; --replace clears it first, with all it holds",
      );
    }
  }
}

/** One restore, whose marker stands. Every commit checks the marker, and most move it on. */
class Restore {
  #marker: RestoreMarker;
  #versionstamp: string;
  #batch: Change = { sets: [], deletes: [] };
  #budget = new Budget();

  constructor(
    private readonly port: KvPort,
    private readonly backup: BackupSummary,
    marker: RestoreMarker,
    versionstamp: string,
    private readonly onProgress: (progress: RestoreProgress) => void,
  ) {
    this.#marker = marker;
    this.#versionstamp = versionstamp;
  }

  /** Removes every row but the marker, and what says which Deno serves. */
  async clear(): Promise<void> {
    if (this.#marker.phase !== "clearing") return;
    // First the states: a sync that is under way elsewhere stops at its next commit.
    for await (const id of partsBelow(this.port, TENANT_ROWS)) {
      await this.#delete(tenantKeys(String(id)).state());
    }
    await this.#flush();
    const stays = [keys.restore(), keys.serving()].map(keyText);
    let rows = 0;
    for await (const { key } of this.port.list({ prefix: [] })) {
      if (stays.includes(keyText(key))) continue;
      await this.#delete(key);
      if (++rows % PROGRESS_ROWS > 0) continue;
      this.onProgress({ phase: "clearing", rows, of: null });
    }
    this.#marker = { ...this.#marker, phase: "writing" };
    await this.#flush();
  }

  /** Writes the backup's rows; with the last of them the marker goes. */
  async write(file: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const { rows: done } = this.#marker;
    const states: BackupRow[] = [];
    let n = 0;
    const read = await readBackup(file, async (row) => {
      if (isState(row.key)) states.push(row);
      else if (n >= done) await this.#set(row, n);
      n++;
      if (n % PROGRESS_ROWS > 0) return;
      this.onProgress({ phase: "writing", rows: n, of: this.backup.rows });
    });
    if (read.sha256 !== this.backup.sha256) {
      throw new TerminalError(
        "Cannot restore: the file was changed while it was restored",
      );
    }
    for (const row of states) await this.#set(row, n);
    await this.#flush(n);
    await this.#finish();
  }

  async #delete(key: Key): Promise<void> {
    const change = { sets: [], deletes: [key] };
    if (!this.#budget.take(change)) {
      await this.#flush();
      this.#budget.take(change);
    }
    this.#batch.deletes.push(key);
  }

  /** `before`: how many rows are done with when all that was set earlier is written. */
  async #set(row: BackupRow, before: number): Promise<void> {
    const change = { sets: [row], deletes: [] };
    if (!this.#budget.take(change)) {
      await this.#flush(before);
      this.#budget.take(change);
    }
    this.#batch.sets.push(row);
  }

  async #flush(rows = this.#marker.rows): Promise<void> {
    const marker = { key: keys.restore(), value: { ...this.#marker, rows } };
    const { sets, deletes } = this.#batch;
    this.#versionstamp = await this.#commit({
      sets: [...sets, marker],
      deletes,
    });
    this.#marker = marker.value;
    this.#batch = { sets: [], deletes: [] };
    this.#budget = new Budget();
  }

  async #finish(): Promise<void> {
    const { schemaVersion, storeId } = this.backup;
    await this.#commit({
      sets: [
        { key: keys.schemaVersion(), value: schemaVersion },
        { key: keys.storeId(), value: storeId },
      ],
      deletes: [keys.restore()],
    });
  }

  async #commit(change: Change): Promise<string> {
    const outcome = await this.port.commit({
      ...change,
      checks: [{ key: keys.restore(), versionstamp: this.#versionstamp }],
    });
    if (!outcome.ok) throw anotherRuns();
    return outcome.versionstamp;
  }
}

/** Whether it is the key of a tenant's status. */
function isState(key: Key): boolean {
  return key.length === 3 &&
    keyText(key) === keyText(tenantKeys(String(key[1])).state());
}

function anotherRuns(): ConflictError {
  return new ConflictError(
    "Cannot restore: another restore of this database is under way",
  );
}
