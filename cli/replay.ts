import type { Command } from "commander";
import { NotFoundError } from "../lib/domain/mod.ts";
import { findTenant, getTenantStatus, type Tenant } from "../lib/store/mod.ts";
import {
  type Difference,
  type ReplayedDay,
  type ReplayReport,
  replayTenant,
} from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { FailedError, withPortal } from "./_run.ts";
import { whileBusy } from "./_waiting.ts";
import { untilSignal } from "./sync.ts";

interface Options {
  tenant: string;
  check?: boolean;
  from?: string;
  to?: string;
  json?: boolean;
}

/** Characters of a value that a line shows. */
const SHOWN_CHARS = 80;

export function replayCommand(program: Command, cli: Cli): void {
  program.command("replay")
    .description(
      "make records and figures again from the raw records that are kept, by today's rules",
    )
    .requiredOption("--tenant <tenant>", "slug or id")
    .option("--check", "only compare, and print what differs")
    .option(
      "--from <day>",
      "the figures of earlier days too, from this one (YYYY-MM-DD)",
    )
    .option("--to <day>", "up to this one; with --from")
    .option("--json", "print the outcome as JSON")
    .action((options: Options) =>
      withPortal(cli, (portal) => replay(cli, portal, options))
    );
}

async function replay(
  cli: Cli,
  portal: Portal,
  options: Options,
): Promise<void> {
  const tenant = await findUnpurged(portal, options.tenant);
  const report = await untilSignal((signal) =>
    replayWaiting(cli, portal, tenant, { ...options, signal })
  );
  if (options.json) printJson(cli, report);
  else reportLines(report).forEach((line) => cli.print(line));
  if (!["same", "rebuilt"].includes(report.status)) throw new FailedError();
}

async function findUnpurged({ store }: Portal, who: string): Promise<Tenant> {
  const tenant = await findTenant(store, who);
  if (await getTenantStatus(store, tenant.id) !== "purged") return tenant;
  throw new NotFoundError(`Cannot find tenant '${who}': its data was purged`);
}

async function replayWaiting(
  cli: Cli,
  { store, clock }: Portal,
  { id, slug }: Tenant,
  { check = false, from, to, signal }: Options & { signal: AbortSignal },
): Promise<ReplayReport> {
  const progress = cli.progress();
  const onProgress = (what: string) => progress.step(`${slug}: ${what}`);
  const attempt = async () => {
    const report = await replayTenant({ store, clock }, id, {
      check,
      from,
      to,
      signal,
      onProgress,
    });
    return report.status === "busy" ? null : report;
  };
  try {
    return await whileBusy(cli, clock, { verb: "replay", slug }, attempt);
  } finally {
    progress.end();
  }
}

function reportLines(report: ReplayReport): string[] {
  const { tenant, status, differences, differenceCount, message } = report;
  if (status === "unfinished") return [`${tenant}: ${message}`];
  const more = differenceCount - differences.length;
  return [
    ...differences.map(differenceLine),
    ...(more > 0 ? [`… and ${count(more, "more difference")}`] : []),
    ...report.days.map(dayLine),
    `${tenant}: ${summary(report)}`,
  ];
}

function summary(
  { status, records, notCovered, differenceCount, ...did }: ReplayReport,
): string {
  const found = `${count(differenceCount, "difference")} in ${
    count(records, "record")
  }, ${notCovered} not covered by raw`;
  return status === "rebuilt"
    ? `${found}; ${did.written} written, ${did.removed} removed`
    : found;
}

function differenceLine(
  { stream, id, field, raw, stored }: Difference,
): string {
  if (field === null) {
    const where = raw === null
      ? "raw does not have it, it is stored"
      : "raw has it, it is not stored";
    return `${stream} ${id}: ${where}`;
  }
  return `${stream} ${id} ${field}: raw says ${shown(raw)}, stored ${
    shown(stored)
  }`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

const DAYS: Record<ReplayedDay["status"], string> = {
  same: "the same",
  different: "different",
  rewritten: "written anew",
  beyond: "beyond the retention of raw; the frozen figures stand",
  unsettled:
    "a run that did not come to its end had its part in it; the frozen figures stand",
};

function dayLine({ day, status }: ReplayedDay): string {
  return `${day}: ${DAYS[status]}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
