import { ulid } from "ulid";
import {
  type ClientTetherClient,
  createClient,
  rulesKey,
} from "../clienttether/mod.ts";
import {
  localDay,
  type RunProgress,
  type SyncRun,
  UsageError,
} from "../domain/mod.ts";
import { openTenant, SyncWriter, type Tenant } from "../store/mod.ts";
import {
  afterInterruption,
  type RunContext,
  type SyncProgress,
} from "./_run.ts";
import { runSteps } from "./_run_steps.ts";
import type { SyncDeps, SyncOptions, SyncReport } from "./sync_deps.ts";

/**
 * Syncs one tenant: lease, run record, raw, records, figures, in this order (docs/architecture.md numbers the steps).
 * Upstream failures end in the report and in the run, never in an exception.
 *
 * @throws {NotFoundError} when there is no such tenant.
 * @throws {UsageError} when it has no web key.
 * @throws {TransientError} when the database does not answer.
 */
export async function syncTenant(
  deps: SyncDeps,
  tenantId: string,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { store, clock, observer } = deps;
  const reader = await openTenant(store, tenantId);
  const { tenant } = reader;
  const lost = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, lost.signal])
    : lost.signal;
  // Before the lease: keys that cannot be opened or used must not leave it taken.
  const client = await openClient(deps, tenant, signal);
  const runId = ulid(clock.now());
  const writer = await SyncWriter.open(store, tenantId, clock, {
    owner: runId,
    runId,
  });
  if (!writer) return busy(tenant.slug);
  writer.lease.start((error) => lost.abort(error));
  try {
    const startedMs = clock.now();
    const run: RunContext = {
      runId,
      startedMs,
      startedAt: new Date(startedMs).toISOString(),
      day: localDay(startedMs, tenant.timezone),
      tenant,
      writer,
      before: afterInterruption(await reader.syncState()),
      rulesKey: rulesKey(tenant),
      full: options.full ?? false,
      acceptRemovals: options.acceptRemovals ?? false,
      onProgress: noted(writer, options.onProgress),
      signal,
      client,
    };
    const work = async () =>
      reportOf(tenant.slug, await runSteps(deps, reader, run));
    return await (observer ? observer.run(tenant.slug, work) : work());
  } finally {
    writer.lease.stop();
  }
}

/** @throws {UsageError} when the tenant has no web key */
async function openClient(
  deps: SyncDeps,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<ClientTetherClient> {
  if (!tenant.clienttetherWebKey) {
    throw new UsageError(
      `Cannot sync tenant '${tenant.slug}': it has no web key`,
    );
  }
  const { webKey, accessToken } = await deps.openKeys(tenant);
  return createClient({
    webKey,
    accessToken,
    fetch: deps.fetch,
    clock: deps.clock,
    timezone: tenant.timezone,
    baseUrl: deps.baseUrl,
    maxRps: deps.maxRps,
    signal,
    onRequest: deps.observer?.request,
  });
}

/** Tells of the progress, and leaves it to the lease, which others read. */
function noted(
  { lease }: SyncWriter,
  onProgress: SyncOptions["onProgress"],
): (progress: SyncProgress) => void {
  const progress: RunProgress = {};
  return ({ stream, ...now }) => {
    progress[stream] = now;
    lease.note(progress);
    onProgress?.({ stream, ...now });
  };
}

function reportOf(slug: string, run: SyncRun): SyncReport {
  return {
    tenant: slug,
    runId: run.id,
    status: run.status === "success" ? "success" : "failed",
    recordsUpdated: run.recordsUpdated,
    errorMessage: run.errorMessage,
    streams: run.streams,
  };
}

function busy(slug: string): SyncReport {
  return {
    tenant: slug,
    runId: null,
    status: "busy",
    recordsUpdated: 0,
    errorMessage:
      `Another sync of '${slug}' is under way, or the tenant is not active`,
    streams: {},
  };
}
