import type { Command } from "commander";
import { ConflictError, UsageError } from "../lib/domain/mod.ts";
import { findTenant, getTenantStatus, type Tenant } from "../lib/store/mod.ts";
import { erasePerson, type ErasureCertificate } from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { tableLines } from "./_io.ts";
import { withPortal } from "./_run.ts";

interface EraseOptions {
  tenant: string;
  lead: string;
  keepOut?: boolean;
  confirm?: string;
  json?: boolean;
}

export function personCommands(program: Command, cli: Cli): void {
  const person = program.command("person")
    .description("people whose data a brand holds");

  person.command("erase")
    .description(
      "remove a lead for good, with opportunities, notes, activities and raw records",
    )
    .requiredOption("--tenant <tenant>", "slug or id")
    .requiredOption("--lead <id>", "the lead's id at ClientTether")
    .option(
      "--keep-out",
      "leave the person out of later syncs; otherwise the next one brings back what ClientTether still has",
    )
    .option("--confirm <id>", "the lead's id once more: there is no way back")
    .option("--json", "print the certificate as JSON")
    .action((options: EraseOptions) =>
      withPortal(cli, (portal) => erase(cli, portal, options))
    );
}

async function erase(
  cli: Cli,
  portal: Portal,
  { tenant: named, lead, keepOut = false, confirm, json = false }: EraseOptions,
): Promise<void> {
  const { store, clock } = portal;
  const tenant = await findTenant(store, named);
  if (confirm !== lead) {
    throw new UsageError(
      `Nothing was removed. To erase lead ${lead} of '${tenant.name}' say so once more: --confirm ${lead}`,
    );
  }
  const progress = cli.progress();
  const certificate = await erasePerson({ store, clock }, tenant.id, lead, {
    keepOut,
    onProgress: (what) => progress.step(`${tenant.slug}: ${what}`),
  }).finally(() => progress.end());
  if (!certificate) throw await whyNot(portal, tenant);
  if (json) printJson(cli, certificate);
  else certificateLines(tenant, certificate).forEach((line) => cli.print(line));
}

async function whyNot({ store }: Portal, { id, slug }: Tenant): Promise<Error> {
  const status = await getTenantStatus(store, id);
  return status === "active"
    ? new ConflictError(
      `Cannot erase: a sync of '${slug}' is under way; try again when it has ended`,
    )
    : new UsageError(`Cannot erase: tenant '${slug}' is ${status}`);
}

function certificateLines(
  { slug }: Tenant,
  { personHash, startedAt, finishedAt, keepOut, removed, total }:
    ErasureCertificate,
): string[] {
  return [
    `Erased one person of '${slug}', known from here on as ${personHash}.`,
    `Begun ${startedAt}, finished ${finishedAt}.`,
    ...tableLines(["REMOVED", "ROWS"], [
      ...Object.entries(removed).map(([kind, count]) => [kind, String(count)]),
      ["all", String(total)],
    ]),
    keepOut
      ? "Later syncs leave the person out."
      : "The next sync brings back what ClientTether still has of the person: remove it there, or use --keep-out.",
    `Every backup that was written before ${finishedAt} may still hold the person: ` +
    "the portal does not know when backups were written. Delete those, or erase again after restoring one.",
  ];
}
