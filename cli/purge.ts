import type { Command } from "commander";
import { NotFoundError, UsageError } from "../lib/domain/mod.ts";
import {
  findPurge,
  findTenant,
  type PurgeCertificate,
  purgeTenant,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { tableLines } from "./_io.ts";
import { withPortal } from "./_run.ts";

interface PurgeOptions {
  confirm?: string;
  json?: boolean;
}

/** `portal tenant purge`. */
export function purgeCommand(tenant: Command, cli: Cli): void {
  tenant.command("purge")
    .description(
      "remove a brand for good, with all its data, its members' roles and its keys",
    )
    .argument("<tenant>", "slug or id")
    .option(
      "--confirm <slug>",
      "the brand's slug once more: there is no way back",
    )
    .option("--json", "print the certificate as JSON")
    .action((named: string, options: PurgeOptions) =>
      withPortal(cli, (portal) => purge(cli, portal, named, options))
    );
}

async function purge(
  cli: Cli,
  portal: Portal,
  named: string,
  { confirm, json = false }: PurgeOptions,
): Promise<void> {
  const { store, clock } = portal;
  const found = await theTenant(portal, named);
  if ("total" in found) return printCertificate(cli, found, json);
  if (confirm !== found.slug) {
    throw new UsageError(
      `Nothing was removed. Make a backup if any of '${found.name}' may be wanted again; ` +
        `then run: portal tenant purge ${found.slug} --confirm ${found.slug}`,
    );
  }
  const progress = cli.progress();
  const certificate = await purgeTenant(store, found.id, {
    clock,
    onProgress: ({ rows }) => progress.step(`${rows} rows removed`),
  }).finally(() => progress.end());
  printCertificate(cli, certificate, json);
}

/** The tenant, or the certificate of a purge that is over. */
async function theTenant({ store }: Portal, named: string) {
  try {
    return await findTenant(store, named);
  } catch (error) {
    const done = error instanceof NotFoundError
      ? await findPurge(store, named)
      : null;
    if (done) return done;
    throw error;
  }
}

function printCertificate(
  cli: Cli,
  certificate: PurgeCertificate,
  json: boolean,
): void {
  if (json) return printJson(cli, certificate);
  const { slug, tenantId, storeId, startedAt, finishedAt, rows, total } =
    certificate;
  cli.print(`Purged '${slug}' (${tenantId}) from the store ${storeId}.`);
  cli.print(`Begun ${startedAt}, finished ${finishedAt}.`);
  const counts = Object.entries(rows).sort(([a], [b]) => a < b ? -1 : 1);
  tableLines(["REMOVED", "ROWS"], [
    ...counts.map(([kind, count]) => [kind, String(count)]),
    ["all", String(total)],
  ]).forEach((line) => cli.print(line));
  cli.print(
    `Every backup that was written before ${finishedAt} may still hold it: the portal does not know them. ` +
      "Delete them, or restore none of them without purging again.",
  );
}
