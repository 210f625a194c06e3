import { Command } from "commander";
import { fileURLToPath } from "node:url";
import {
  createSimulator,
  demoBrands,
} from "../lib/clienttether/simulator/mod.ts";
import { systemClock } from "../lib/domain/mod.ts";
import { makeHistory } from "./_demo_history.ts";
import { DEMO_USERS } from "./_demo_people.ts";
import { type DemoState, fixedPassword, keepState } from "./_demo_state.ts";
import { createProgress, note, print } from "./_io.ts";
import { environment, FailedError, runCommand } from "./_run.ts";
import { outputError } from "./_usage.ts";
import { assertFree, serveBuild } from "./_serving.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIR = `${ROOT}.demo`;
const HOST = "127.0.0.1";
const SEED = 20;
const MINUTE_MS = 60_000;

/** What the demo decides, whatever the environment says; null is absent. */
const SETTINGS: Record<string, string | null> = {
  CLIENTTETHER_ACCESS_TOKEN: null,
  CLIENTTETHER_API_URL: null,
  CLIENTTETHER_MAX_RPS: "0",
  DENO_KV_PATH: `${DIR}/portal.sqlite3`,
  DENO_TIMELINE: null,
  PORTAL_SECRET: null,
  PORTAL_STORE_ID: null,
};

async function demo({ fresh = false }: { fresh?: boolean }): Promise<void> {
  const began = performance.now();
  setEnvironment({ LOG_LEVEL: Deno.env.get("LOG_LEVEL") ?? "warning" });
  setEnvironment(SETTINGS);
  const { port } = environment();
  const password = await fixedPassword(Deno.env.get("DEMO_PASSWORD"));
  assertFree({ host: HOST, port });
  if (fresh) await removeIfThere(DIR);
  await Deno.mkdir(DIR, { recursive: true });
  const state = await keepState(DIR, { password, now: Date.now() });
  setEnvironment({ PORTAL_SECRET: state.secret });
  const api = await startWorld(state);
  setEnvironment({ CLIENTTETHER_API_URL: api });
  await serveBuild({ host: HOST, port }, (url) => {
    const seconds = Math.round((performance.now() - began) / 1000);
    announce(
      `${url}   (ready after ${seconds} s)`,
      api,
      state.password,
    ).forEach((line) => print(line));
  });
}

/** Builds the portal while the simulated CRM gets its past; answers the address of its API. */
async function startWorld(state: DemoState): Promise<string> {
  const simulator = createSimulator({
    seed: SEED,
    clock: systemClock,
    startAt: state.startAt,
    brands: demoBrands(),
  });
  await Promise.all([
    build(),
    makeHistory({
      ...state,
      config: environment(),
      simulator,
      until: Date.now(),
      progress: createProgress(),
    }),
  ]);
  const { url } = simulator.serve();
  // The simulated CRM lives on as the hours pass.
  setInterval(() => simulator.advanceTo(Date.now()), MINUTE_MS);
  return url;
}

/** The build reads the environment, as this process does. */
function setEnvironment(settings: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) Deno.env.delete(name);
    else Deno.env.set(name, value);
  }
}

async function build(): Promise<void> {
  note("Building the portal ...");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "dev.ts", "build"],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  note(new TextDecoder().decode(stderr));
  throw new FailedError();
}

async function removeIfThere(dir: string): Promise<void> {
  try {
    await Deno.remove(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function announce(portal: string, api: string, password: string): string[] {
  const width = Math.max(...DEMO_USERS.map(({ email }) => email.length));
  return [
    "",
    `  Tetherboard            ${portal}`,
    `  simulated ClientTether ${api}`,
    "",
    `  Sign in with the password  ${password}`,
    ...DEMO_USERS.map(({ email, role, brands }) =>
      `    ${email.padEnd(width)}  ${role}, ${
        brands.length > 0 ? brands.join(" and ") : "every brand"
      }`
    ),
    "",
    "  Ctrl-C stops it. Start again to go on, or with --fresh to begin anew.",
  ];
}

if (import.meta.main) {
  await runCommand(async () => {
    const program = new Command("demo")
      .description("The portal with made-up data and a simulated ClientTether")
      .option("--fresh", "begin anew")
      .exitOverride().configureOutput({ outputError });
    program.parse(Deno.args, { from: "user" });
    await demo(program.opts());
  });
  if (Deno.exitCode !== 0) Deno.exit();
}
