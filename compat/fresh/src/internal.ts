/**
 * What a build's server.js uses. Not for anything else.
 *
 * @module
 */
import { type App, attachSnapshot } from "./app.ts";
import { setBuildId } from "./_build_id.ts";
import { islandRegistry } from "./_island_registry.ts";
import type { RouteFile, StaticFile } from "./_snapshot.ts";

/** A static file as a build remembers it; its path is below the root. */
export interface StaticFileEntry {
  path: string;
  contentType: string;
  hash: string;
}

/** The exports of a build's snapshot.js. */
export interface StoredSnapshot {
  buildId: string;
  bootUrl: string;
  valuesUrl: string;
  signalsUrl: string;
  islands: { url: string; module: Record<string, unknown> }[];
  routes: RouteFile[];
  files: Record<string, StaticFileEntry>;
}

/** Makes the handler of an app with what was built. */
export function serveSnapshot<State>(
  app: App<State>,
  rootUrl: URL,
  stored: StoredSnapshot,
): Deno.ServeHandler {
  setBuildId(stored.buildId);
  const root = pathOf(rootUrl);
  const files = new Map<string, StaticFile>(
    Object.entries(stored.files).map(([pathname, { path, ...file }]) => [
      pathname,
      { ...file, read: () => Deno.readFile(`${root}/${path}`) },
    ]),
  );
  attachSnapshot(app, {
    root,
    bootUrl: stored.bootUrl,
    valuesUrl: stored.valuesUrl,
    signalsUrl: stored.signalsUrl,
    islands: islandRegistry(stored.islands),
    routes: stored.routes,
    findFile: (pathname) => Promise.resolve(files.get(pathname) ?? null),
  }, "production");
  return app.handler();
}

/** The path of a file's address. Node has this too; a server that starts does without Node where it can. */
function pathOf({ pathname }: URL): string {
  const path = decodeURIComponent(pathname).replace(/\/$/, "");
  return Deno.build.os === "windows"
    ? path.slice(1).replaceAll("/", "\\")
    : path;
}
