import { extname, join } from "node:path";
import mime from "mime-types";
import type { StaticFile } from "./_snapshot.ts";

/** The type that a file is served as, by its extension. */
export function contentTypeOf(path: string): string {
  const type = mime.lookup(extname(path));
  if (!type) return "text/plain";
  const charset = mime.charset(type);
  return charset ? `${type}; charset=${charset}` : type;
}

/** SHA-256 in hex. */
export async function hashOf(
  content: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest).toHex();
}

/** A static file whose content is at hand. */
export function memoryFile(
  path: string,
  content: Uint8Array<ArrayBuffer>,
  hash: string | null = null,
): StaticFile {
  return {
    contentType: contentTypeOf(path),
    hash,
    read: () => Promise.resolve(content),
  };
}

/** True for what starts with a dot, which is private, but .well-known. */
export function isHidden(path: string): boolean {
  return /(^|\/)\.(?!well-known(\/|$))/.test(path);
}

/** The path that an address names below a folder; null if it is private. */
export function pathBelow(dir: string, pathname: string): string | null {
  const names = pathname.split("/").map(decodeURIComponent);
  if (names.some((name) => name.includes("/") || name === "..")) return null;
  return isHidden(pathname) ? null : join(dir, ...names);
}

/** The address of a path, escaped as requests are. */
export function pathnameOf(path: string): string {
  const names = path.split("/").filter(Boolean);
  return `/${names.map(encodeURIComponent).join("/")}`;
}
