// How the path of a file under routes/ tells which addresses it answers. An id
// is that path without its extension, e.g. "/(app)/blog/[id]".

const SPECIAL = /\/_(app|layout|middleware|error|500)$/;

/** True for files that answer no address themselves. */
export function isSpecial(id: string): boolean {
  return SPECIAL.test(id) &&
    // Below the root the real framework knows no _500.
    (!id.endsWith("/_500") || id === "/_500");
}

/** The folders of a file, as the scopes of their routes are named. */
export function foldersOf(id: string): string[] {
  return segments(id).slice(0, -1).map(segmentPattern);
}

/** The URL pattern that a route file answers. */
export function patternOf(id: string): string {
  let pattern = "";
  for (const segment of segments(id)) {
    if (segment === "index" || /^\(.*\)$/.test(segment)) continue;
    const optional = /^\[\[(.+)\]\]$/.exec(segment)?.[1];
    if (optional) {
      pattern += pattern === "" ? `/:${optional}?` : `{/:${optional}}?`;
    } else pattern += `/${segmentPattern(segment)}`;
  }
  return pattern === "" ? "/" : pattern;
}

function segments(id: string): string[] {
  return id.split("/").slice(1);
}

function segmentPattern(segment: string): string {
  if (segment.includes("][")) {
    throw new SyntaxError(
      `Cannot use route segment '${segment}': its parameters touch`,
    );
  }
  return segment
    .replace(/^\[\.\.\.(.+)\]$/, ":$1*")
    .replaceAll(/\[([^\]]+)\]/g, ":$1");
}

/** Sorts routes so that the more specific of two patterns is tried first. */
export function sortRoutes<T extends { id: string }>(files: T[]): T[] {
  return files.map((file) => ({ file, visible: visibleSegments(file.id) }))
    .sort((a, b) =>
      compareSegments(a.visible, b.visible) || (a.file.id < b.file.id ? -1 : 1)
    ).map(({ file }) => file);
}

function visibleSegments(id: string): string[] {
  return segments(id).filter((segment) => !/^\(.*\)$/.test(segment));
}

function compareSegments(a: string[], b: string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    const order = vagueness(x) - vagueness(y) || (x < y ? -1 : x > y ? 1 : 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** How much a segment leaves open. */
function vagueness(segment: string): number {
  if (segment.startsWith("[...")) return 4;
  if (segment.startsWith("[[")) return 3;
  if (/^\[[^\]]+\]$/.test(segment)) return 2;
  return segment.includes("[") ? 1 : 0;
}
