/** A statement that imports from Node, as the bundler writes it. */
const IMPORT = /^import (?:(\w+)|\{([^}]+)\}) from "(node:[\w/]+)";$/gm;

/**
 * How packages ask for Node, of which to ask loads 15 ms: devalue whether it is there, which in Deno it always is;
 * lru-cache for what warns, and it does without.
 */
const ASKED: readonly [RegExp, string][] = [
  [
    /typeof process === "object" && process\.versions\?\.node !== void 0/g,
    "true",
  ],
  [/typeof process == "object" && process \? process : \{\}/g, "{}"],
];

/** Where a package (lru-cache) tells of itself while it is loaded: nobody here listens, and it looks whether anyone does. */
const CHANNELS = "node:diagnostics_channel";

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
  const asked = ASKED.reduce(
    (text, [question, answer]) => text.replaceAll(question, answer),
    code,
  );
  return asked.replaceAll(
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
  if (from === CHANNELS) {
    return `const ${local} = () => ({ hasSubscribers: false });`;
  }
  const module = `process.getBuiltinModule(${JSON.stringify(from)})`;
  const value = name === "default" ? module : `${module}.${name}`;
  const made = OBJECTS.includes(name)
    ? `new Proxy({}, { get: (_, key) => (it ??= ${value})[key] })`
    : `(...args) => (it ??= ${value})(...args)`;
  return `const ${local} = ((it) => ${made})();`;
}
