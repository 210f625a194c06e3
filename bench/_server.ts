import { servingScript } from "../cli/built.ts";

/** Nanoseconds that all threads of a process have worked so far, as the operating system counts them. */
export async function workedFor(pid: number): Promise<number> {
  let sum = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    try {
      const path = `/proc/${pid}/task/${name}/schedstat`;
      sum += Number((await Deno.readTextFile(path)).split(" ")[0]);
    } catch (error) {
      // A thread may end meanwhile.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return sum;
}

/** Most memory that a process has ever held resident, in bytes. */
export async function peakMemoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** A program that serves on this machine. Disposing of it ends it. */
export interface ServingProcess extends AsyncDisposable {
  /** Where it listens, by address and not by name. */
  origin: string;
  pid: number;
  /** Milliseconds from its start to the line that says where it listens. */
  listensAfter: number;
}

/** Starts a program that prints the address at which it serves. */
export async function startServing(
  args: string[],
  env: Record<string, string> = {},
): Promise<ServingProcess> {
  const start = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...args],
    env: { NO_COLOR: "1", LOG_LEVEL: "error", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  let port: string | undefined;
  while (!port) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot go on: ${args.join(" ")} ended early`);
    text += value;
    port = /http:\/\/[^\s:]+:(\d+)/.exec(text)?.[1];
  }
  const listensAfter = performance.now() - start;
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: process.pid,
    listensAfter,
    [Symbol.asyncDispose]: async () => {
      await reader.cancel();
      process.kill("SIGKILL");
      await process.status;
    },
  };
}

/** The portal's production build on a database, as `deno task start` serves it. */
export function startPortal(
  database: string,
  secret: string,
  env: Record<string, string> = {},
): Promise<ServingProcess> {
  const script = new URL(`../${servingScript()}`, import.meta.url).href;
  return startServing([script], {
    PORT: "0",
    HOST: "127.0.0.1",
    DENO_KV_PATH: database,
    PORTAL_SECRET: secret,
    PORTAL_ROLE: "web",
    ...env,
  });
}

/** Writes the production build, as `deno task build` does. */
export async function buildPortal(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "dev.ts", "build"],
    cwd: new URL("..", import.meta.url),
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot go on: the build failed");
}
