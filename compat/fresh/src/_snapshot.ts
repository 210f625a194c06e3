// What a build knows and a running app needs.
import type { ComponentType } from "preact";

/** A component that the browser makes live. */
export interface Island {
  /** The address of its module, a default export. */
  url: string;
}

/** A file under routes/: the special ones are loaded, the others on demand. */
export interface RouteFile {
  /** Its path under routes/ without extension, e.g. "/blog/[id]". */
  id: string;
  module: Record<string, unknown> | (() => Promise<Record<string, unknown>>);
}

export interface StaticFile {
  contentType: string;
  /** SHA-256 in hex when it was built; null where it is not known. */
  hash: string | null;
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface Snapshot {
  /** The project's directory, absolute. */
  root: string;
  /** The address of the module that boots islands. */
  bootUrl: string;
  /** The address of the module that reads what is no plain data. */
  valuesUrl: string;
  /** The address of the one that reads signals too. */
  signalsUrl: string;
  /** The address of a module for every page; in development only. */
  reloadUrl?: string;
  islands: ReadonlyMap<ComponentType<never>, Island>;
  routes: readonly RouteFile[];
  /** Finds a static file by its percent-encoded path. */
  findFile(pathname: string): Promise<StaticFile | null>;
}
