import * as esbuild from "esbuild";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILD_ID } from "./_build_id.ts";

export interface Bundle {
  /** The names of modules by the paths of their sources. */
  entries: Map<string, string>;
  /** What to serve, by name. */
  files: Map<string, { content: Uint8Array<ArrayBuffer>; hash: string }>;
}

export interface BundleOptions {
  root: string;
  /** Paths of modules that pages import. */
  sources: string[];
  target: string | string[];
  mode: "development" | "production";
  sourceMap?: { kind: boolean | "linked" | "inline" | "external" | "both" };
}

/** Bundles modules for browsers; what several of them share is split off. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const { root, sources, target, mode } = options;
  const isDev = mode === "development";
  const names = uniqueNames(sources);
  // The other way of building leaves a process behind, which tests would see.
  const result = esbuild.buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names),
    outdir: root,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target,
    minify: !isDev,
    sourcemap: isDev ? "inline" : options.sourceMap?.kind ?? false,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    define: {
      __BUILD_ID__: JSON.stringify(BUILD_ID),
      "process.env.NODE_ENV": JSON.stringify(mode),
    },
    alias: {
      ...await aliases(root),
      "fresh/runtime": ownFile("./runtime.ts"),
      "#build-id": ownFile("./_build_id_browser.ts"),
    },
    logLevel: "silent",
  });
  return {
    entries: new Map([...names].map(([name, path]) => [path, `${name}.js`])),
    files: new Map(
      result.outputFiles.map(({ path, contents, hash }) => [
        relative(root, path),
        { content: new Uint8Array(contents), hash },
      ]),
    ),
  };
}

function ownFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Names of modules after their files, a number added where two are alike. */
function uniqueNames(paths: string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const base = basename(path).replace(/\.\w+$/, "").replace(/\W+/g, "_");
    let name = base;
    for (let n = 1; names.has(name); n++) name = `${base}_${n}`;
    names.set(name, path);
  }
  return names;
}

/** The bare names that the project's deno.json gives another meaning. */
async function aliases(root: string): Promise<Record<string, string>> {
  const { dir, imports } = await importMap(root);
  const result: Record<string, string> = {};
  for (const [name, target] of Object.entries(imports)) {
    const path = target.startsWith(".")
      ? join(dir, target)
      : target.replace(/^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]+)?/, "$1");
    const isKnown = path === name || path.startsWith("jsr:");
    if (!isKnown && !name.endsWith("/")) result[name] = path;
  }
  return result;
}

/** The imports of the nearest deno.json. */
async function importMap(
  root: string,
): Promise<{ dir: string; imports: Record<string, string> }> {
  for (let dir = root;; dir = dirname(dir)) {
    try {
      const config = JSON.parse(
        await Deno.readTextFile(join(dir, "deno.json")),
      );
      return { dir, imports: config.imports ?? {} };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (dir === dirname(dir)) return { dir, imports: {} };
    }
  }
}
