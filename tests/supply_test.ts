import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import manifest from "../deno.json" with { type: "json" };

const ROOT = new URL("..", import.meta.url);
const SKIPPED = /^(node_modules|_fresh|\.git|\.demo|shots|docs)$/;

/** Licences that ask for no more than their text beside a copy, MPL-2.0 also for changes of its own files. */
const LICENCES = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
]);

/** Names that no import spells: types of a package that is imported. */
const TYPES_ONLY = /^@types\//;

/** A package of the lockfile; `os` and `cpu` where it is a build for some machines. */
interface Locked {
  integrity: string;
  os?: string[];
  cpu?: string[];
}

const lock: { npm: Record<string, Locked> } = JSON.parse(
  await Deno.readTextFile(new URL("deno.lock", ROOT)),
);
const LOCKED = Object.entries(lock.npm);

async function* sources(dir: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (SKIPPED.test(name)) continue;
    if (isDirectory) yield* sources(new URL(`${name}/`, dir));
    else if (/\.(tsx?|css)$/.test(name)) {
      yield await Deno.readTextFile(new URL(name, dir));
    }
  }
}

/** The name of a locked package, without its version and the peers that it was resolved with. */
function nameOf(locked: string): string {
  return locked.slice(0, locked.indexOf("@", 1));
}

/** The licence that an installed package states, or null where it is not installed. */
async function licenceOf(locked: string): Promise<string | null> {
  const name = nameOf(locked);
  const [version = ""] = locked.slice(name.length + 1).split("_");
  const prefix = `${name}@${version}`.replaceAll("/", "+");
  const dir = new URL("node_modules/.deno/", ROOT);
  for await (const entry of Deno.readDir(dir)) {
    if (entry.name !== prefix && !entry.name.startsWith(`${prefix}_`)) continue;
    const file = `${entry.name}/node_modules/${name}/package.json`;
    const { license } = JSON.parse(
      await Deno.readTextFile(new URL(file, dir)),
    );
    return typeof license === "string" ? license : "unknown";
  }
  return null;
}

describe("what the project stands on", () => {
  it("imports every package that deno.json names", async () => {
    const texts = await Array.fromAsync(sources(ROOT));
    const unused = Object.keys(manifest.imports).filter((name) =>
      !TYPES_ONLY.test(name) &&
      !texts.some((text) => text.includes(`"${name}`))
    );
    expect(unused).toEqual([]);
  });

  it("has types beside a package that is imported, and no others", () => {
    const names = Object.keys(manifest.imports);
    const types = names.filter((name) => TYPES_ONLY.test(name));
    expect(
      types.filter((name) => !names.includes(name.replace(TYPES_ONLY, ""))),
    ).toEqual([]);
  });

  it("locks every package by what it contains", () => {
    const loose = LOCKED.filter(([, { integrity }]) =>
      !/^sha512-[\w+/]{86}==$/.test(integrity)
    );
    expect(loose).toEqual([]);
  });

  it("uses packages of known and harmless licences", async () => {
    const odd: string[] = [];
    let seen = 0;
    for (const [locked, { os, cpu }] of LOCKED) {
      const licence = await licenceOf(locked);
      // A build for another machine is not installed on this one.
      if (licence === null && (os || cpu)) continue;
      seen++;
      if (!LICENCES.has(licence ?? "")) odd.push(`${locked}: ${licence}`);
    }
    expect(odd).toEqual([]);
    expect(seen).toBeGreaterThan(80);
  });

  it("names no package by an address", () => {
    const odd = Object.values(manifest.imports).filter((specifier) =>
      !/^(npm|jsr):@?[\w./-]+@\^/.test(specifier)
    );
    expect(odd).toEqual([]);
  });
});
