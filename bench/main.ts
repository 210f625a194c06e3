import { Command } from "commander";
import { note, print } from "../cli/_io.ts";
import { messageOf } from "../cli/_run.ts";
import { type Bench, type Figure, holds } from "./_figures.ts";
import { benchAssets } from "./assets.ts";
import { benchAuth } from "./auth.ts";
import { benchOps } from "./ops.ts";
import { benchServe } from "./serve.ts";
import { benchSync } from "./sync.ts";

const BENCHES: Record<string, Bench> = {
  assets: benchAssets,
  auth: benchAuth,
  ops: benchOps,
  serve: benchServe,
  sync: benchSync,
};

function line({ name, value, unit, goal }: Figure): string {
  const bound = "atMost" in goal
    ? `at most ${goal.atMost}`
    : `at least ${goal.atLeast}`;
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return `${name}  ${shown} ${unit}  ${bound}`;
}

/** `deno task bench [NAME…] [--json]`: exit 1 when a goal is missed, 2 for an unknown name. */
async function main(): Promise<number> {
  const program = new Command("bench")
    .argument("[name...]", Object.keys(BENCHES).join(", "))
    .option("--json", "one object a line: name, value, goal, holds");
  program.parse(Deno.args, { from: "user" });
  const { json } = program.opts<{ json?: boolean }>();
  const names = program.args.length > 0 ? program.args : Object.keys(BENCHES);
  const unknown = names.find((name) => !(name in BENCHES));
  if (unknown !== undefined) {
    note(
      `There is no bench '${unknown}': ${Object.keys(BENCHES).join(", ")}`,
    );
    return 2;
  }
  let missed = 0;
  for (const name of names) {
    try {
      await BENCHES[name]!((figure) => {
        const ok = holds(figure);
        if (!ok) missed++;
        if (json) print(JSON.stringify({ ...figure, holds: ok }));
        else print(`${line(figure)}  ${ok ? "holds" : "MISSED"}`);
      });
    } catch (error) {
      // The others have their figures all the same.
      missed++;
      note(`The bench '${name}' broke off: ${messageOf(error)}`);
    }
  }
  return missed > 0 ? 1 : 0;
}

Deno.exitCode = await main();
