import type { ChildEvent, ChildPlan } from "./_plan.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;

/** How a process ended. */
export interface Ended {
  code: number;
  signal: Deno.Signal | null;
  /** Standard output, line by line. */
  out: string[];
  err: string[];
}

/** A script of this repository in a process of its own; disposing of it kills it. */
export class Process implements AsyncDisposable {
  readonly #out: string[] = [];
  readonly #err: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly ended: Promise<Ended>;

  constructor(args: string[], env: Record<string, string> = {}) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", ...args],
      cwd: ROOT,
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.ended = this.#end();
  }

  async #end(): Promise<Ended> {
    const [{ code, signal }] = await Promise.all([
      this.#process.status,
      this.#read(this.#process.stdout, this.#out),
      this.#read(this.#process.stderr, this.#err),
    ]);
    await this.#writer.close().catch(() => {});
    return { code, signal, out: this.#out, err: this.#err };
  }

  async #read(from: ReadableStream<Uint8Array<ArrayBuffer>>, to: string[]) {
    let rest = "";
    for await (const text of from.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      to.push(...lines);
      this.#waiting.forEach((look) => look());
    }
    if (rest) to.push(rest);
  }

  get lines(): readonly string[] {
    return [...this.#out, ...this.#err];
  }

  /**
   * Resolves once a line of its output or its errors satisfies `is`.
   *
   * @throws {Error} with all that it said, when it ends without such a line.
   */
  async line(is: (line: string) => boolean): Promise<void> {
    const seen = Promise.withResolvers<boolean>();
    const look = () => this.lines.some(is) && seen.resolve(true);
    this.#waiting.add(look);
    look();
    const over = this.ended.then(() => this.lines.some(is));
    const found = await Promise.race([seen.promise, over]);
    this.#waiting.delete(look);
    if (!found) {
      throw new Error(`The process ended first:\n${this.lines.join("\n")}`);
    }
  }

  signal(name: Deno.Signal): void {
    this.#process.kill(name);
  }

  /** SIGKILL, whether it is still there or not. */
  kill(): void {
    try {
      this.signal("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  /** Writes a line to its standard input. */
  async say(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(line + "\n"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
  }
}

/** How a {@linkcode Child} ended. */
export interface ChildEnded extends Ended {
  /** Its last event; null when it said nothing. */
  last: ChildEvent | null;
}

/** `_child.ts` at work. */
export class Child extends Process {
  constructor(plan: ChildPlan) {
    super(["tests/sync/kill/_child.ts", JSON.stringify(plan)]);
  }

  /** Resolves once it has said so. */
  event(event: ChildEvent["event"]): Promise<void> {
    return this.line((line) => line.startsWith(`{"event":"${event}"`));
  }

  /** Lets it go on from where it is held. */
  release(): Promise<void> {
    return this.say("go");
  }

  async end(): Promise<ChildEnded> {
    const ended = await this.ended;
    const last = ended.out.at(-1);
    return { ...ended, last: last ? JSON.parse(last) as ChildEvent : null };
  }
}
