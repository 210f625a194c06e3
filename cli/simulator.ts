import { Command, InvalidArgumentError } from "commander";
import {
  type BrandConfig,
  createSimulator,
  demoBrands,
  type Spelling,
} from "../lib/clienttether/simulator/mod.ts";
import { systemClock } from "../lib/domain/clock.ts";
import { runCommand } from "./_run.ts";
import { outputError } from "./_usage.ts";
import { assertFree } from "./_serving.ts";

const MINUTE = 60_000;

interface Options {
  host: string;
  port: number;
  seed: number;
  brands: "demo" | "large";
  spelling: Spelling;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return Number(text);
}

function oneOf<T extends string>(...choices: T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((known) => known === text);
    if (choice === undefined) {
      throw new InvalidArgumentError(`It must be ${choices.join(" or ")}.`);
    }
    return choice;
  };
}

/** One brand of 100,000 leads. */
function largeBrand(): BrandConfig[] {
  return demoBrands().slice(0, 1).map((brand) => ({
    ...brand,
    leads: 100_000,
    opportunities: 50_000,
    notes: 100_000,
  }));
}

/** Serves the simulated API until SIGINT or SIGTERM; its life keeps pace with the clock. */
async function run(options: Options): Promise<void> {
  const simulator = createSimulator({
    seed: options.seed,
    clock: systemClock,
    brands: options.brands === "large" ? largeBrand() : demoBrands(),
    spelling: options.spelling,
  });
  const server = simulator.serve({
    port: options.port,
    hostname: options.host,
  });
  await Deno.stdout.write(new TextEncoder().encode(
    `ClientTether simulator on ${server.url} (seed ${options.seed})\n`,
  ));
  const live = setInterval(
    () => simulator.advanceTo(systemClock.now()),
    MINUTE,
  );
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, stopped.resolve);
  }
  await stopped.promise;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.removeSignalListener(signal, stopped.resolve);
  }
  clearInterval(live);
  await server.shutdown();
}

/** The command; wrong usage and a taken port end it before it serves. */
async function main(args: string[]): Promise<void> {
  const program = new Command("simulator")
    .description("Serves a fake of the ClientTether API with made-up brands.")
    .option("--host <name>", "address to bind", "127.0.0.1")
    .option("--port <number>", "port, 0 for any free one", wholeNumber, 8787)
    .option("--seed <number>", "seed of the made-up records", wholeNumber, 7)
    .option("--brands <set>", "demo or large", oneOf("demo", "large"), "demo")
    .option(
      "--spelling <names>",
      "documented or brief",
      oneOf("documented", "brief"),
      "documented",
    )
    .exitOverride().configureOutput({ outputError });
  program.parse(args, { from: "user" });
  const options = program.opts<Options>();
  assertFree(options);
  await run(options);
}

if (import.meta.main) await runCommand(() => main(Deno.args));
