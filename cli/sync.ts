import type { Command } from "commander";
import { listTenants, type Tenant } from "../lib/store/mod.ts";
import { type SyncReport, syncTenant } from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { FailedError, messageOf, withPortal } from "./_run.ts";
import { findSyncable } from "./_tenants.ts";

interface Options {
  tenant?: string;
  full?: boolean;
  acceptRemovals?: boolean;
  json?: boolean;
}

/** How long a sync waits for another one of the same tenant to end. */
const WAIT_MS = 60_000;
const WAIT_STEP_MS = 1_000;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function syncCommand(program: Command, cli: Cli): void {
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
      withPortal(cli, (portal) => syncOnce(cli, portal, options))
    );
}

async function syncOnce(
  cli: Cli,
  portal: Portal,
  options: Options,
): Promise<void> {
  const tenants = options.tenant === undefined
    ? await readyTenants(portal)
    : [await findSyncable(portal.store, options.tenant)];
  if (tenants.length === 0) {
    cli.note("Nothing to sync: there is no active brand with a web key");
  }
  const reports = await untilSignal((signal) =>
    syncAll(cli, portal, tenants, { ...options, signal })
  );
  reports.sort((a, b) => a.tenant < b.tenant ? -1 : 1);
  if (options.json) printJson(cli, reports);
  else reports.flatMap(reportLines).forEach((line) => cli.print(line));
  const done = reports.length === tenants.length &&
    reports.every(({ status }) => status === "success");
  if (!done) throw new FailedError();
}

/** Active tenants with a web key, least recently synced first. */
async function readyTenants({ store }: Portal): Promise<Tenant[]> {
  return (await listTenants(store)).filter(({ tenant, status }) =>
    status === "active" && tenant.clienttetherWebKey !== null
  ).sort((a, b) => (a.lastSyncAt ?? "").localeCompare(b.lastSyncAt ?? ""))
    .map(({ tenant }) => tenant);
}

/** Gives the work a signal that SIGINT and SIGTERM abort. */
export async function untilSignal<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = () =>
    stop.abort(new Error("Stopped before its end; run it again to go on"));
  for (const name of SIGNALS) Deno.addSignalListener(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of SIGNALS) Deno.removeSignalListener(name, onSignal);
  }
}

type RunOptions = Options & { signal: AbortSignal };

/** Several side by side; those that a signal came before are left out. */
async function syncAll(
  cli: Cli,
  portal: Portal,
  tenants: readonly Tenant[],
  options: RunOptions,
): Promise<SyncReport[]> {
  const queue = [...tenants];
  const reports: SyncReport[] = [];
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      if (options.signal.aborted) return;
      reports.push(await syncReported(cli, portal, one, options));
    }
  };
  const { syncConcurrency } = portal.config;
  await Promise.all(Array.from({ length: syncConcurrency }, worker));
  return reports;
}

/** What goes wrong with one tenant is told in its report: it must not stop the others. */
async function syncReported(
  cli: Cli,
  portal: Portal,
  tenant: Tenant,
  options: RunOptions,
): Promise<SyncReport> {
  try {
    return await syncWaiting(cli, portal, tenant, options);
  } catch (error) {
    return {
      tenant: tenant.slug,
      runId: null,
      status: "failed",
      recordsUpdated: 0,
      errorMessage: messageOf(error),
      streams: {},
    };
  }
}

/** A sync that meets another's lease tries again for a while. */
async function syncWaiting(
  cli: Cli,
  { sync, clock }: Portal,
  tenant: Tenant,
  { full = false, acceptRemovals = false, signal }: RunOptions,
): Promise<SyncReport> {
  const progress = cli.progress();
  const until = clock.now() + WAIT_MS;
  try {
    for (;;) {
      const report = await syncTenant(sync, tenant.id, {
        full,
        acceptRemovals,
        signal,
        onProgress: ({ stream, phase, records }) =>
          progress.step(
            `${tenant.slug}: ${phase} ${stream}${
              records ? ` (${records})` : ""
            }`,
          ),
      });
      if (report.status !== "busy" || clock.now() >= until) return report;
      progress.step(`${tenant.slug}: waiting for another sync to end`);
      await clock.sleep(WAIT_STEP_MS, signal);
    }
  } finally {
    progress.end();
  }
}

function reportLines(report: SyncReport): string[] {
  const { tenant, status, recordsUpdated, errorMessage } = report;
  const records = recordsUpdated === 1
    ? "1 record"
    : `${recordsUpdated} records`;
  const line = `${tenant}: ${status}, ${records} updated`;
  return errorMessage ? [line, `  ${errorMessage}`] : [line];
}
