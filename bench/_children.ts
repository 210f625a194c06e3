/** Records of a simulated brand. */
export interface Size {
  leads: number;
  opportunities: number;
  notes: number;
  activities: number;
}

/** When every simulated account begins, epoch milliseconds: a Wednesday, 11:00 in `BENCH_ZONE`. */
export const START = Date.parse("2026-03-11T15:00:00.000Z");
export const BENCH_ZONE = "America/New_York";
export const BENCH_TOKEN = "bench-access-token";

/** A script of this folder in a process of its own, which answers questions: a line of JSON for a line of JSON. */
export interface Child<Hello, Question> extends AsyncDisposable {
  hello: Hello;
  ask(question: Question): Promise<unknown>;
}

function command(
  script: string,
  job: unknown,
  flags: readonly string[] = [],
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      ...flags,
      new URL(script, import.meta.url).href,
      JSON.stringify(job),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
}

/** Starts a script that goes on by {@linkcode answerQuestions}; disposing of it ends it. Flags are those of `deno run`. */
export async function startChild<Hello, Question = never>(
  script: string,
  job: unknown,
  flags: readonly string[] = [],
): Promise<Child<Hello, Question>> {
  const process = command(script, job, flags).spawn();
  const lines = linesOf(process.stdout);
  const input = process.stdin.getWriter();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`Cannot go on: ${script} ended early`);
    return JSON.parse(value);
  };
  return {
    hello: await answer(),
    ask: async (question) => {
      const line = JSON.stringify(question) + "\n";
      await input.write(new TextEncoder().encode(line));
      return await answer();
    },
    [Symbol.asyncDispose]: async () => {
      await input.close();
      await lines.return(undefined);
      await process.status;
    },
  };
}

/** Runs a script to its end; what it printed is one JSON text. */
export async function runChild<Result>(
  script: string,
  job: unknown,
): Promise<Result> {
  const process = command(script, job).spawn();
  await process.stdin.close();
  const { success, stdout } = await process.output();
  if (!success) throw new Error(`Cannot go on: ${script} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The child's side of {@linkcode startChild}: says hello, then answers until the parent closes the pipe. */
export async function answerQuestions<Question>(
  hello: unknown,
  answer: (question: Question) => unknown,
): Promise<void> {
  say(hello);
  for await (const line of linesOf(Deno.stdin.readable)) {
    say(await answer(JSON.parse(line)) ?? null);
  }
}

/** One line of JSON to the parent. */
export function say(value: unknown): void {
  let bytes = new TextEncoder().encode(JSON.stringify(value) + "\n");
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Most memory that this process has ever held resident, in bytes, as the operating system counts it. */
export async function peakMemory(): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kB === undefined) {
    throw new Error("Cannot read the peak memory: /proc has no VmHWM");
  }
  return Number(kB) * 1024;
}

/** A name for a database file that does not exist yet; disposing of it removes the file. */
export async function temporaryDatabase(): Promise<
  { path: string } & AsyncDisposable
> {
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  return {
    path: `${folder}/kv.sqlite3`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
