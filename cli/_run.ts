import { CommanderError } from "commander";
import { NotFoundError, UsageError } from "../lib/domain/mod.ts";
import {
  type Config,
  configureLogging,
  openPortal,
  type Portal,
  readConfig,
} from "../lib/web/mod.ts";
import { note } from "./_io.ts";

/** Something was tried and failed; what is to be said has been said. */
export class FailedError extends Error {
  override name = "FailedError";
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or setting. */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageError || error instanceof NotFoundError ? 2 : 1;
}

/** Runs a command to its end: one line for an error, never a stack trace. */
export async function runCommand(command: () => Promise<unknown>) {
  try {
    await command();
  } catch (error) {
    const silent = error instanceof CommanderError ||
      error instanceof FailedError;
    if (!silent) note(messageOf(error));
    Deno.exitCode = exitCodeOf(error);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function environment(): Config {
  return readConfig((name) => Deno.env.get(name));
}

/** Opens the portal for one command and closes it in any case. */
export async function withPortal<T>(
  work: (portal: Portal) => Promise<T>,
): Promise<T> {
  const config = environment();
  await configureLogging({ logLevel: "error" });
  const portal = await openPortal(config);
  try {
    return await work(portal);
  } finally {
    await portal.close();
  }
}
