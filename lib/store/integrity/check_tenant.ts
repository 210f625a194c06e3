import {
  type Lead,
  type SalesCycle,
  type StandingChange,
  type StreamName,
  STREAMS,
} from "../../domain/mod.ts";
import { checkDirectoryRows } from "./_directory.ts";
import {
  addDifference,
  emptyFindings,
  type Findings,
  keyName,
} from "./_findings.ts";
import { checkNotesText } from "./_notes_text.ts";
import { checkRaw } from "./_raw.ts";
import { checkStream } from "./_records.ts";
import { type CheckContext, LARGE_ROWS_PAGE, rowsBelow } from "./_rows.ts";
import { lastNotesAt, newestChanges } from "../_history.ts";
import { recordsOf } from "../_read.ts";
import type { StoredOpportunity } from "../_records.ts";
import { kvOf, type Store } from "../_store.ts";
import { idPart, tenantKeys } from "../keys.ts";
import { decodeQuarantined, type StoredQuarantined } from "../quarantine.ts";

export { addDifference, type Findings };

export interface CheckOptions {
  signal?: AbortSignal | undefined;
  /** Told what is looked at. */
  onStep?: (what: string) => void;
}

/** What a check of a tenant's rows found, and what is stored. */
export interface TenantCheck {
  findings: Findings;
  /** Stored records per stream. */
  counts: Record<StreamName, number>;
}

/**
 * Compares a tenant's rows with each other: records with their index rows, the sync index and tombstones, large notes
 * with their parts, the packed text of notes, snapshots with their chunks, quarantine with what can be read. Reads every row once, a page at a
 * time, and holds a fingerprint for each index row of one stream. A sync that runs meanwhile changes what is read:
 * the caller holds the tenant's lease.
 *
 * @throws {TransientError} when the database does not answer; the signal's reason when it is aborted.
 */
export async function checkTenant(
  store: Store,
  tenantId: string,
  { signal, onStep = () => {} }: CheckOptions = {},
): Promise<TenantCheck> {
  const findings = emptyFindings();
  const context: CheckContext = {
    port: kvOf(store),
    k: tenantKeys(tenantId),
    findings,
    signal,
  };
  const counts: Partial<TenantCheck["counts"]> = {};
  for (const stream of STREAMS) {
    onStep(stream);
    counts[stream] = await checkStream(context, stream);
  }
  onStep("text of notes");
  await checkNotesText(context);
  onStep("quarantine");
  await checkQuarantine(context);
  onStep("raw snapshots");
  await checkRaw(context);
  return { findings, counts: counts as TenantCheck["counts"] };
}

/**
 * Compares what belongs to no tenant: addresses, slugs, memberships and sessions with their indexes both ways, and
 * marks and memberships with the tenants and users that they name.
 *
 * @throws {TransientError} when the database does not answer; the signal's reason when it is aborted.
 */
export async function checkDirectory(
  store: Store,
  { signal }: CheckOptions = {},
): Promise<Findings> {
  const findings = emptyFindings();
  await checkDirectoryRows({ port: kvOf(store), findings, signal });
  return findings;
}

async function checkQuarantine(context: CheckContext): Promise<void> {
  const { k, findings } = context;
  const rows = rowsBelow<StoredQuarantined>(
    context,
    k.quarantine(),
    LARGE_ROWS_PAGE,
  );
  for await (const { key, value } of rows) {
    findings.indexRows++;
    const [stream, part] = key.slice(-2);
    if (!isReadable(value)) {
      addDifference(findings, `${keyName(key)}: cannot be read`);
    } else if (value.stream !== stream || idPart(value.id) !== part) {
      addDifference(findings, `${keyName(key)}: is a row of another id`);
    }
  }
}

function isReadable(value: StoredQuarantined): boolean {
  try {
    const { id, reason, raw } = decodeQuarantined(value);
    return [id, reason, raw].every((text) => typeof text === "string") &&
      (STREAMS as readonly string[]).includes(value.stream);
  } catch {
    return false;
  }
}

/** The stored records that figures are made of. */
export interface StoredRecords {
  cycles(): Promise<SalesCycle[]>;
  leads(): AsyncGenerator<Lead>;
  opportunities(): AsyncGenerator<StoredOpportunity>;
  /** Leads by their ids. */
  leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>>;
  /** The newest changes of opportunities, the newest first. */
  newestChanges(limit: number): AsyncGenerator<StandingChange>;
  /** When the last note about each of these people was written. */
  lastNotesAt(contactIds: Iterable<string>): Promise<Map<string, string>>;
}

/** Reads a tenant's records as they stand, whatever the tenant's status. */
export function openRecords(
  store: Store,
  tenantId: string,
  signal?: AbortSignal,
): StoredRecords {
  const k = tenantKeys(tenantId);
  const port = kvOf(store);
  const context = { port, k, findings: emptyFindings(), signal };
  return {
    cycles: async () => {
      const rows = rowsBelow<SalesCycle>(context, k.cycles());
      return (await Array.fromAsync(rows)).map(({ value }) => value);
    },
    leads: () => valuesOf(rowsBelow<Lead>(context, k.leads())),
    opportunities: () =>
      valuesOf(rowsBelow<StoredOpportunity>(context, k.opportunities())),
    leadsOf: (ids) => recordsOf<Lead>(port, ids, k.lead),
    newestChanges: (limit) => newestChanges(port, k, limit),
    lastNotesAt: (contactIds) => lastNotesAt(port, k, contactIds),
  };
}

async function* valuesOf<T>(
  rows: AsyncIterable<Deno.KvEntry<T>>,
): AsyncGenerator<T> {
  for await (const { value } of rows) yield value;
}
