import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { lazyNode } from "../../cli/_lazy_node.ts";

/** What a module exports once it has been bundled. */
function load(code: string): Promise<Record<string, unknown>> {
  return import(`data:text/javascript,${encodeURIComponent(lazyNode(code))}`);
}

describe("lazyNode()", () => {
  it("leaves no import of a function, of Buffer or of a whole module", async () => {
    const code = `import { basename, createHash as createHash2 } from "node:x";
import { Buffer as Buffer3 } from "node:buffer";
import util from "node:util";
`;
    expect(lazyNode(code)).not.toMatch(/^import/m);
    const { hash, name, bytes, text } = await load(`
import { createHash as createHash2 } from "node:crypto";
import { basename } from "node:path";
import {
  Buffer as Buffer3
} from "node:buffer";
import util from "node:util";
export const hash = createHash2("sha256").update("abc").digest("hex");
export const name = [basename("/a/b.c"), basename("/a/b.c", ".c")];
export const bytes = Buffer3.from("\u00e9", "latin1").toString("base64");
export const text = util.format("%s-%s", 1, 2);
`);
    expect(hash).toBe(createHash("sha256").update("abc").digest("hex"));
    expect(name).toEqual([basename("/a/b.c"), basename("/a/b.c", ".c")]);
    expect([bytes, text]).toEqual(["6Q==", "1-2"]);
  });

  it("answers whether Node is there", async () => {
    const { there } = await load(
      `export const there = typeof process === "object" && process.versions?.node !== void 0;`,
    );
    expect(there).toBe(true);
    expect(
      lazyNode(
        `var buffer = typeof process === "object" && process.versions?.node !== void 0;`,
      ),
    )
      .not.toContain("process");
  });

  it("leaves alone what is no such import", () => {
    for (
      const code of [
        'import { EventEmitter } from "node:events";\n',
        'import { z } from "./chunk.js";\n',
        'import "node:process";\n',
        "const text = 'import { join } from \"node:path\";';\n",
      ]
    ) expect(lazyNode(code)).toBe(code);
  });
});
