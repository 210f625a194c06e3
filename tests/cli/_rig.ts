import { exitCodeAfter } from "../../cli/_run.ts";
import type { Cli } from "../../cli/_cli.ts";
import { createProgram } from "../../cli/portal.ts";
import {
  type BrandConfig,
  createSimulator,
  type Simulator,
} from "../../lib/clienttether/simulator/mod.ts";
import {
  openPortal,
  type Portal,
  type PortalOptions,
  readConfig,
} from "../../lib/web/mod.ts";
import { TestClock } from "../_clock.ts";

export const SECRET = new Uint8Array(32).fill(7).toBase64();
export const WEB_KEY = "rig-web-key-4711";
export const ACCESS_TOKEN = "rig-access-token-0815";

/** What a command left behind. */
export interface Ran {
  code: number;
  /** Standard output, line by line. */
  out: string[];
  /** Standard error, line by line. */
  err: string[];
}

/** The command line in process: a database file, a simulated ClientTether, a clock, an environment. */
export interface CliRig extends AsyncDisposable {
  /** Its database, secrets and addresses; a test changes what it likes. */
  env: Map<string, string>;
  clock: TestClock;
  simulator: Simulator;
  /** A folder of the test's own. */
  dir: string;
  run(...args: string[]): Promise<Ran>;
  /** Runs `work` on the same database, as the portal itself would. */
  inPortal<T>(work: (portal: Portal) => Promise<T>): Promise<T>;
}

export interface CliRigOptions {
  brand?: Partial<BrandConfig>;
  portal?: PortalOptions;
}

export async function createCliRig(
  { brand, portal = {} }: CliRigOptions = {},
): Promise<CliRig> {
  const dir = await Deno.makeTempDir();
  const clock = new TestClock();
  const simulator = createRigSimulator(clock, brand);
  const env = new Map(Object.entries(settings(dir, "http://127.0.0.1:1")));
  const read = (name: string) => env.get(name);
  const options: PortalOptions = {
    clock,
    fetch: (url, init) => simulator.fetch(url, init),
    ...portal,
  };
  return {
    env,
    clock,
    simulator,
    dir,
    run: async (...args) => {
      const out: string[] = [];
      const err: string[] = [];
      const note = (line: string) => void err.push(line);
      const cli: Cli = {
        env: read,
        print: (line = "") => void out.push(line),
        note,
        progress: () => ({ step: note, end: () => {} }),
        readSecret: (variable) => {
          const text = read(variable);
          return Promise.resolve(text?.trim() ? text : null);
        },
        portal: options,
      };
      const code = await exitCodeAfter(
        () => createProgram(cli).parseAsync(args, { from: "user" }),
        note,
      );
      return { code, out, err };
    },
    inPortal: async (work) => {
      const opened = await openPortal(readConfig(read), options);
      try {
        return await work(opened);
      } finally {
        await opened.close();
      }
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** One brand that {@linkcode WEB_KEY} opens. */
export function createRigSimulator(
  clock: TestClock,
  brand: Partial<BrandConfig> = {},
): Simulator {
  return createSimulator({
    seed: 7,
    clock,
    brands: [{
      name: "Acme Brand",
      webKey: WEB_KEY,
      accessToken: ACCESS_TOKEN,
      timezone: "America/New_York",
      leads: 30,
      ...brand,
    }],
  });
}

/** The variables of a portal whose database is in `dir`. */
export function settings(dir: string, api: string): Record<string, string> {
  return {
    DENO_KV_PATH: `${dir}/portal.sqlite3`,
    PORTAL_SECRET: SECRET,
    CLIENTTETHER_API_URL: api,
    CLIENTTETHER_MAX_RPS: "0",
    PORTAL_WEB_KEY: WEB_KEY,
    PORTAL_ACCESS_TOKEN: ACCESS_TOKEN,
  };
}

/** Adds the tenant `acme`, with keys unless the environment was emptied of them. */
export async function addAcme(rig: CliRig): Promise<Ran> {
  return await rig.run(
    "tenant",
    "add",
    "--name",
    "Acme",
    "--timezone",
    "America/New_York",
  );
}

/** Standard output as JSON. */
export function jsonOf({ out }: Pick<Ran, "out">): unknown {
  return JSON.parse(out.join("\n"));
}
