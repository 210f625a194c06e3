import type { PortalOptions } from "../lib/web/mod.ts";
import { createProgress, note, print, type Progress } from "./_io.ts";
import { createReadSecret, type ReadSecret } from "./_secret.ts";

/** The world around a command: what it reads and where it writes. */
export interface Cli {
  env(name: string): string | undefined;
  /** One line of the answer. */
  print(line?: string): void;
  /** One line that is not the answer. */
  note(line: string): void;
  progress(): Progress;
  readSecret: ReadSecret;
  /** The clock and the fetch that the portal is opened with. */
  portal: PortalOptions;
}

/** This process. */
export function systemCli(): Cli {
  const env = (name: string) => Deno.env.get(name);
  return {
    env,
    print,
    note,
    progress: createProgress,
    readSecret: createReadSecret(env),
    portal: {},
  };
}

export function printJson({ print }: Cli, value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
