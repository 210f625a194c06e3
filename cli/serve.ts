import { UsageError } from "../lib/domain/mod.ts";
import { environment, FailedError, runCommand } from "./_run.ts";
import { note, print } from "./_io.ts";

/** What `deno task build` writes. */
interface BuiltServer {
  fetch: Deno.ServeHandler;
}

const BUILT = new URL("../_fresh/server.js", import.meta.url);

/** Serves the production build; says where once it listens. */
export async function serveBuild(
  { host, port }: { host: string; port: number },
  onListen: (url: string) => void,
): Promise<void> {
  const server = await importBuild();
  try {
    Deno.serve({
      hostname: host,
      port,
      automaticCompression: true,
      onListen: (addr) => onListen(`http://${shownHost(host)}:${addr.port}`),
    }, server.fetch);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    note(portInUse(port));
    throw new FailedError();
  }
}

export function portInUse(port: number): string {
  return `Cannot listen on port ${port}: another program uses it. Stop that one, or set PORT to another.`;
}

function shownHost(host: string): string {
  return host === "127.0.0.1" || host === "0.0.0.0" ? "localhost" : host;
}

async function importBuild(): Promise<BuiltServer> {
  try {
    await Deno.stat(BUILT);
  } catch (cause) {
    throw new UsageError(
      "There is no production build: run deno task build first",
      { cause },
    );
  }
  const { default: server } = await import(BUILT.href);
  return server;
}

if (import.meta.main) {
  await runCommand(() =>
    serveBuild(environment(), (url) => print(`Tetherboard on ${url}`))
  );
  // A start that failed must not be kept alive by what it had begun.
  if (Deno.exitCode !== 0) Deno.exit();
}
