import { join } from "node:path";
import { config } from "../fresh.config.ts";
import { lazyNode } from "./_lazy_node.ts";

/** What the build is entered by, in its folder. */
const ENTRIES = {
  /** Listens. Imports the server when it runs, so that a setting that is wrong is told as elsewhere. */
  "start.js": `import { serveProcess } from "../cli/_serving.ts";
await serveProcess(async () => (await import("./server.js")).default);
`,
  /** Exports what a platform serves, which has this file for its entry point, put together or not. */
  "deploy.js": `export { default } from "./server.js";
`,
};

/** Packages of CommonJS, which look for their parts at run time; they are loaded when they are first needed. */
const OUTSIDE = ["nodemailer"];

export interface BundleOptions {
  /** The folder of the build. */
  build?: string;
  /** The program that puts modules together. */
  deno?: string;
}

/**
 * Puts the modules of the built server, packages included, together into a few: a process that starts has less to find,
 * to read and to compile. What few requests need stays apart, and so does what Node has: it is loaded when it is first
 * needed.
 *
 * @returns null, or why there is none: the build serves without it too, and only starts more slowly.
 */
export async function bundleServer({
  build = join(config.root, "_fresh"),
  deno = Deno.execPath(),
}: BundleOptions = {}): Promise<string | null> {
  const made = join(build, "bundle");
  const pathOf = (entry: string) => join(build, entry);
  for (const [entry, code] of Object.entries(ENTRIES)) {
    await Deno.writeTextFile(pathOf(entry), code);
  }
  try {
    const { success, stderr } = await new Deno.Command(deno, {
      args: [
        ...["bundle", "--quiet", "--platform=deno", "--code-splitting"],
        ...OUTSIDE.map((name) => `--external=${name}`),
        ...[`--outdir=${made}`, ...Object.keys(ENTRIES).map(pathOf)],
      ],
      cwd: config.root,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) {
      await Deno.remove(pathOf("start.js"));
      return new TextDecoder().decode(stderr).trim();
    }
    // Beside the build's own files: they are found by where the module stands that asks for them.
    for await (const { name } of Deno.readDir(made)) {
      const code = await Deno.readTextFile(join(made, name));
      await Deno.writeTextFile(join(build, name), lazyNode(code));
    }
    return null;
  } finally {
    await Deno.remove(made, { recursive: true }).catch(() => {});
  }
}
