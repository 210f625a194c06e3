import type { Command } from "commander";
import type { Tenant } from "../lib/store/mod.ts";
import { listTenants } from "../lib/store/mod.ts";
import { type SyncReport, syncTenant } from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { createProgress, print, printJson } from "./_io.ts";
import { FailedError, withPortal } from "./_run.ts";
import { syncableTenant } from "./tenant.ts";

interface Options {
  tenant?: string;
  full?: boolean;
  acceptRemovals?: boolean;
  json?: boolean;
}

/** How long a sync waits for another one of the same tenant to end. */
const WAIT_MS = 60_000;
const WAIT_STEP_MS = 1_000;

export function syncCommand(program: Command): void {
  program.command("sync")
    .description("pull data from ClientTether once")
    .option("--tenant <tenant>", "slug or id; every brand unless given")
    .option("--full", "read everything whole, as once a day")
    .option(
      "--accept-removals",
      "believe a list that is much shorter than before",
    )
    .option("--json", "print the outcome as JSON")
    .action((options: Options) =>
      withPortal((portal) => syncOnce(portal, options))
    );
}

async function syncOnce(portal: Portal, options: Options): Promise<void> {
  const queue = options.tenant
    ? [await syncableTenant(portal, options.tenant)]
    : await dueTenants(portal);
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error("interrupted"));
  Deno.addSignalListener("SIGINT", onSignal);
  Deno.addSignalListener("SIGTERM", onSignal);
  const reports: SyncReport[] = [];
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      if (stop.signal.aborted) return;
      reports.push(await syncWaiting(portal, one, options, stop.signal));
    }
  };
  try {
    const { syncConcurrency } = portal.config;
    await Promise.all(Array.from({ length: syncConcurrency }, worker));
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
    Deno.removeSignalListener("SIGTERM", onSignal);
  }
  reports.sort((a, b) => a.tenant < b.tenant ? -1 : 1);
  if (options.json) printJson(reports);
  else reports.forEach(printReport);
  if (reports.some(({ status }) => status !== "success")) {
    throw new FailedError();
  }
}

/** Active tenants with a web key, least recently synced first. */
async function dueTenants({ store }: Portal): Promise<Tenant[]> {
  return (await listTenants(store)).filter(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  ).sort((a, b) => (a.lastSyncAt ?? "").localeCompare(b.lastSyncAt ?? ""))
    .map(({ tenant }) => tenant);
}

/** A sync that meets another's lease tries again for a while. */
async function syncWaiting(
  { sync, clock }: Portal,
  tenant: Tenant,
  options: Options,
  signal: AbortSignal,
): Promise<SyncReport> {
  const progress = createProgress();
  const until = clock.now() + WAIT_MS;
  for (;;) {
    const report = await syncTenant(sync, tenant.id, {
      full: options.full ?? false,
      acceptRemovals: options.acceptRemovals ?? false,
      signal,
      onProgress: ({ stream, phase, records }) =>
        progress.step(
          `${tenant.slug}: ${phase} ${stream}${records ? ` (${records})` : ""}`,
        ),
    });
    progress.end();
    if (report.status !== "busy" || clock.now() >= until) return report;
    progress.step(`${tenant.slug}: waiting for another sync to end`);
    await clock.sleep(WAIT_STEP_MS, signal);
  }
}

function printReport(report: SyncReport): void {
  const { tenant, status, recordsUpdated, errorMessage } = report;
  const records = recordsUpdated === 1
    ? "1 record"
    : `${recordsUpdated} records`;
  print(`${tenant}: ${status}, ${records} updated`);
  if (errorMessage) print(`  ${errorMessage}`);
}
