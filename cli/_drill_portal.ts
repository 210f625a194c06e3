import { fileURLToPath } from "node:url";
import { startArguments } from "./start.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const READY = /^Tetherboard on http:\/\/\S+:(\d+)$/m;

/** What a command printed, and how it ended. */
export interface Outcome {
  code: number;
  text: string;
}

/** Runs an operators' command on the drill's portal. */
export async function portalCommand(
  env: Record<string, string>,
  ...args: string[]
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "cli/portal.ts", ...args],
    cwd: ROOT,
    env,
    stdin: "null",
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, text: text.join("").trim() };
}

/** The built portal in a process of its own, with the permissions of `deno task start`. */
export class DrilledPortal {
  private constructor(
    private readonly child: Deno.ChildProcess,
    readonly url: string,
    private readonly cookie: string,
  ) {}

  static async start(
    env: Record<string, string>,
    session: string,
  ): Promise<DrilledPortal> {
    const child = new Deno.Command(Deno.execPath(), {
      args: startArguments((name) => env[name]),
      cwd: ROOT,
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let said = "";
    const lines = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of lines.values({ preventCancel: true })) {
      said += text;
      const port = READY.exec(said)?.[1];
      if (port === undefined) continue;
      lines.pipeTo(new WritableStream()).catch(() => {});
      return new DrilledPortal(
        child,
        `http://127.0.0.1:${port}`,
        `session=${session}`,
      );
    }
    throw new Error("Cannot go on: the portal did not start");
  }

  async ask(path: string, method = "GET"): Promise<Outcome> {
    const answer = await fetch(this.url + path, {
      method,
      redirect: "manual",
      headers: { cookie: this.cookie, origin: this.url },
      signal: AbortSignal.timeout(15_000),
    });
    return { code: answer.status, text: await answer.text() };
  }

  /** Whether the process still runs. */
  async isAlive(): Promise<boolean> {
    return await this.ask("/api/health").then(() => true, () => false);
  }

  /** Ends it by a signal; fine where it has ended. */
  async end(signal: Deno.Signal): Promise<void> {
    try {
      this.child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    await this.child.status;
  }
}
