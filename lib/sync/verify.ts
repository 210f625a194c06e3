import { isDeepStrictEqual } from "node:util";
import {
  type Clock,
  type StreamName,
  STREAMS,
  type SyncState,
  TransientError,
} from "../domain/mod.ts";
import {
  addDifference,
  type CheckOptions,
  checkTenant,
  type DayViews,
  type Findings,
  openRecords,
  openTenant,
  recomputeRecent,
  type Store,
  type TenantStore,
} from "../store/mod.ts";
import { computeFigures, figuresKey } from "./_figures.ts";
import { underLease } from "./_under_lease.ts";

/** What a check of a tenant needs from the world around it. */
export interface VerifyDeps {
  store: Store;
  clock: Clock;
}

/** View documents as keys name them. */
const DOCUMENTS: Record<keyof DayViews, string> = {
  leads: "lead_metrics",
  pipeline: "pipeline_stage_counts",
  kpis: "kpis",
};

/**
 * Compares everything that is stored of a tenant: rows with each other (`checkTenant`), counts with what is stored,
 * today's figures and the hot list with what the records give. Holds the tenant's lease meanwhile, so that no sync
 * changes what is read; of a tenant that is not active nothing changes anyway.
 *
 * @returns null when a sync of the tenant is under way
 * @throws {NotFoundError} when there is no such tenant.
 * @throws {TransientError} when the database does not answer.
 * @throws {LeaseLostError} when the tenant's status changed meanwhile.
 */
export async function verifyTenant(
  deps: VerifyDeps,
  tenantId: string,
  options: CheckOptions = {},
): Promise<Findings | null> {
  const { store } = deps;
  const reader = await openTenant(store, tenantId);
  if (reader.status !== "active") return await verify(store, reader, options);
  return await underLease(deps, tenantId, async ({ writer, lost }) => {
    const signal = options.signal
      ? AbortSignal.any([options.signal, lost])
      : lost;
    const findings = await verify(store, reader, { ...options, signal });
    await writer.lease.release({ sets: [], deletes: [] });
    return findings;
  });
}

async function verify(
  store: Store,
  reader: TenantStore,
  options: CheckOptions,
): Promise<Findings> {
  const { findings, counts } = await checkTenant(store, reader.id, options);
  const state = await reader.syncState();
  if (state.status === null) return findings;
  const behind = whyBehind(state, reader);
  if (behind !== null) {
    findings.remarks.push(
      `${behind}, so counts and figures are not compared; sync first`,
    );
    return findings;
  }
  compareCounts(findings, state, counts);
  options.onStep?.("figures");
  await compareFigures(findings, state, reader, store, options.signal);
  await compareRecent(findings, reader, store);
  return findings;
}

/** Why counts and figures need not be what the records say; null where they must be. */
function whyBehind(
  { status, viewDay, cursor }: SyncState,
  { tenant }: TenantStore,
): string | null {
  if (status === "running") return "The latest sync did not come to its end";
  if (viewDay === null) return null;
  if (cursor.figuresKey === null) {
    return "The latest sync changed records without computing figures";
  }
  return cursor.figuresKey === figuresKey(tenant)
    ? null
    : "The brand's settings were changed after the latest sync";
}

/** A stream that failed in the latest run may have been written in part: then its count is a remark. */
function compareCounts(
  findings: Findings,
  { counts, streams }: SyncState,
  stored: Record<StreamName, number>,
): void {
  for (const stream of STREAMS) {
    const counted = counts[stream] ?? 0;
    if (counted === stored[stream]) continue;
    const line = `sync_state: counts ${counted} ${stream}, ${
      stored[stream]
    } are stored`;
    const status = streams[stream]?.status;
    if (status === "success" || status === "not_connected") {
      addDifference(findings, line);
    } else findings.remarks.push(`${line}; their latest sync failed`);
  }
}

/** Computes the newest view documents and the hot list anew, for the same moment, and compares. */
async function compareFigures(
  findings: Findings,
  { viewDay: day, prospects }: SyncState,
  reader: TenantStore,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (day === null) return;
  const stored = await reader.views(day).catch(nullIfDamaged);
  const { computedAt = "" } = stored?.leads ?? stored?.pipeline ??
    stored?.kpis ?? {};
  const computed = await computeFigures(
    {
      ...openRecords(store, reader.id, signal),
      moveInHotList: (moves) => {
        for (const { stored: { id } } of moves) {
          addDifference(
            findings,
            `opportunities / ${id}: its place in the hot list is not what its stage and lead say`,
          );
        }
        return Promise.resolve();
      },
    },
    reader.tenant,
    { day, computedAt },
  ).catch(nullIfDamaged);
  if (!stored || !computed) {
    const what = stored ? "computed from the records" : "read";
    addDifference(findings, `figures of ${day}: cannot be ${what}`);
    return;
  }
  for (const view of Object.keys(DOCUMENTS) as (keyof DayViews)[]) {
    for (const flaw of differencesOf(stored[view], computed.views[view])) {
      addDifference(findings, `${DOCUMENTS[view]} / ${day}: ${flaw}`);
    }
  }
  if (computed.prospects !== prospects) {
    addDifference(
      findings,
      `sync_state: counts ${prospects} prospects, ${computed.prospects} are stored`,
    );
  }
}

/** Sums up anew what is new, for the same moment, and compares. */
async function compareRecent(
  findings: Findings,
  reader: TenantStore,
  store: Store,
): Promise<void> {
  const stored = await reader.recent().catch(nullIfDamaged);
  if (!stored) {
    findings.remarks.push(
      "What is new has not been summed up yet; the next sync does it",
    );
    return;
  }
  const computed = await recomputeRecent(store, reader.id, stored.computedAt);
  for (const flaw of differencesOf(stored, computed)) {
    addDifference(findings, `recent: ${flaw}`);
  }
}

/** What cannot be read as what it should be is a finding; a database that does not answer is not. */
function nullIfDamaged(error: unknown): null {
  const damaged = error instanceof TypeError || error instanceof RangeError ||
    error instanceof SyntaxError ||
    (error instanceof Error && "code" in error) ||
    (error instanceof TransientError && error.name === "ChangedMeanwhile");
  if (damaged) return null;
  throw error;
}

/** Field by field; numbers are shown, what names sources or stages is not. */
function differencesOf(stored: object | null, computed: object): string[] {
  if (stored === null) return ["is missing"];
  const was = new Map<string, unknown>(Object.entries(stored));
  const is = new Map<string, unknown>(Object.entries(computed));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => !isDeepStrictEqual(was.get(name), is.get(name)))
    .map((name) => {
      const [said, says] = [was.get(name), is.get(name)];
      return [said, says].every(isFigure)
        ? `${name} is ${said}, the records give ${says}`
        : `${name} is not what the records give`;
    });
}

function isFigure(value: unknown): value is number | null {
  return typeof value === "number" || value === null;
}
