/**
 * `deno task start`: serves the production build with the permissions that the environment asks for, and no others.
 * `--print` shows the command instead.
 */
import { Command } from "commander";
import { QUIET_TELEMETRY } from "../lib/web/mod.ts";
import { ROOT, servingScript } from "./built.ts";
import { print } from "./_io.ts";
import { permissionFlags } from "./_permissions.ts";
import { runCommand } from "./_run.ts";
import { outputError } from "./_usage.ts";

/** Signals that are the served portal's to heed. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Arguments of `deno` that serve the build. */
export function startArguments(
  env: (name: string) => string | undefined,
): string[] {
  return ["run", ...permissionFlags(env, ROOT), servingScript()];
}

/** What the portal's environment has beside what is given: telemetry, where it is on, tells no addresses. */
export function startEnvironment(
  env: (name: string) => string | undefined,
): Record<string, string> {
  return /^(true|1)$/.test(env("OTEL_DENO")?.trim() ?? "")
    ? { ...QUIET_TELEMETRY }
    : {};
}

/** Serves until the portal ends; answers its exit code. */
async function start(args: string[]): Promise<number> {
  const portal = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: startEnvironment((name) => Deno.env.get(name)),
    stdin: "null",
  }).spawn();
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      try {
        portal.kill(signal);
      } catch {
        // It has ended by itself.
      }
    });
  }
  return (await portal.status).code;
}

if (import.meta.main) {
  let code = 0;
  await runCommand(async () => {
    const program = new Command("start")
      .description("serve the production build")
      .option("--print", "show the command and do not run it")
      .exitOverride()
      .configureOutput({ outputError })
      .parse(Deno.args, { from: "user" });
    const args = startArguments((name) => Deno.env.get(name));
    if (program.opts<{ print?: boolean }>().print) {
      print(["deno", ...args].join(" "));
    } else code = await start(args);
  });
  // What listens for signals must not keep it alive.
  Deno.exit(Deno.exitCode || code);
}
