/** The project. */
const ROOT = new URL("../..", import.meta.url);
/** What Deno itself needs to find its packages. */
const OF_DENO = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];

/** An environment that holds nothing but these variables, and what Deno needs. */
export function bare(env: Record<string, string>): Record<string, string> {
  const own = OF_DENO.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(own), ...env };
}

/** A portal that `deno task start` serves, in processes of its own. */
export interface Started extends AsyncDisposable {
  url: string;
  /** Ends it as a supervisor would; answers its exit code. */
  stop(): Promise<number>;
  /** What it has written to its log, once it has ended. */
  said: Promise<string>;
}

/** Starts the build that is there, or another program that serves; resolves when it listens. */
export async function startBuilt(
  env: Record<string, string>,
  program = ["--allow-env", "--allow-read", "--allow-run", "cli/start.ts"],
): Promise<Started> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--node-modules-dir=manual"],
      ...program,
    ],
    cwd: ROOT,
    clearEnv: true,
    env: bare({ PORT: "0", ...env }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stderr).text();
  const url = await firstUrl(child.stdout);
  if (url === null) {
    throw new Error(
      `It did not start: ${await log} ${(await child.status).code}`,
    );
  }
  let ended: Promise<number> | null = null;
  const end = async () => {
    child.kill("SIGTERM");
    const { code } = await child.status;
    await log;
    return code;
  };
  const stop = () => ended ??= end();
  return {
    url,
    stop,
    said: log,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

async function firstUrl(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string | null> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    const [, port] = /^Tetherboard on http:\/\/\S+:(\d+)$/m.exec(text) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  return null;
}
