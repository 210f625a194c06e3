import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

const DOMAIN = new URL("../../lib/domain/", import.meta.url);

/** Each file of lib/domain with what it imports or re-exports at run time. */
async function runtimeImports(): Promise<Map<string, string[]>> {
  const imports = new Map<string, string[]>();
  for await (const { name } of Deno.readDir(DOMAIN)) {
    const source = await Deno.readTextFile(new URL(name, DOMAIN));
    const found = source.matchAll(
      /^(?:import|export)\s+(?!type\b)[^;"]*?from\s+"([^"]+)"/gm,
    );
    imports.set(name, [...found].map(([, path = ""]) => path));
  }
  return imports;
}

describe("lib/domain", () => {
  it("imports its own files alone", async () => {
    for (const paths of (await runtimeImports()).values()) {
      for (const path of paths) expect(path).toMatch(/^\.\/[a-z_]+\.ts$/);
    }
  });

  it("asks neither the runtime nor the machine for anything", async () => {
    for (const name of (await runtimeImports()).keys()) {
      if (name === "clock.ts") continue;
      const source = await Deno.readTextFile(new URL(name, DOMAIN));
      expect(source).not.toMatch(
        /\bDeno\.|\bnode:|Date\.now\(\)|new Date\(\)|Math\.random|\bfetch\(/,
      );
    }
  });

  it("re-exports every public file and nothing private", async () => {
    const imports = await runtimeImports();
    const files = [...imports.keys()]
      .filter((name) => !name.startsWith("_") && name !== "mod.ts");
    expect(imports.get("mod.ts")?.toSorted())
      .toEqual(files.map((name) => `./${name}`).toSorted());
  });

  it("keeps light what islands import", async () => {
    const imports = await runtimeImports();
    expect(imports.get("freshness.ts")).toEqual([]);
    expect(imports.get("format.ts")).toEqual(["./_us_numbers.ts"]);
    expect(imports.get("_us_numbers.ts")).toEqual([]);
    expect(imports.get("delta.ts")).toEqual([]);
  });
});
