// What a project's folders hold.
import { join, relative } from "node:path";
import { isSpecial } from "./_route_files.ts";

const SCRIPT = /\.[jt]sx?$/;

/** The paths of all files below a folder, sorted; none if it is missing. */
export async function listFiles(dir: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      const isDirectory = entry.isSymlink
        ? (await Deno.stat(path)).isDirectory
        : entry.isDirectory;
      if (isDirectory) files.push(...await listFiles(path));
      else files.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.toSorted();
}

export interface ProjectFiles {
  routes: { id: string; path: string; isSpecial: boolean }[];
  islands: string[];
}

/** Finds routes and islands; islands may also lie in `(_islands)` folders. */
export async function findProjectFiles(
  { routeDir, islandDir, ignore }: {
    routeDir: string;
    islandDir: string;
    ignore: RegExp[];
  },
): Promise<ProjectFiles> {
  const isWanted = (path: string) =>
    SCRIPT.test(path) && !ignore.some((pattern) => pattern.test(path));
  const routes: ProjectFiles["routes"] = [];
  const islands = (await listFiles(islandDir)).filter(isWanted);
  for (const path of (await listFiles(routeDir)).filter(isWanted)) {
    const id = `/${relative(routeDir, path).replace(SCRIPT, "")}`;
    const hidden = /\/\((_[^/]+)\)\//.exec(id)?.[1];
    if (hidden === "_islands") islands.push(path);
    if (hidden) continue;
    if (id.endsWith("/_404")) {
      throw new Error(`Cannot use ${path}: put the page into _error`);
    }
    routes.push({ id, path, isSpecial: isSpecial(id) });
  }
  return { routes, islands };
}
