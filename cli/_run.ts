import type { CommanderError } from "commander";
import {
  type Config,
  configureLogging,
  openPortal,
  type Portal,
  readConfig,
} from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";
import { note } from "./_io.ts";

/** Something was tried and failed; what is to be said has been said. */
export class FailedError extends Error {
  override name = "FailedError";
}

export type ExitCode = 0 | 1 | 2;

/** By name: the production build holds classes of its own. */
const WRONG_USAGE = ["UsageError", "NotFoundError"];

/** By what it says of itself: a server that starts has no need of what reads command lines. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && "code" in error && "exitCode" in error &&
    String(error.code).startsWith("commander.");
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or setting. */
export function exitCodeOf(error: unknown): ExitCode {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2;
  return error instanceof Error && WRONG_USAGE.includes(error.name) ? 2 : 1;
}

/** Runs a command to its end and answers its exit code: one line for an error, never a stack trace. */
export async function exitCodeAfter(
  command: () => Promise<unknown>,
  say: (line: string) => void,
): Promise<ExitCode> {
  try {
    await command();
    return 0;
  } catch (error) {
    // Commander has said what is wrong; who closed the pipe does not listen.
    const silent = isCommanderError(error) ||
      error instanceof FailedError || error instanceof Deno.errors.BrokenPipe;
    if (!silent) say(sentenceOf(messageOf(error)));
    return exitCodeOf(error);
  }
}

/** Runs the command of this process. */
export async function runCommand(
  command: () => Promise<unknown>,
): Promise<void> {
  Deno.exitCode = await exitCodeAfter(command, note);
}

/** What is wrong, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

/** Every error in one form: "Cannot do this: why; what to do". */
export function sentenceOf(message: string): string {
  if (message.startsWith("Cannot ")) return message;
  const why = message.replace(
    /^[A-Z](?=[a-z]* )/,
    (letter) => letter.toLowerCase(),
  );
  return `Cannot do this: ${why}`;
}

/** The settings of this process. */
export function environment(): Config {
  return readConfig((name) => Deno.env.get(name));
}

/** Opens the portal for one command and closes it in any case. */
export async function withPortal<T>(
  cli: Cli,
  work: (portal: Portal) => Promise<T>,
): Promise<T> {
  const config = readConfig(cli.env);
  await configureLogging({ logLevel: "error" });
  const portal = await openPortal(config, cli.portal);
  try {
    return await work(portal);
  } finally {
    await portal.close();
  }
}
