/**
 * Finds class names in source text. They are written in three places only, and a name that is
 * written elsewhere is found by no one:
 *
 * - `class="card p-4"`
 * - `class={…}`: every string in the braces that is not compared with something
 * - `cx(…)`: the same, anywhere in a file, so that a table of class names is written with it
 */

/** A class name and the first place that uses it. */
export interface ClassUse {
  name: string;
  file: string;
  line: number;
}

const OPENINGS = /\bclass="([^"]*)"|\bclass=\{|\bcx\(/g;
const COMPARED_BEFORE = /[=!]==?\s*$/;
const COMPARED_AFTER = /^\s*[=!]==?/;

/** The class names in one file, each once. */
export function classNamesIn(source: string, file: string): ClassUse[] {
  const uses = new Map<string, ClassUse>();
  for (const match of source.matchAll(OPENINGS)) {
    const inside = match[1] ??
      stringsOf(bracketed(source, match.index + match[0].length)).join(" ");
    const line = source.slice(0, match.index).split("\n").length;
    for (const name of inside.split(/\s+/)) {
      if (name && !uses.has(name)) uses.set(name, { name, file, line });
    }
  }
  return [...uses.values()];
}

/** What stands from `start` to the bracket that closes the one before it. */
function bracketed(source: string, start: number): string {
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '"' || char === "'") at = endOfString(source, at);
    else if ("({[".includes(char)) depth++;
    else if (")}]".includes(char) && --depth === 0) {
      return source.slice(start, at);
    }
  }
  return source.slice(start);
}

/** The strings of an expression, but for those that are compared with something. */
function stringsOf(expression: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < expression.length; at++) {
    const char = expression.charAt(at);
    if (char !== '"' && char !== "'" && char !== "`") continue;
    const end = endOfString(expression, at);
    const compared = COMPARED_BEFORE.test(expression.slice(0, at)) ||
      COMPARED_AFTER.test(expression.slice(end + 1));
    if (!compared) {
      const text = expression.slice(at + 1, end);
      found.push(char === "`" ? text.replaceAll(/\$\{[^}]*\}/g, " ") : text);
    }
    at = end;
  }
  return found;
}

function endOfString(source: string, start: number): number {
  const quote = source.charAt(start);
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === "\\") at++;
    else if (source.charAt(at) === quote) return at;
  }
  return source.length;
}
