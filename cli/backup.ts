import type { Command } from "commander";
import {
  ConflictError,
  TransientError,
  UsageError,
} from "../lib/domain/mod.ts";
import {
  type BackupProgress,
  type BackupSummary,
  writeBackup,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";
import { messageOf, withPortal } from "./_run.ts";

/** A backup holds what the database holds: it is its owner's alone. */
const MODE = 0o600;

export function backupCommand(program: Command, cli: Cli): void {
  program.command("backup")
    .description(
      "write everything to a file, sessions excepted; may run while the portal does",
    )
    .argument("<file>", "the file, gzip; by custom its name ends in .jsonl.gz")
    .option("--force", "put it in place of a file of that name")
    .action(async (file: string, { force = false }: { force?: boolean }) => {
      // Before the database: a name that is wrong is answered at once.
      await assertWritable(file, force);
      await withPortal(cli, (portal) => backUp(cli, portal, file));
    });
}

async function assertWritable(file: string, force: boolean): Promise<void> {
  const found = await Deno.stat(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new UsageError(`Cannot write '${file}': ${messageOf(error)}`);
  });
  if (found && !found.isFile) {
    throw new UsageError(`Cannot write '${file}': it is not a file`);
  }
  if (found && !force) {
    throw new UsageError(
      `Cannot write '${file}': it exists. Give another name, or --force`,
    );
  }
}

async function backUp(cli: Cli, portal: Portal, file: string): Promise<void> {
  const { rows, sha256 } = await writeWhole(
    file,
    (to) => write(cli, portal, to),
  );
  cli.print(`Wrote ${file}: ${rows} rows, SHA-256 ${sha256}.`);
}

async function write(
  cli: Cli,
  { store, clock }: Portal,
  to: WritableStream<Uint8Array<ArrayBuffer>>,
): Promise<BackupSummary> {
  const progress = cli.progress();
  try {
    return await writeBackup(store, to, {
      clock,
      onProgress: (now) => progress.step(progressLine(now)),
    });
  } finally {
    progress.end();
  }
}

function progressLine(progress: BackupProgress): string {
  const { phase, tenant, index, of, rows } = progress;
  const wait = phase === "waiting" ? ", waiting for its sync to end" : "";
  return `Tenant ${index} of ${of}, ${tenant}${wait}: ${rows} rows so far`;
}

/**
 * Writes a file beside its name and gives it the name when it is whole and on the disk. Nothing is left when
 * that fails.
 */
async function writeWhole<T>(
  file: string,
  write: (to: WritableStream<Uint8Array<ArrayBuffer>>) => Promise<T>,
): Promise<T> {
  const path = `${file}.part`;
  using part = await openPart(path);
  try {
    const result = await write(streamTo(part, file));
    await part.sync();
    if (!await isAt(part, path)) {
      throw new ConflictError(
        `Cannot write '${file}': another backup of that name is under way`,
      );
    }
    await Deno.rename(path, file);
    return result;
  } catch (error) {
    if (await isAt(part, path)) await Deno.remove(path);
    throw error;
  }
}

/** A new file, also where an earlier backup was cut off: that one's mode may be another. */
async function openPart(path: string): Promise<Deno.FsFile> {
  try {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    return await Deno.open(path, { write: true, createNew: true, mode: MODE });
  } catch (error) {
    throw new UsageError(`Cannot write '${path}': ${messageOf(error)}`);
  }
}

function streamTo(
  part: Deno.FsFile,
  file: string,
): WritableStream<Uint8Array<ArrayBuffer>> {
  return new WritableStream({
    async write(chunk) {
      try {
        let bytes = chunk;
        while (bytes.length > 0) {
          bytes = bytes.subarray(await part.write(bytes));
        }
      } catch (cause) {
        throw new TransientError(
          `Cannot write '${file}': ${messageOf(cause)}`,
          { cause },
        );
      }
    },
  });
}

/** Whether the path still names the file: another backup of the same name puts its own there. */
async function isAt(part: Deno.FsFile, path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => null);
  return there !== null && there.ino === (await part.stat()).ino;
}
