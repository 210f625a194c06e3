import { dirname } from "node:path";
import { TerminalError, TransientError, UsageError } from "../domain/mod.ts";

const ANOTHER = "set DENO_KV_PATH to the portal's own file, or a new one";

/** A database, by what it is read through and what it is written through: the same where one answers both at a time. */
export interface Connections {
  reads: Deno.Kv;
  writes: Deno.Kv;
}

/**
 * Opens a database by its path; see `OpenStoreOptions.path`. A file of another program is left as it is: Deno KV would
 * put tables of its own into it. A file is opened twice: on one connection whoever reads would wait for the commits
 * before it, a tenth of a second each while a sync writes. SQLite's log lets the other read meanwhile, and what is
 * committed it sees at once.
 *
 * @throws {UsageError} when the path names no file that can be a database of the portal.
 * @throws {TerminalError} when the file is damaged.
 * @throws {TransientError} when it cannot be opened now, or not within `deadlineMs`.
 */
export async function openKv(
  path: string | undefined,
  deadlineMs: number,
): Promise<Connections> {
  if (isFile(path)) await assertOwn(path);
  const reads = await openWithin(path, deadlineMs);
  if (!isFile(path)) return { reads, writes: reads };
  try {
    return { reads, writes: await openWithin(path, deadlineMs) };
  } catch (error) {
    reads.close();
    throw error;
  }
}

async function openWithin(
  path: string | undefined,
  deadlineMs: number,
): Promise<Deno.Kv> {
  const opening = Deno.openKv(path);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not open within ${deadlineMs / 1000} s`));
      opening.then((kv) => kv.close(), () => {});
    }, deadlineMs);
  });
  try {
    return await Promise.race([opening, deadline]);
  } catch (error) {
    throw await whyNot(path, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a path names a file that could be made and is not there: to open it would make it. */
export async function isMissing(path: string | undefined): Promise<boolean> {
  if (!isFile(path)) return false;
  const isThere = await Deno.stat(path).then(() => true, () => false);
  return !isThere && await wrongPath(path) === null;
}

/** The others: the platform's own, one in memory, a remote one. */
function isFile(path: string | undefined): path is string {
  return path !== undefined && path !== ":memory:" && !isRemote(path);
}

/** Whether a path is the address of a database elsewhere. */
export function isRemote(path: string | undefined): boolean {
  return path !== undefined && /^https?:/.test(path);
}

/**
 * Asks SQLite for the names of the tables. The file is never opened otherwise: to close it would give up the locks that
 * this process holds on it.
 */
async function assertOwn(path: string): Promise<void> {
  const found = await Deno.stat(path).catch(() => null);
  if (!found?.isFile || found.size === 0) return;
  const tables = await tablesOf(path);
  if (tables.length === 0 || tables.includes("kv")) return;
  throw new UsageError(
    `Cannot open the database '${path}': it is another program's; ${ANOTHER}`,
  );
}

/** Empty where SQLite cannot say: what is wrong then, the opening itself says. */
async function tablesOf(path: string): Promise<string[]> {
  const { DatabaseSync } = await import("node:sqlite");
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      return db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all().map(({ name }) => String(name));
    } finally {
      db.close();
    }
  } catch {
    return [];
  }
}

async function whyNot(
  path: string | undefined,
  cause: unknown,
): Promise<Error> {
  const said = cause instanceof Error ? cause.message : String(cause);
  const what = `Cannot open the database${path ? ` '${path}'` : ""}`;
  if (isDamaged(cause)) {
    return new TerminalError(
      `${what}: it is damaged; restore a backup into a new file`,
      { cause },
    );
  }
  if (/file is not a database/i.test(said)) {
    return new UsageError(`${what}: it is no database; ${ANOTHER}`, { cause });
  }
  if (isRemote(path)) {
    return /DENO_KV_ACCESS_TOKEN/.test(said)
      ? new UsageError(`${what}: DENO_KV_ACCESS_TOKEN is not set`, { cause })
      : new TransientError(`${what}: ${whyNotRemote(said)}`, { cause });
  }
  const wrong = isFile(path) ? await wrongPath(path) : null;
  return wrong === null
    ? new TransientError(`${what}: ${said}`, { cause })
    : new UsageError(`${what}: ${wrong}`, { cause });
}

/** Whether it is the protocol of a remote database that has failed. */
export function isOfRemote(error: unknown): error is Error {
  return error instanceof Error &&
    /KV Connect|failed to (fetch|parse) metadata|metadata response/i
      .test(error.message);
}

/** Deno's words without the address, which names the database, and without what was written there instead of one. */
export function whyNotRemote(said: string): string {
  const [, status] = /(?:responded with status |\(status=)(\d{3})/.exec(said) ??
    [];
  if (status === "401" || status === "403") {
    return `it answered ${status}; set DENO_KV_ACCESS_TOKEN to a token that it takes`;
  }
  if (status !== undefined) return `it answered ${status}`;
  // Without a status, what follows are the words of whoever answers there.
  if (/failed to fetch metadata/i.test(said)) {
    return "it refuses; set DENO_KV_ACCESS_TOKEN to a token that it takes";
  }
  if (/KV Connect|metadata/i.test(said)) return "its answer cannot be read";
  const plain = said.replaceAll(/https?:\/\/[^\s'")]+/g, "…");
  return /failed to connect/.test(said)
    ? `it cannot be reached: ${plain.split(": ").at(-1)}`
    : plain;
}

async function wrongPath(path: string): Promise<string | null> {
  const isFolder = (name: string) =>
    Deno.stat(name).then((found) => found.isDirectory, () => false);
  if (await isFolder(path)) return `it is a folder; ${ANOTHER}`;
  return await isFolder(dirname(path))
    ? null
    : "its folder does not exist; make it, or set DENO_KV_PATH to another";
}

/** Whether SQLite says that what a file holds is no longer what it wrote. */
export function isDamaged(error: unknown): boolean {
  return error instanceof Error &&
    /database disk image is malformed|SQLITE_CORRUPT/i.test(error.message);
}
