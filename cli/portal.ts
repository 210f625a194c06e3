import { Command } from "commander";
import { VERSION } from "../lib/web/mod.ts";
import { type Cli, systemCli } from "./_cli.ts";
import { runCommand } from "./_run.ts";
import { outputError } from "./_usage.ts";
import { backupCommand } from "./backup.ts";
import { doctorCommand } from "./doctor.ts";
import { migrateCommand } from "./migrate.ts";
import { personCommands } from "./person.ts";
import { quarantineCommands } from "./quarantine.ts";
import { replayCommand } from "./replay.ts";
import { restoreCommand } from "./restore.ts";
import { secretsCommands } from "./secrets.ts";
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
      writeErr: (text) => cli.note(text.trimEnd()),
      outputError,
    });
  tenantCommands(program, cli);
  userCommands(program, cli);
  syncCommand(program, cli);
  doctorCommand(program, cli);
  quarantineCommands(program, cli);
  backupCommand(program, cli);
  restoreCommand(program, cli);
  migrateCommand(program, cli);
  replayCommand(program, cli);
  secretsCommands(program, cli);
  personCommands(program, cli);
  return program;
}

if (import.meta.main) {
  await runCommand(() =>
    createProgram(systemCli()).parseAsync(Deno.args, { from: "user" })
  );
  // What a locked database still owes must not keep a command alive that has given up.
  Deno.exit();
}
