// The fixture as a process: built and served, or developed.
import { FIXTURE } from "./_kit.ts";

export interface Server {
  url: string;
  stop(): Promise<void>;
}

/** The configuration that tells what "fresh" is: that of the tests' run. */
const CONFIG = `${Deno.cwd()}/deno.json`;

/** Builds the fixture for production and serves it as its users do. */
export async function serveBuild(): Promise<Server> {
  const outDir = await Deno.makeTempDir({ prefix: "fresh_build_" });
  const build = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", CONFIG, `${FIXTURE}dev.ts`, "build"],
    env: { OUT_DIR: outDir, GITHUB_SHA: "abc" },
  }).output();
  if (!build.success) throw new Error(new TextDecoder().decode(build.stderr));
  const options = ["--host", "127.0.0.1", "--port", "0"];
  const server = await start(
    ["serve", "-A", "--config", CONFIG, ...options, `${outDir}/server.js`],
    {},
  );
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await Deno.remove(outDir, { recursive: true });
    },
  };
}

/** Serves the fixture from its sources. */
export async function serveDev(): Promise<Server> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(listener.addr.port);
  listener.close();
  return await start(
    ["run", "-A", "--config", CONFIG, `${FIXTURE}dev.ts`],
    { PORT: port },
  );
}

/** Starts Deno and waits for the address that it prints. */
async function start(
  args: string[],
  env: Record<string, string>,
): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
    stdin: "null",
  }).spawn();
  const found = Promise.withResolvers<string>();
  const ended = [child.stdout, child.stderr].map((stream) =>
    watch(stream, found.resolve)
  );
  Promise.all(ended).then((outputs) =>
    found.reject(new Error(`Cannot start server: ${outputs.join("\n")}`))
  );
  return {
    url: await found.promise,
    async stop() {
      child.kill("SIGKILL");
      await Promise.all([child.status, ...ended]);
    },
  };
}

/** Reads a stream to its end and tells of the first local address in it. */
async function watch(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onUrl: (url: string) => void,
): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (url) onUrl(url);
  }
  return text;
}
