import { ulid } from "ulid";
import { type Clock, isoNow, TransientError } from "../../domain/mod.ts";
import { type BackupRow, keyText } from "./_codec.ts";
import { type BackupSummary, encodeBackup } from "./_format.ts";
import {
  directoryRows,
  looseRows,
  partsBelow,
  rowsFrom,
  TENANT_ROWS,
} from "./rows.ts";
import type { KvPort } from "../_kv.ts";
import { kvOf, type Store } from "../_store.ts";
import { keys, type TenantKeys, tenantKeys } from "../keys.ts";
import { freed, Lease, LeaseLostError, type LeaseValue } from "../lease.ts";

/** How long a backup waits for a sync of a tenant to end. */
const WAIT_MS = 10 * 60_000;
const WAIT_STEP_MS = 1_000;
/** Rows between two words of progress. */
const PROGRESS_ROWS = 10_000;

export type { BackupSummary };

export interface BackupProgress {
  /** `waiting`: for a sync of the tenant to end. */
  phase: "waiting" | "writing";
  /** Slug; the id where no tenant of that id is known. */
  tenant: string;
  /** From 1. */
  index: number;
  /** Tenants in all. */
  of: number;
  /** Written so far, of all tenants. */
  rows: number;
}

export interface BackupOptions {
  clock: Clock;
  onProgress?: (progress: BackupProgress) => void;
}

/**
 * Writes everything that the store holds as newline-delimited JSON, gzip: a header, a line for each row, and last
 * how many rows there are and their checksum. Secrets stay as they are stored, encrypted. Sessions and throttles are
 * left out, so that a restore revives nothing that was ended.
 *
 * Each tenant is read under its lease, so that its rows are those of one moment; a sync under way is waited for, one
 * that would start meanwhile is busy. The memory that this takes does not grow with the store.
 *
 * @param to Left open at the end, and after an error.
 * @throws {TransientError} when a sync does not end in 10 minutes, or a tenant's state changes while it is read.
 * @throws {ConflictError} when tenants and users do not hold still.
 * @throws {TerminalError} when a row holds what a backup cannot keep.
 */
export async function writeBackup(
  store: Store,
  to: WritableStream<Uint8Array<ArrayBuffer>>,
  { clock, onProgress = () => {} }: BackupOptions,
): Promise<BackupSummary> {
  const port = kvOf(store);
  const { value } = await port.get<number>(keys.schemaVersion());
  const about = {
    schemaVersion: value ?? 0,
    storeId: store.id,
    createdAt: isoNow(clock),
  };
  const rows = new Backup(port, clock, onProgress).rows();
  let summary: BackupSummary | undefined;
  const lines = encodeBackup(about, rows, (end) => summary = end);
  const gzip = new CompressionStream("gzip");
  // Both ends are waited for: also after an error the lease has been given back when this returns.
  const [read, written] = await Promise.allSettled([
    ReadableStream.from(lines).pipeTo(gzip.writable),
    gzip.readable.pipeTo(to, { preventClose: true, preventAbort: true }),
  ]);
  if (written.status === "rejected") throw written.reason;
  if (read.status === "rejected") throw read.reason;
  return summary!;
}

class Backup {
  readonly #owner: string;
  #rows = 0;

  constructor(
    private readonly port: KvPort,
    private readonly clock: Clock,
    private readonly onProgress: (progress: BackupProgress) => void,
  ) {
    this.#owner = `backup-${ulid(clock.now())}`;
  }

  async *rows(): AsyncGenerator<BackupRow> {
    // Before the directory: a tenant that is made after both is in neither, one between them is in the directory.
    const ids = new Set<string>();
    for await (const part of partsBelow(this.port, TENANT_ROWS)) {
      ids.add(String(part));
    }
    const slugs = new Map<string, string>();
    const [tenants] = keys.tenant("");
    for (const { key, value } of await directoryRows(this.port)) {
      if (key[0] === tenants) {
        const id = String(key[1]);
        ids.add(id);
        slugs.set(id, (value as { slug: string }).slug);
      }
      yield this.#counted({ key, value });
    }
    for await (const row of looseRows(this.port)) yield this.#counted(row);
    let index = 0;
    for (const id of ids) {
      index++;
      const tell = (phase: BackupProgress["phase"]) =>
        this.onProgress({
          phase,
          tenant: slugs.get(id) ?? id,
          index,
          of: ids.size,
          rows: this.#rows,
        });
      yield* this.#tenant(tenantKeys(id), slugs.get(id) ?? id, tell);
    }
  }

  #counted({ key, value }: BackupRow): BackupRow {
    this.#rows++;
    return { key, value };
  }

  async *#tenant(
    k: TenantKeys,
    name: string,
    tell: (phase: BackupProgress["phase"]) => void,
  ): AsyncGenerator<BackupRow> {
    const release = await this.#holdStill(k, name, () => tell("waiting"));
    let released = false;
    try {
      tell("writing");
      const lease = keyText(k.syncLease());
      for await (const { key, value } of rowsFrom(this.port, k.all())) {
        yield this.#counted({
          key,
          value: keyText(key) === lease ? freed(value as LeaseValue) : value,
        });
        if (this.#rows % PROGRESS_ROWS === 0) tell("writing");
      }
      released = true;
      await release();
    } finally {
      // The error that brought us here is the one to hear of.
      if (!released) await release().catch(() => {});
    }
  }

  /**
   * Keeps a tenant's rows as they are, by its lease, or because nothing is synced while it is not active.
   *
   * @returns ends it, and throws when the rows may have changed all the same.
   */
  async #holdStill(
    k: TenantKeys,
    name: string,
    onWait: () => void,
  ): Promise<() => Promise<void>> {
    const who = { owner: this.#owner, runId: this.#owner };
    const until = this.clock.now() + WAIT_MS;
    for (;;) {
      const lease = await Lease.take(this.port, k, this.clock, who);
      if (lease) {
        lease.start(() => {});
        return () => this.#release(lease, name);
      }
      const state = await this.port.get(k.state());
      if (state.value !== "active") {
        return () => this.#checkState(k, name, state.versionstamp);
      }
      if (this.clock.now() >= until) {
        throw new TransientError(
          `Cannot back up tenant '${name}': a sync of it did not end within ${
            WAIT_MS / 60_000
          } minutes`,
        );
      }
      onWait();
      await this.clock.sleep(WAIT_STEP_MS);
    }
  }

  /** A lease that was lost on the way cannot be given back, so this also proves that it was held throughout. */
  async #release(lease: Lease, name: string): Promise<void> {
    try {
      await lease.release({ sets: [], deletes: [] });
    } catch (error) {
      throw error instanceof LeaseLostError ? changed(name, error) : error;
    }
  }

  async #checkState(
    k: TenantKeys,
    name: string,
    versionstamp: string | null,
  ): Promise<void> {
    const state = await this.port.get(k.state());
    if (state.versionstamp !== versionstamp) throw changed(name);
  }
}

function changed(name: string, cause?: unknown): TransientError {
  return new TransientError(
    `Cannot back up tenant '${name}': its status changed, or a sync took its lease, while it was read; try again`,
    { cause },
  );
}
