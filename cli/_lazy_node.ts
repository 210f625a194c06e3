/** A statement that imports from Node, as the bundler writes it. */
const IMPORT = /^import (?:(\w+)|\{([^}]+)\}) from "(node:[\w/]+)";$/gm;

/** How devalue asks whether Node is there, which in Deno it always is: to ask loads 15 ms. */
const ASKED =
  /typeof process === "object" && process\.versions\?\.node !== void 0/g;

/** Parts of Node that stand for a function or an object of functions; a class that another extends is not among them. */
const OBJECTS = ["Buffer", "default"];

/**
 * Makes a bundled module load what it uses of Node when it first uses it: `node:crypto` alone costs a start 25 ms of
 * processor time, and most of a portal's first pages need none of it.
 *
 * @param code a module of the bundler's, in which nothing else stands on the line of an import
 * @returns the same with constants in place of the imports; an import that cannot wait stays as it is
 */
export function lazyNode(code: string): string {
  return code.replaceAll(ASKED, "true").replaceAll(
    IMPORT,
    (whole, object: string | undefined, names: string | undefined, from) => {
      const parts = object
        ? [["default", object] as const]
        : names!.split(",").map((part) => part.trim()).filter(Boolean)
          .map((part) => {
            const [name, local] = part.split(/\s+as\s+/) as [string, string?];
            return [name, local ?? name] as const;
          });
      return parts.every(([name]) => canWait(name))
        ? parts.map(([name, local]) => later(from, name, local)).join("\n")
        : whole;
    },
  );
}

function canWait(name: string): boolean {
  return OBJECTS.includes(name) || /^[a-z]/.test(name);
}

/** A function calls Node's own; an object hands on whatever it is asked for. */
function later(from: string, name: string, local: string): string {
  const module = `process.getBuiltinModule(${JSON.stringify(from)})`;
  const value = name === "default" ? module : `${module}.${name}`;
  const made = OBJECTS.includes(name)
    ? `new Proxy({}, { get: (_, key) => (it ??= ${value})[key] })`
    : `(...args) => (it ??= ${value})(...args)`;
  return `const ${local} = ((it) => ${made})();`;
}
