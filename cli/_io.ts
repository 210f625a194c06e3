import { UsageError } from "../lib/domain/mod.ts";

const encoder = new TextEncoder();

/** One line to standard output. */
export function print(line = ""): void {
  Deno.stdout.writeSync(encoder.encode(line + "\n"));
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** One line to standard error: what is not the answer itself. */
export function note(line: string): void {
  Deno.stderr.writeSync(encoder.encode(line + "\n"));
}

/** Rows in columns, as wide as what stands in them. */
export function printTable(head: string[], rows: string[][]): void {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0))
  );
  for (const row of [head, ...rows]) {
    print(row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd());
  }
}

/**
 * Progress on standard error: one line that changes on a terminal, a line for each step in a pipe.
 */
export function createProgress(): { step(line: string): void; end(): void } {
  const live = Deno.stderr.isTerminal();
  return {
    step: (line) =>
      live
        ? void Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${line}`))
        : note(line),
    end: () => {
      if (live) Deno.stderr.writeSync(encoder.encode("\r\x1b[2K"));
    },
  };
}

/** Lines of standard input, read when the first is asked for. */
let piped: Promise<string[]> | undefined;

/**
 * A secret: from the environment, else from a prompt that shows nothing, else the next line of standard input.
 * Blank is null. Never an argument: task runners and shells print those.
 */
export async function readSecret(
  variable: string,
  question: string,
): Promise<string | null> {
  const given = Deno.env.get(variable);
  if (given !== undefined) return given.trim() || null;
  if (Deno.stdin.isTerminal()) return promptSecret(question);
  piped ??= new Response(Deno.stdin.readable).text()
    .then((text) => text.split(/\r?\n/));
  return (await piped).shift()?.trim() || null;
}

/** Asks on the terminal without showing what is typed. */
function promptSecret(question: string): string | null {
  Deno.stderr.writeSync(encoder.encode(`${question}: `));
  Deno.stdin.setRaw(true);
  const typed: number[] = [];
  const byte = new Uint8Array(1);
  try {
    while (Deno.stdin.readSync(byte)) {
      const [code] = byte;
      if (code === 13 || code === 10) break;
      if (code === 3) throw new UsageError("Nothing was changed: interrupted");
      if (code === 127 || code === 8) typed.pop();
      else typed.push(code!);
    }
  } finally {
    Deno.stdin.setRaw(false);
    note("");
  }
  return new TextDecoder().decode(new Uint8Array(typed)).trim() || null;
}
