import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Build } from "./_builder.ts";
import type { RouteFile, Snapshot, StaticFile } from "./_snapshot.ts";
import { islandRegistry } from "./_island_registry.ts";
import { memoryFile, pathBelow, pathnameOf } from "./_static.ts";
import { transformFile } from "./_transform.ts";

/** Makes a build usable in this process. */
export async function memorySnapshot(build: Build): Promise<Snapshot> {
  const modules = await Promise.all(
    build.islands.map(async ({ path, url }) => ({
      url,
      module: await importFile(path),
    })),
  );
  const routes = await Promise.all(
    build.project.routes.map(async ({ id, path, isSpecial }) => {
      const load = () => importFile(path);
      return {
        id,
        module: isSpecial ? await load() : load,
      } satisfies RouteFile;
    }),
  );
  return {
    root: build.config.root,
    bootUrl: build.bootUrl,
    valuesUrl: build.valuesUrl,
    signalsUrl: build.signalsUrl,
    ...(build.reloadUrl ? { reloadUrl: build.reloadUrl } : {}),
    islands: islandRegistry(modules),
    routes,
    findFile: fileFinder(build),
  };
}

function importFile(path: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(path).href);
}

/** Finds files where they are now; what transforms made is kept. */
function fileFinder(
  { config, transforms, modules }: Build,
): Snapshot["findFile"] {
  const made = new Map<string, StaticFile>();
  for (const [pathname, { content, hash }] of modules) {
    made.set(pathname, memoryFile(pathname, content, hash));
  }
  const findBelow = async (dir: string, pathname: string) => {
    const path = pathBelow(dir, pathname);
    if (!path || !await isFile(path)) return null;
    const outputs = await transformFile(path, transforms, config);
    if (!outputs) return memoryFile(path, await Deno.readFile(path));
    for (const output of outputs) {
      const name = pathnameOf(relative(dir, output.path));
      made.set(name, memoryFile(output.path, output.content));
    }
    const file = made.get(pathname) ?? null;
    // Found again by its source, so that an edit shows.
    made.delete(pathname);
    return file;
  };
  return async (pathname) => {
    const file = made.get(pathname);
    if (file) return file;
    for (const dir of config.staticDir) {
      const file = await findBelow(dir, pathname);
      if (file) return file;
    }
    return null;
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
