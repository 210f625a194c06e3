import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";

/** A file of the repository with the modules that it names, resolved to paths of the repository where they are files. */
interface SourceFile {
  path: string;
  text: string;
  imports: string[];
}

const ROOT = new URL("..", import.meta.url);
const SKIPPED = /^(node_modules|_fresh|\.git|\.demo|shots)$/;

/** The rooms, and which other rooms each may import from. Tests and benches may use all of them. */
const MAY_IMPORT: Record<string, string[]> = {
  "lib/domain": [],
  "lib/clienttether": ["lib/domain"],
  "lib/store": ["lib/domain"],
  "lib/auth": ["lib/store", "lib/domain"],
  "lib/sync": ["lib/store", "lib/clienttether", "lib/domain"],
  "lib/web": [
    "lib/sync",
    "lib/auth",
    "lib/store",
    "lib/clienttether",
    "lib/domain",
  ],
  components: ["islands", "lib/domain"],
  islands: ["components", "lib/domain"],
  dev: [],
  routes: [
    "components",
    "islands",
    "lib/web",
    "lib/sync",
    "lib/auth",
    "lib/store",
    "lib/domain",
  ],
  cli: [
    "lib/web",
    "lib/sync",
    "lib/auth",
    "lib/store",
    "lib/clienttether",
    "lib/domain",
  ],
};

/** What fresh-api.md's scope gives the app. */
const FRESH_NAMES: Record<string, string[]> = {
  fresh: [
    "App",
    "createDefine",
    "page",
    "HttpError",
    "staticFiles",
    "csp",
    "csrf",
    "Context",
    "PageProps",
    "RouteConfig",
    "Middleware",
    "RouteHandler",
    "HandlerFn",
  ],
  "fresh/runtime": ["IS_BROWSER", "asset", "Head", "HttpError"],
  "fresh/dev": ["Builder"],
};

function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "lib" ? `lib/${second}` : path.includes("/") ? first : ".";
}

/** Comments and what is only shown in them do not import. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(
    /^\s*\/\/.*$/gm,
    "",
  );
}

function importsOf(path: string, text: string): string[] {
  const found = withoutComments(text).matchAll(
    /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)["']([^"']+)["']/gm,
  );
  return [...found].map(([, name]) =>
    name!.startsWith(".")
      ? new URL(name!, `file:///${path}`).pathname.slice(1)
      : name!
  );
}

function sourceFile(path: string, text: string): SourceFile {
  return { path, text, imports: importsOf(path, text) };
}

async function readSources(
  dir = ROOT,
  prefix = "",
): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = prefix + name;
    if (isDirectory && !SKIPPED.test(name)) {
      files.push(...await readSources(new URL(`${name}/`, dir), `${path}/`));
    } else if (/\.tsx?$/.test(name)) {
      const text = await Deno.readTextFile(new URL(name, dir));
      files.push(sourceFile(path, text));
    }
  }
  return files;
}

const isTestLike = ({ path }: SourceFile) => /^(tests|bench)\//.test(path);
const isCompat = (path: string) => path.startsWith("compat/");
const isOurs = (path: string) =>
  /^(lib|routes|islands|components|cli|dev)\//.test(path);

/** Files of what a browser runs that make HTML of text, which Trusted Types refuse to all but one. */
function htmlMade(files: SourceFile[]): string[] {
  const sinks =
    /\bDOMParser\b|\.(?:inner|outer)HTML\b|insertAdjacentHTML|createContextualFragment|document\.write/;
  return files.filter(({ path, text }) =>
    /^(?:islands|components)\//.test(path) && sinks.test(withoutComments(text))
  ).map(({ path }) => path);
}

/** Files that put HTML into a page as it is. */
function htmlInserted(files: SourceFile[]): string[] {
  return files.filter(({ path, text }) =>
    isOurs(path) &&
    /\bjsxTemplate\b|dangerouslySetInnerHTML/.test(withoutComments(text))
  ).map(({ path }) => path);
}

/** "a -> b" for each import from a room into one that it may not know. */
function wrongArrows(files: SourceFile[]): string[] {
  return files.filter((file) => roomOf(file.path) in MAY_IMPORT).flatMap(
    ({ path, imports }) => {
      const room = roomOf(path);
      return imports.filter((target) => {
        if (!isOurs(target)) return /^(tests|bench)\//.test(target);
        const other = roomOf(target);
        return other !== room && !MAY_IMPORT[room]!.includes(other);
      }).map((target) => `${path} -> ${target}`);
    },
  );
}

