import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { classNamesIn } from "../../dev/class_names.ts";
import {
  compileStylesheet,
  MARKER,
  readSources,
  UnknownClassError,
} from "../../dev/stylesheet.ts";

const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const MAX_GZIP_BYTES = 7 * 1024;
const BASE = `.card { color: red; } ${MARKER}`;

function source(className: string) {
  return { path: "components/X.tsx", text: `<p class="${className}" />` };
}

function baseStylesheet(): Promise<string> {
  return Deno.readTextFile(`${ROOT}/static/styles.css`);
}

/** A class name as a selector spells it. */
function selectorOf(name: string): string {
  return "." + name.replaceAll(/[^\w-]/g, (char) => `\\${char}`);
}

describe("compileStylesheet()", () => {
  it("puts the rules of the used classes in the marker's place", () => {
    const css = compileStylesheet(BASE, [source("p-4 md:flex bg-surface")]);
    expect(css).not.toContain(MARKER);
    expect(css).toContain(".p-4{padding:1rem}");
    expect(css).toContain(".bg-surface{background-color:var(--surface)}");
    expect(css).toMatch(/@media \(min-width:760px\)\{\.md\\:flex/);
  });

  it("takes the classes of the base stylesheet for known", () => {
    expect(compileStylesheet(BASE, [source("card")])).toContain(".card{");
  });

  it("fails on a class that Twind ignores in silence, and names it and its file", () => {
    const compile = () => compileStylesheet(BASE, [source("p-4 size-4")]);
    expect(compile).toThrow(UnknownClassError);
    expect(compile).toThrow("'size-4' in components/X.tsx:1");
  });

  it("fails on a colour that is not a token", () => {
    expect(() => compileStylesheet(BASE, [source("bg-red-500")]))
      .toThrow(UnknownClassError);
  });

  it("fails on a grouped name, which no rule would bear", () => {
    expect(() => compileStylesheet(BASE, [source("text-(ink small)")]))
      .toThrow(UnknownClassError);
  });

  it("names every unknown class at once", () => {
    const sources = [source("text-balance"), source("line-clamp-2")];
    expect(() => compileStylesheet(BASE, sources))
      .toThrow(/text-balance[^]*line-clamp-2/);
  });

  it("fails on a base stylesheet without the marker", () => {
    expect(() => compileStylesheet(".a {}", [])).toThrow("it lacks the line");
  });
});

describe("The portal's stylesheet", () => {
  it("has a rule for every class that the sources use", async () => {
    const sources = await readSources(ROOT);
    const css = compileStylesheet(await baseStylesheet(), sources);
    const names = new Set(
      sources.flatMap(({ text, path }) => classNamesIn(text, path))
        .map(({ name }) => name),
    );
    expect(names.size).toBeGreaterThan(100);
    const missing = [...names].filter((name) =>
      !css.includes(selectorOf(name))
    );
    expect(missing).toEqual([]);
  });

  it("has at most 7 KB when compressed", async () => {
    const css = compileStylesheet(
      await baseStylesheet(),
      await readSources(ROOT),
    );
    const stream = new Blob([css]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    const { byteLength } = await new Response(stream).arrayBuffer();
    expect(byteLength).toBeLessThanOrEqual(MAX_GZIP_BYTES);
  });

  it("has the same dark tokens for the machine's choice and the reader's", async () => {
    const css = await baseStylesheet();
    const blocks = [
      ':root:not([data-theme="light"])',
      ':root[data-theme="dark"]',
    ].map((selector) => {
      const start = css.indexOf("{", css.indexOf(selector));
      return css.slice(start, css.indexOf("}", start)).replaceAll(/\s+/g, " ");
    });
    expect(blocks[0]).toContain("--accent: #55c7b0");
    expect(blocks[0]).toBe(blocks[1]);
  });

  it("meets no inline style in the sources, which the security policy would block", async () => {
    const styled = (await readSources(ROOT))
      .filter(({ text }) => /\sstyle=/.test(text))
      .map(({ path }) => path);
    expect(styled).toEqual([]);
  });
});
