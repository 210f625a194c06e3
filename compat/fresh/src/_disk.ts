import { dirname, join, relative } from "node:path";
import type { Build, ResolvedBuildConfig } from "./_builder.ts";
import type { StaticFileEntry } from "./internal.ts";
import { listFiles } from "./_project.ts";
import { contentTypeOf, hashOf, isHidden, pathnameOf } from "./_static.ts";
import { transformFile } from "./_transform.ts";

/** Writes a build for `deno serve _fresh/server.js`. */
export async function writeBuild(build: Build): Promise<void> {
  const { config, modules } = build;
  await remove(config.outDir);
  const entries = new Map<string, StaticFileEntry>();
  const addMade = async (
    pathname: string,
    content: Uint8Array<ArrayBuffer>,
    hash: string,
  ) => {
    const path = join(config.outDir, "static", decodeURIComponent(pathname));
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, content);
    entries.set(pathname, entry(config, path, hash));
  };
  for (const [pathname, { content }] of modules) {
    await addMade(pathname, content, await hashOf(content));
  }
  for (const dir of config.staticDir) {
    for (const path of await listFiles(dir)) {
      const pathname = pathnameOf(relative(dir, path));
      if (isHidden(pathname) || entries.has(pathname)) continue;
      const outputs = await transformFile(path, build.transforms, config);
      for (const output of outputs ?? []) {
        const name = pathnameOf(relative(dir, output.path));
        await addMade(name, output.content, await hashOf(output.content));
      }
      if (outputs) continue;
      const hash = await hashOf(await Deno.readFile(path));
      entries.set(pathname, entry(config, path, hash));
    }
  }
  await Deno.writeTextFile(
    join(config.outDir, "snapshot.js"),
    snapshotSource(build, entries),
  );
  await Deno.writeTextFile(
    join(config.outDir, "server.js"),
    serverSource(config),
  );
}

async function remove(dir: string): Promise<void> {
  try {
    await Deno.remove(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(dir, { recursive: true });
}

function entry(
  { root }: ResolvedBuildConfig,
  path: string,
  hash: string,
): StaticFileEntry {
  return {
    path: relative(root, path),
    contentType: contentTypeOf(path),
    hash,
  };
}

const WARNING = "// Made by the build: edits are lost.";

function snapshotSource(
  { config, project, islands, bootUrl, valuesUrl, signalsUrl }: Build,
  files: Map<string, StaticFileEntry>,
): string {
  const specifier = (path: string) => importSpecifier(config.outDir, path);
  const special = project.routes.filter((route) => route.isSpecial);
  const json = JSON.stringify;
  return [
    WARNING,
    ...islands.map(({ path }, i) =>
      `import * as island${i} from ${specifier(path)};`
    ),
    ...special.map(({ path }, i) =>
      `import * as special${i} from ${specifier(path)};`
    ),
    `export const buildId = ${json(config.buildId)};`,
    `export const bootUrl = ${json(bootUrl)};`,
    `export const valuesUrl = ${json(valuesUrl)};`,
    `export const signalsUrl = ${json(signalsUrl)};`,
    "export const islands = [",
    ...islands.map(({ url }, i) =>
      `  { url: ${json(url)}, module: island${i} },`
    ),
    "];",
    "export const routes = [",
    ...special.map(({ id }, i) =>
      `  { id: ${json(id)}, module: special${i} },`
    ),
    ...project.routes.filter((route) => !route.isSpecial).map(({ id, path }) =>
      `  { id: ${json(id)}, module: () => import(${specifier(path)}) },`
    ),
    "];",
    `export const files = ${json(Object.fromEntries(files), null, 2)};`,
    "",
  ].join("\n");
}

function serverSource({ outDir, serverEntry, root }: ResolvedBuildConfig) {
  return `${WARNING}
import { serveSnapshot } from "fresh/internal";
import * as snapshot from "./snapshot.js";
import { app } from ${importSpecifier(outDir, serverEntry)};

const root = new URL(${
    JSON.stringify(`./${relative(outDir, root)}/`)
  }, import.meta.url);
export default { fetch: serveSnapshot(app, root, snapshot) };
`;
}

/** A path as a module of the output directory imports it, quoted. */
function importSpecifier(outDir: string, path: string): string {
  return JSON.stringify(encodeURI(`./${relative(outDir, path)}`));
}
