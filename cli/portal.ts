import { Command } from "commander";
import { VERSION } from "../lib/web/mod.ts";
import { note, print } from "./_io.ts";
import { runCommand } from "./_run.ts";
import { doctorCommand } from "./doctor.ts";
import { syncCommand } from "./sync.ts";
import { tenantCommands } from "./tenant.ts";
import { userCommands } from "./user.ts";

/** The operators' command line: `deno task portal …`. */
export function createProgram(): Command {
  const program = new Command("portal")
    .description("Tetherboard for operators")
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => note(text.trimEnd()),
    });
  tenantCommands(program);
  userCommands(program);
  syncCommand(program);
  doctorCommand(program);
  return program;
}

if (import.meta.main) {
  await runCommand(() =>
    createProgram().parseAsync(Deno.args, { from: "user" })
  );
}
