/** Where the drill's database lives. */
export interface DrillDisk extends AsyncDisposable {
  dir: string;
  /** A disk of its own that can be filled; else a folder. */
  isSmall: boolean;
}

const BYTES = 48 * 2 ** 20;
const BLOCK = new Uint8Array(2 ** 16);

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/** A small tmpfs where one can be mounted (root on Linux), else an ordinary folder. */
export async function createDisk(): Promise<DrillDisk> {
  const dir = await Deno.makeTempDir({ prefix: "drill-" });
  const isSmall = Deno.build.os === "linux" && Deno.uid() === 0 &&
    await run("mount", "-t", "tmpfs", "-o", `size=${BYTES}`, "tmpfs", dir);
  return {
    dir,
    isSmall,
    [Symbol.asyncDispose]: async () => {
      if (isSmall) await run("umount", dir);
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Writes until nothing more fits; answers how many bytes. */
export async function fill(path: string): Promise<number> {
  using file = await Deno.open(path, { write: true, create: true });
  let written = 0;
  try {
    for (;;) written += await file.write(BLOCK);
  } catch {
    return written;
  }
}

/** A SQLite database is three files, or fewer. */
export async function moveDatabase(from: string, to: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) {
    await Deno.remove(to + suffix).catch(() => {});
    await Deno.rename(from + suffix, to + suffix).catch(() => {});
  }
}

export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) {
    await Deno.remove(path + suffix).catch(() => {});
  }
}
