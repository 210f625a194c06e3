import type { Command } from "commander";
import { UsageError } from "../lib/domain/mod.ts";
import {
  restoreBackup,
  type Restored,
  type RestoreProgress,
} from "../lib/store/mod.ts";
import { readConfig } from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";
import { messageOf } from "./_run.ts";

export function restoreCommand(program: Command, cli: Cli): void {
  program.command("restore")
    .description(
      "bring back what a backup holds; stop the portal first. Cut off, it goes on when it is run again",
    )
    .argument("<file>", "what portal backup wrote")
    .option("--replace", "clear a database that is not empty first")
    .action((file: string, { replace = false }: { replace?: boolean }) =>
      restore(cli, file, replace)
    );
}

/** Opens no portal: the database may be half restored, and needs no secret for this. */
async function restore(
  cli: Cli,
  file: string,
  replace: boolean,
): Promise<void> {
  const { kvPath, storeId } = readConfig(cli.env);
  const progress = cli.progress();
  try {
    const restored = await restoreBackup(() => openFile(file), {
      replace,
      ...(kvPath ? { path: kvPath } : {}),
      ...(storeId ? { expectedId: storeId } : {}),
      ...(cli.portal.clock ? { clock: cli.portal.clock } : {}),
      onProgress: (now) => progress.step(progressLine(now)),
    });
    progress.end();
    cli.print(outcomeLine(restored));
    cli.print("Sessions are not part of a backup: everybody signs in again.");
  } finally {
    progress.end();
  }
}

async function openFile(
  file: string,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  try {
    const { isFile } = await Deno.stat(file);
    if (!isFile) throw new TypeError("it is not a file");
    return (await Deno.open(file)).readable;
  } catch (error) {
    throw new UsageError(`Cannot read '${file}': ${messageOf(error)}`);
  }
}

const VERBS: Record<RestoreProgress["phase"], string> = {
  checking: "Checking the file",
  clearing: "Clearing the database",
  writing: "Writing",
};

function progressLine({ phase, rows, of }: RestoreProgress): string {
  return `${VERBS[phase]}: ${rows}${of === null ? "" : ` of ${of}`} rows`;
}

function outcomeLine({ rows, createdAt, storeId, resumed }: Restored): string {
  const verb = resumed ? "Finished the restore of" : "Restored";
  return `${verb} ${rows} rows, as they were at ${createdAt}. The store's id is ${storeId}.`;
}