/** Files that import each other in a circle, of types too: each such circle as its files, in order. */
function circles(files: SourceFile[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const found: string[][] = [];
  const way: string[] = [];
  const done = new Set<string>();
  const visit = (path: string) => {
    const met = way.indexOf(path);
    if (met >= 0) return void found.push(way.slice(met));
    if (done.has(path)) return;
    done.add(path);
    way.push(path);
    importsOf.get(path)?.forEach(visit);
    way.pop();
  };
  for (const { path } of files) visit(path);
  return found;
}

/** Outsiders take a room's mod.ts; lib/domain's single files are free for the browser's sake. */
function sideDoors(files: SourceFile[]): string[] {
  return files.filter((file) => !isTestLike(file)).flatMap((
    { path, imports },
  ) =>
    imports.filter((target) => {
      const room = roomOf(target);
      if (!room.startsWith("lib/") || roomOf(path) === room) return false;
      if (room === "lib/domain") return /\/_[^/]*$/.test(target);
      return !/^lib\/(\w+|clienttether\/simulator)\/mod\.ts$/.test(target);
    }).map((target) => `${path} -> ${target}`)
  );
}

/** Files named `_x` are for their own folder and what lies below it. */
function privateFilesTaken(files: SourceFile[]): string[] {
  return files.filter((file) => !isTestLike(file)).flatMap((
    { path, imports },
  ) =>
    imports.filter((target) => {
      const at = target.search(/[^/]*$/);
      return target.startsWith("_", at) && /\.tsx?$/.test(target) &&
        !path.startsWith(target.slice(0, at)) &&
        !(isCompat(path) && path.includes("/tests/"));
    }).map((target) => `${path} -> ${target}`)
  );
}

/** Fresh alone finds the routes. */
function routesTaken(files: SourceFile[]): string[] {
  return files.filter((file) => !isTestLike(file) && !isCompat(file.path))
    .flatMap(({ path, imports }) =>
      imports.filter((target) => target.startsWith("routes/"))
        .map((target) => `${path} -> ${target}`)
    );
}

function compatNamed(files: SourceFile[]): string[] {
  return files.filter(({ path, text, imports }) =>
    !isCompat(path) &&
    (imports.some(isCompat) || /compat\//.test(withoutComments(text)))
  ).map(({ path }) => path);
}

function kvOpened(files: SourceFile[]): string[] {
  return files.filter((file) =>
    !isTestLike(file) && !isCompat(file.path) &&
    roomOf(file.path) !== "lib/store" &&
    /\bopenKv\b/.test(withoutComments(file.text))
  ).map(({ path }) => path);
}

/** First parts of keys, each as the beginning of an array. */
const KEY =
  /\[\s*"(?:t|tenants|tenants_by_slug|users|users_by_email|memberships|memberships_by_tenant|sessions|sessions_by_user|throttle|links|api_tokens|api_tokens_by_tenant|audit|sync_due|schema_version|store_id)"\s*[,\]]/;

function keysSpelt(files: SourceFile[]): string[] {
  return files.filter((file) =>
    !isTestLike(file) && !isCompat(file.path) &&
    file.path !== "lib/store/keys.ts" && KEY.test(withoutComments(file.text))
  ).map(({ path }) => path);
}

/** Names that a file takes from Fresh beyond the scope that both Freshes have. */
function outOfScope(files: SourceFile[]): string[] {
  return files.filter(({ path }) => !isCompat(path)).flatMap(
    ({ path, text }) => {
      const imports = withoutComments(text).matchAll(
        /import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+"(fresh[^"]*)"/g,
      );
      return [...imports].flatMap(([, names, from]) =>
        names!.split(",").map((name) =>
          name.replace(/^\s*type\s+/, "").trim().split(/\s+as\s+/)[0]!
        ).filter((name) => name && !FRESH_NAMES[from!]?.includes(name))
          .map((name) => `${path}: ${name} of ${from}`)
      );
    },
  );
}

/** This file shows what is wrong, so it is left out. */
const files = (await readSources()).filter(({ path }) =>
  path !== "tests/house_test.ts"
);

