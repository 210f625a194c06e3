import { UsageError } from "../lib/domain/mod.ts";
import { environment, FailedError, messageOf, runCommand } from "./_run.ts";
import { note, print } from "./_io.ts";

/** What `deno task build` writes. */
export interface BuiltServer {
  fetch: Deno.ServeHandler;
}

const BUILT = new URL("../_fresh/server.js", import.meta.url);

export interface ServeOptions {
  host: string;
  port: number;
  /** Where the build is. */
  built?: URL;
  /** Loads the build, where it is not to be looked for. */
  load?: () => Promise<BuiltServer>;
  say?: (line: string) => void;
}

/**
 * Serves the production build; says where once it listens.
 *
 * @throws {UsageError} when there is no build.
 * @throws {FailedError} when the address cannot be used, which has been said.
 */
export async function serveBuild(
  { host, port, built = BUILT, load, say = note }: ServeOptions,
  onListen: (url: string) => void,
): Promise<Deno.HttpServer> {
  const { fetch } = await (load ? load() : importBuild(built));
  try {
    return Deno.serve({
      hostname: host,
      port,
      automaticCompression: true,
      onListen: (addr) => onListen(`http://${shownHost(host)}:${addr.port}`),
    }, fetch);
  } catch (error) {
    say(whyNoPort(error, { host, port }));
    throw new FailedError();
  }
}

/**
 * Asks early whether a port can be listened on.
 *
 * @throws {FailedError} when it cannot, which has been said.
 */
export function assertFree(
  { host, port, say = note }: Omit<ServeOptions, "built" | "load">,
): void {
  try {
    Deno.listen({ hostname: host, port }).close();
  } catch (error) {
    say(whyNoPort(error, { host, port }));
    throw new FailedError();
  }
}

function whyNoPort(
  error: unknown,
  { host, port }: { host: string; port: number },
): string {
  return error instanceof Deno.errors.AddrInUse
    ? `Cannot listen on port ${port}: another program uses it. Stop that one, or set PORT to another.`
    : `Cannot listen on ${host}, port ${port}: ${messageOf(error)}`;
}

function shownHost(host: string): string {
  if (["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

async function importBuild(built: URL): Promise<BuiltServer> {
  try {
    await Deno.stat(built);
  } catch (cause) {
    throw new UsageError(
      "There is no production build: run deno task build first",
      { cause },
    );
  }
  const { default: server } = await import(built.href);
  return server;
}

/** Serves the build by the environment until the process is ended. */
export async function serveProcess(load?: ServeOptions["load"]): Promise<void> {
  await runCommand(async () => {
    const config = environment();
    await serveBuild(
      { ...config, ...load ? { load } : {} },
      (url) => print(`Tetherboard on ${url}`),
    );
  });
  // A start that failed must not be kept alive by what it had begun.
  if (Deno.exitCode !== 0) Deno.exit();
}
