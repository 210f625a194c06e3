import { UsageError } from "../lib/domain/mod.ts";
import { note } from "./_io.ts";

const ENTER = [10, 13], CTRL_C = 3, CTRL_D = 4, BACKSPACE = [8, 127];

/** Reads secrets: never from an argument, since task runners and shells print those. */
export type ReadSecret = (
  variable: string,
  question: string,
) => Promise<string | null>;

/**
 * A secret from the environment, else from a prompt that shows nothing, else the next line of standard input.
 * Blank is null; otherwise it is as it was given, spaces included.
 */
export function createReadSecret(
  env: (name: string) => string | undefined,
): ReadSecret {
  const nextLine = lineReader();
  return async (variable, question) => {
    const text = env(variable) ??
      (Deno.stdin.isTerminal() ? promptSecret(question) : await nextLine());
    return text?.trim() ? text : null;
  };
}

/** Lines of standard input one by one, undefined after the last; nothing is read before the first is asked for. */
function lineReader(): () => Promise<string | undefined> {
  let reader: ReadableStreamDefaultReader<string> | undefined;
  let text = "";
  return async () => {
    reader ??= Deno.stdin.readable.pipeThrough(new TextDecoderStream())
      .getReader();
    for (;;) {
      const [line, ...rest] = text.split(/\r?\n/);
      if (rest.length > 0) {
        text = rest.join("\n");
        return line;
      }
      const { done, value } = await reader.read();
      if (done) {
        text = "";
        return line || undefined;
      }
      text += value;
    }
  };
}

/** Asks on the terminal without showing what is typed. */
function promptSecret(question: string): string {
  Deno.stderr.writeSync(new TextEncoder().encode(`${question}: `));
  Deno.stdin.setRaw(true);
  const typed: number[] = [];
  const byte = new Uint8Array(1);
  try {
    while (Deno.stdin.readSync(byte)) {
      const code = byte[0]!;
      if (ENTER.includes(code) || code === CTRL_D) break;
      if (code === CTRL_C) throw new UsageError("Nothing was changed");
      if (BACKSPACE.includes(code)) eraseCharacter(typed);
      else typed.push(code);
    }
  } finally {
    Deno.stdin.setRaw(false);
    note("");
  }
  return new TextDecoder().decode(new Uint8Array(typed));
}

/** The last character of UTF-8 bytes: back over what continues it to its first byte. */
function eraseCharacter(bytes: number[]): void {
  for (let last = bytes.pop(); last !== undefined; last = bytes.pop()) {
    if (last >> 6 !== 0b10) return;
  }
}
