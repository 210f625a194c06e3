import { Command } from "commander";
import { VERSION } from "../lib/web/mod.ts";
import { type Cli, systemCli } from "./_cli.ts";
import { runCommand } from "./_run.ts";
import { backupCommand } from "./backup.ts";
import { doctorCommand } from "./doctor.ts";
import { quarantineCommands } from "./quarantine.ts";
import { replayCommand } from "./replay.ts";
import { restoreCommand } from "./restore.ts";
import { syncCommand } from "./sync.ts";
import { tenantCommands } from "./tenant.ts";
import { userCommands } from "./user.ts";

/** The operators' command line: `deno task portal …`. */
export function createProgram(cli: Cli): Command {
  const program = new Command("portal")
    .description("Tetherboard for operators")
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.print(text.trimEnd()),
      // A secret that was put where none belongs is not repeated.
      writeErr: (text) => cli.note(withoutValues(text.trimEnd())),
    });
  tenantCommands(program, cli);
  userCommands(program, cli);
  syncCommand(program, cli);
  doctorCommand(program, cli);
  quarantineCommands(program, cli);
  backupCommand(program, cli);
  restoreCommand(program, cli);
  replayCommand(program, cli);
  return program;
}

/** A usage error without the values that it would repeat: options' own, and surplus arguments. */
function withoutValues(text: string): string {
  return text.replaceAll(/(--[a-z-]+)=[^']*/g, "$1=…")
    .replace(/(too many arguments[^.]*\. Expected .* but got \d+).*/s, "$1");
}

if (import.meta.main) {
  await runCommand(() =>
    createProgram(systemCli()).parseAsync(Deno.args, { from: "user" })
  );
  // What a locked database still owes must not keep a command alive that has given up.
  Deno.exit();
}
