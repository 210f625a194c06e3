import { Command } from "commander";
import { note, print } from "../cli/_io.ts";
import { messageOf } from "../cli/_run.ts";
import { type Bench, type Figure, holds } from "./_figures.ts";
import { benchAssets } from "./assets.ts";
import { benchAuth } from "./auth.ts";
import { benchLighthouse } from "./lighthouse.ts";
import { benchOps } from "./ops.ts";
import { benchPages } from "./pages.ts";
import { benchReads } from "./reads.ts";
import { benchSearch } from "./search.ts";
import { benchServe } from "./serve.ts";
import { benchSync } from "./sync.ts";

/** Parts of the pages' bench, each by itself. */
const PARTS: Record<string, Bench> = {
  assets: benchAssets,
  lighthouse: benchLighthouse,
  reads: benchReads,
};

const BENCHES: Record<string, Bench> = {
  auth: benchAuth,
  ops: benchOps,
  pages: benchPages,
  search: benchSearch,
  serve: benchServe,
  sync: benchSync,
};

const KNOWN = { ...BENCHES, ...PARTS };
const CHOICES = `${Object.keys(BENCHES).join(", ")}; of pages alone: ${
  Object.keys(PARTS).join(", ")
}`;

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
    .argument("[name...]", CHOICES)
    .option("--json", "one object a line: name, value, goal, holds");
  program.parse(Deno.args, { from: "user" });
  const { json } = program.opts<{ json?: boolean }>();
  const names = program.args.length > 0 ? program.args : Object.keys(BENCHES);
  const unknown = names.find((name) => !(name in KNOWN));
  if (unknown !== undefined) {
    note(
      `There is no bench '${unknown}': ${CHOICES}`,
    );
    return 2;
  }
  let missed = 0;
  for (const name of names) {
    try {
      await KNOWN[name]!((figure) => {
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