describe("the house", () => {
  it("has imports that run one way", () => {
    expect(files.length).toBeGreaterThan(150);
    expect(wrongArrows(files)).toEqual([]);
  });

  it("notices an arrow that runs the other way", () => {
    const wrong = [
      sourceFile("lib/domain/a.ts", 'import { b } from "../store/mod.ts";'),
      sourceFile("components/A.tsx", 'export * from "../lib/web/mod.ts";'),
      sourceFile("islands/A.tsx", 'await import("../lib/sync/mod.ts");'),
      sourceFile("lib/web/a.ts", 'import "../../routes/index.ts";'),
      sourceFile("lib/store/a.ts", 'import "../../tests/_clock.ts";'),
    ];
    expect(wrongArrows(wrong)).toHaveLength(wrong.length);
  });

  it("has no circle of imports", () => {
    expect(circles(files.filter(({ path }) => isOurs(path)))).toEqual([]);
    expect(circles([
      sourceFile("lib/domain/a.ts", 'import { b } from "./b.ts";'),
      sourceFile("lib/domain/b.ts", 'import type { C } from "./c.ts";'),
      sourceFile("lib/domain/c.ts", 'export * from "./b.ts";'),
    ])).toEqual([["lib/domain/b.ts", "lib/domain/c.ts"]]);
  });

  it("is entered by the doors of its rooms", () => {
    expect(sideDoors(files)).toEqual([]);
    expect(sideDoors([
      sourceFile("cli/a.ts", 'import { a } from "../lib/store/keys.ts";'),
      sourceFile("routes/a.ts", 'import { a } from "../lib/domain/_x.ts";'),
    ])).toHaveLength(2);
  });

  it("keeps private files to their folder", () => {
    expect(privateFilesTaken(files)).toEqual([]);
    expect(privateFilesTaken([
      sourceFile("lib/web/a.ts", 'import { a } from "../store/_kv.ts";'),
      sourceFile("lib/store/b.ts", 'import { a } from "../domain/_x.ts";'),
      sourceFile("lib/store/c.ts", 'import { a } from "./_kv.ts";'),
    ])).toEqual([
      "lib/web/a.ts -> lib/store/_kv.ts",
      "lib/store/b.ts -> lib/domain/_x.ts",
    ]);
  });

  it("imports no route", () => {
    expect(routesTaken(files)).toEqual([]);
    expect(routesTaken([
      sourceFile("main.ts", 'import page from "./routes/login.tsx";'),
      sourceFile("islands/A.tsx", 'import type { P } from "../routes/a.ts";'),
    ])).toHaveLength(2);
  });

  it("does not know of the stand-ins for JSR", () => {
    expect(compatNamed(files)).toEqual([]);
    expect(compatNamed([
      sourceFile("main.ts", 'import { App } from "./compat/fresh/src/mod.ts";'),
    ])).toEqual(["main.ts"]);
  });

  it("opens Deno KV in lib/store alone", () => {
    expect(kvOpened(files)).toEqual([]);
    expect(kvOpened([
      sourceFile("routes/a.ts", "const kv = await Deno.openKv();"),
    ])).toEqual(["routes/a.ts"]);
  });

  it("spells keys in keys.ts alone", () => {
    expect(keysSpelt(files)).toEqual([]);
    expect(keysSpelt([
      sourceFile("lib/store/a.ts", 'kv.get(["t", id, "leads"]);'),
      sourceFile("lib/web/a.ts", 'list({ prefix: ["sessions"] });'),
    ])).toHaveLength(2);
  });

  it("makes HTML of text in one place of the scripts", () => {
    expect(htmlMade(files)).toEqual(["components/own_page.ts"]);
    expect(htmlMade([
      sourceFile("islands/A.tsx", "place.innerHTML = text;"),
      sourceFile("components/a.ts", "new DOMParser()"),
    ])).toHaveLength(2);
  });

  it("puts HTML into a page in one place: what was rendered before", () => {
    expect(htmlInserted(files)).toEqual(["components/kept.ts"]);
    expect(htmlInserted([
      sourceFile("routes/a.tsx", "<p dangerouslySetInnerHTML={html} />"),
    ])).toEqual(["routes/a.tsx"]);
  });

  it("uses no more of Fresh than both Freshes have", () => {
    expect(outOfScope(files)).toEqual([]);
    expect(outOfScope([
      sourceFile("a.tsx", 'import { Partial } from "fresh/runtime";'),
    ])).toEqual(["a.tsx: Partial of fresh/runtime"]);
  });
});
