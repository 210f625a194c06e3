import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

const FOLDER = new URL(
  "../../../lib/clienttether/simulator/",
  import.meta.url,
);

describe("the simulator's sources", () => {
  it("import nothing of the product but its clock", async () => {
    const outside = new Set<string>();
    for await (const { name } of Deno.readDir(FOLDER)) {
      const source = await Deno.readTextFile(new URL(name, FOLDER));
      for (const [, from = ""] of source.matchAll(/from "([^"]+)"/g)) {
        if (!from.startsWith("./")) outside.add(from);
      }
    }
    expect([...outside].toSorted()).toEqual([
      "../../domain/clock.ts",
      "@faker-js/faker",
    ]);
  });
});
