import type { Command } from "commander";
import {
  countByKey,
  type KeyCounts,
  rotateSecrets,
  type Rotation,
} from "../lib/auth/mod.ts";
import { appendAudit } from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { tableLines } from "./_io.ts";
import { FailedError, withPortal } from "./_run.ts";

interface RotateOptions {
  check?: boolean;
  json?: boolean;
}

export function secretsCommands(program: Command, cli: Cli): void {
  const secrets = program.command("secrets")
    .description("the keys that seal what brands entrust to the portal");

  secrets.command("rotate")
    .description(
      "seal everything with PORTAL_SECRET that PORTAL_SECRET_OLD has sealed; may be run again, and while the portal runs",
    )
    .option("--check", "only count what stands under which key")
    .option("--json", "print JSON")
    .action((options: RotateOptions) =>
      withPortal(cli, (portal) => rotate(cli, portal, options))
    );
}

async function rotate(
  cli: Cli,
  portal: Portal,
  { check = false, json = false }: RotateOptions,
): Promise<void> {
  const { store, secrets } = portal;
  const result: Rotation = check
    ? { rotated: 0, counts: await countByKey(store), unreadable: [] }
    : await rotateAll(cli, portal);
  const old = Object.keys(result.counts).filter((id) => id !== secrets.keyId);
  if (json) {
    printJson(cli, {
      keyId: secrets.keyId,
      ...result,
      oldKeysNeeded: old.sort(),
    });
  } else {
    if (!check) cli.print(`Sealed anew: ${result.rotated}.`);
    printCounts(cli, portal, result.counts);
    cli.print(adviceOf(portal, result.counts));
  }
  for (const { field, ownerId, keyId } of result.unreadable) {
    cli.note(
      `Cannot read '${field}' of '${ownerId}', sealed with key ${keyId}`,
    );
  }
  if (result.unreadable.length > 0) {
    throw new FailedError("Some secrets could not be read");
  }
}

async function rotateAll(
  cli: Cli,
  { store, secrets, clock }: Portal,
): Promise<Rotation> {
  const progress = cli.progress();
  try {
    const result = await rotateSecrets(store, secrets, {
      onProgress: (rotated) => progress.step(`${rotated} sealed anew`),
    });
    if (result.rotated > 0) {
      await appendAudit(store, {
        actor: { kind: "operator", id: null, name: null },
        action: "secrets.rotated",
        detail: { rotated: result.rotated, keyId: secrets.keyId },
      }, clock);
    }
    return result;
  } finally {
    progress.end();
  }
}

function printCounts(
  cli: Cli,
  { secrets: { keyId, keyIds } }: Portal,
  counts: KeyCounts,
): void {
  const ids = new Set([...keyIds, ...Object.keys(counts).sort()]);
  const variableOf = (id: string) =>
    id === keyId
      ? "PORTAL_SECRET"
      : keyIds.includes(id)
      ? "PORTAL_SECRET_OLD"
      : "not given";
  tableLines(
    ["KEY", "VARIABLE", "SEALED"],
    [...ids].map((id) => [id, variableOf(id), String(counts[id] ?? 0)]),
  ).forEach((line) => cli.print(line));
}

/** What is to be done about the earlier keys. */
function adviceOf(
  { secrets: { keyId, keyIds } }: Portal,
  counts: KeyCounts,
): string {
  const needed = Object.keys(counts).filter((id) => id !== keyId).sort();
  const unknown = needed.filter((id) => !keyIds.includes(id));
  if (unknown.length > 0) {
    return `Put the secret of key ${
      unknown.join(", ")
    } into PORTAL_SECRET_OLD: without it what it sealed cannot be read.`;
  }
  if (needed.length > 0) {
    return `PORTAL_SECRET_OLD is still needed for key ${
      needed.join(", ")
    }. Run: portal secrets rotate`;
  }
  return keyIds.length > 1
    ? "Nothing stands under an earlier key: PORTAL_SECRET_OLD may be removed, once every process of the portal " +
      "runs with the new PORTAL_SECRET. A backup from before still needs the earlier secret."
    : "Everything stands under PORTAL_SECRET.";
}
