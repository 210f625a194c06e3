const encoder = new TextEncoder();

interface Writer {
  writeSync(bytes: Uint8Array): number;
}

/** A pipe may take less than it is offered. */
function writeAll(to: Writer, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
}

/** One line to standard output. */
export function print(line = ""): void {
  writeAll(Deno.stdout, line + "\n");
}

/** One line to standard error: what is not the answer itself. */
export function note(line: string): void {
  writeAll(Deno.stderr, line + "\n");
}

/** How far a command has come. */
export interface Progress {
  step(line: string): void;
  /** Leaves nothing half written. */
  end(): void;
}

/**
 * Progress on standard error: one line that changes on a terminal, a line for each step in a pipe.
 */
export function createProgress(): Progress {
  const live = Deno.stderr.isTerminal();
  return {
    step: (line) =>
      live ? writeAll(Deno.stderr, `\r\x1b[2K${line}`) : note(line),
    end: () => {
      if (live) writeAll(Deno.stderr, "\r\x1b[2K");
    },
  };
}

/** Rows in columns, as wide as what stands in them: a line each, the head first. */
export function tableLines(head: string[], rows: string[][]): string[] {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0))
  );
  return [head, ...rows].map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()
  );
}
