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
  const imports = await importMap(root);
  const result = await whileRunning(() =>
    esbuild.build({
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
      define: { "process.env.NODE_ENV": JSON.stringify(mode) },
      logLevel: "silent",
      plugins: [resolver(imports)],
    })
  );
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

/** Bare names that the project's deno.json gives another meaning. */
async function importMap(root: string): Promise<Record<string, string>> {
  for (let dir = root;; dir = dirname(dir)) {
    try {
      const text = await Deno.readTextFile(join(dir, "deno.json"));
      const imports: Record<string, string> = JSON.parse(text).imports ?? {};
      return Object.fromEntries(
        Object.entries(imports).map(([name, target]) => [
          name,
          target.startsWith(".") ? join(dir, target) : target,
        ]),
      );
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (dir === dirname(dir)) return {};
    }
  }
}

/** Resolves what only Deno knows; the rest is found in node_modules. */
function resolver(imports: Record<string, string>): esbuild.Plugin {
  const here = dirname(fileURLToPath(import.meta.url));
  const npm = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]+)?(\/.*)?$/;
  return {
    name: "deno-imports",
    setup(build) {
      build.onResolve({ filter: /^fresh\/runtime$/ }, () => ({
        path: join(here, "runtime.ts"),
        sideEffects: false,
      }));
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === "resolved" || args.kind === "entry-point") {
          return undefined;
        }
        const { resolveDir, kind } = args;
        const target = imports[args.path] ?? args.path;
        if (target.startsWith("/")) return { path: target };
        const path = target.replace(npm, "$1$2");
        return await build.resolve(path, {
          resolveDir,
          kind,
          importer: args.importer,
          pluginData: "resolved",
        });
      });
      build.onLoad(
        { filter: /\/_build_id\.ts$/ },
        (args) =>
          dirname(args.path) === here
            ? {
              contents: `export const BUILD_ID = ${JSON.stringify(BUILD_ID)};`,
            }
            : undefined,
      );
    },
  };
}

let running = 0;

/** Ends esbuild's process with its last user, so that none is left behind. */
async function whileRunning<T>(use: () => Promise<T>): Promise<T> {
  running++;
  try {
    return await use();
  } finally {
    if (--running === 0) await esbuild.stop();
  }
}
