import { stringify, twind, virtual } from "@twind/core";
import presetAutoprefix from "@twind/preset-autoprefix";
import presetTailwind from "@twind/preset-tailwind";
import { classNamesIn, type ClassUse } from "./class_names.ts";
import { theme } from "./theme.ts";

/** Where the compiled classes go in static/styles.css. */
export const MARKER = "/* utilities */";

/** The folders whose class names the stylesheet holds. */
const SOURCES = ["components", "islands", "routes"];
const SOURCE_FILE = /(?<!_test)\.tsx?$/;
/** Twind writes no rule for these: they mark an element that another class looks at. */
const MARKERS = new Set(["group", "peer"]);

/** A source file: its path as messages show it, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** A class is used that neither Twind nor static/styles.css knows. Twind itself ignores such a class in silence. */
export class UnknownClassError extends Error {
  override name = "UnknownClassError";

  constructor(readonly unknown: readonly ClassUse[]) {
    const places = unknown.map(({ name, file, line }) =>
      `  '${name}' in ${file}:${line}`
    );
    super(
      "Cannot compile the stylesheet: unknown class names\n" +
        places.join("\n"),
    );
  }
}

/**
 * The portal's one stylesheet: `base` (tokens, elements, print) with the rules of every utility class
 * that the sources use in the place of {@linkcode MARKER}.
 *
 * @throws {UnknownClassError} which names each class that has no rule, and its file.
 */
export function compileStylesheet(
  base: string,
  sources: readonly SourceFile[],
): string {
  if (!base.includes(MARKER)) {
    throw new Error(
      `Cannot compile the stylesheet: it lacks the line '${MARKER}'`,
    );
  }
  const own = classesOfCss(base);
  const uses = sources.flatMap(({ text, path }) => classNamesIn(text, path));
  const { css, unknown } = utilities(uses.filter(({ name }) => !own.has(name)));
  if (unknown.length > 0) throw new UnknownClassError(unknown);
  return minify(base.replace(MARKER, () => css));
}

/** Reads the sources of a project, in the order of their paths. */
export async function readSources(root: string): Promise<SourceFile[]> {
  const paths: string[] = [];
  for (const folder of SOURCES) await collect(root, folder, paths);
  return await Promise.all(
    paths.sort().map(async (path) => ({
      path,
      text: await Deno.readTextFile(`${root}/${path}`),
    })),
  );
}

async function collect(
  root: string,
  folder: string,
  paths: string[],
): Promise<void> {
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) await collect(root, path, paths);
    else if (SOURCE_FILE.test(entry.name)) paths.push(path);
  }
}

/** The class names that a stylesheet has rules for. */
function classesOfCss(css: string): Set<string> {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  return new Set(
    [...plain.matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/g)].map(([, name = ""]) =>
      name
    ),
  );
}

function utilities(
  uses: readonly ClassUse[],
): { css: string; unknown: ClassUse[] } {
  const sheet = virtual();
  const tw = twind({
    hash: false,
    presets: [presetAutoprefix(), presetTailwind({ disablePreflight: true })],
    theme,
  }, sheet);
  const seen = new Map<string, boolean>();
  const unknown = uses.filter((use) => {
    if (MARKERS.has(use.name)) return false;
    let known = seen.get(use.name);
    if (known === undefined) {
      const before = sheet.target.length;
      // A grouped name ("text-(ink small)") comes back as others: no rule bears the name that the page has.
      known = tw(use.name) === use.name && sheet.target.length > before;
      seen.set(use.name, known);
    }
    return !known;
  });
  return { css: stringify(sheet.target), unknown };
}

/** Takes out comments and the space that says nothing. */
function minify(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,]) ?/g, "$1")
    .replaceAll(/: /g, ":")
    .replaceAll(";}", "}")
    .trim();
}
