import { join } from "node:path";
import { config } from "../fresh.config.ts";
import { lazyNode } from "./_lazy_node.ts";

/** What starts the server that {@linkcode bundleServer} has put together, in the folder of the build. */
export const BUNDLED = "start.js";

/** Imported when it runs, so that a setting that is wrong is told as elsewhere. */
const ENTRY = `import { serveProcess } from "../cli/_serving.ts";
await serveProcess(async () => (await import("./server.js")).default);
`;

/** Packages of CommonJS, which look for their parts at run time; they are loaded when they are first needed. */
const OUTSIDE = ["nodemailer"];

/**
 * Puts the modules of the built server, packages included, together into a few: a process that starts has less to find,
 * to read and to compile. What few requests need stays apart, and so does what Node has: it is loaded when it is first
 * needed.
 *
 * @returns null, or why there is none: the build serves without it too, and only starts more slowly.
 */
export async function bundleServer(): Promise<string | null> {
  const build = join(config.root, "_fresh");
  const made = join(build, "bundle");
  const entry = join(build, BUNDLED);
  await Deno.writeTextFile(entry, ENTRY);
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform=deno", "--code-splitting"],
        ...OUTSIDE.map((name) => `--external=${name}`),
        ...[`--outdir=${made}`, entry],
      ],
      cwd: config.root,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) {
      await Deno.remove(entry);
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
