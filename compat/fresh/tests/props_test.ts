// What only this implementation does; the other suites hold for the real package too.
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { send } from "./_fixture.ts";
import { literalOf } from "../src/_literal.ts";

/** What a browser makes of the code. */
const read = (code: string | undefined) => new Function(`return ${code}`)();

describe("literalOf()", () => {
  it("writes plain data that reads the same", () => {
    const values: unknown[] = [
      'text "quoted" \\ \u2028 \u2029 \ud800',
      [1.5, -0, 1e21, NaN, Infinity, -Infinity],
      12n,
      [true, false, null, undefined],
      { "a-b": { c: [] }, 1: {}, undefined: undefined, constructor: "c" },
      new Date(5),
    ];
    for (const value of values) {
      expect(read(literalOf(value))).toEqual(value);
    }
    expect(read(literalOf([-0]))[0]).toBe(-0);
    expect(Object.keys(read(literalOf({ a: undefined })))).toEqual(["a"]);
    expect(read(literalOf(new Date(NaN))).getTime()).toBe(NaN);
  });

  it("leaves alone what is anything else", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const shared = {};
    const sparse = [1, 2, 3];
    delete sparse[1];
    const values: unknown[] = [
      new Map(),
      new Set(),
      new Uint8Array(1),
      /a/,
      new URL("http://a/"),
      new (class Own {})(),
      Object.create(null),
      JSON.parse('{"__proto__":{}}'),
      { [Symbol("s")]: 1 },
      Symbol("s"),
      () => {},
      cycle,
      [shared, shared],
      sparse,
    ];
    for (const value of values) {
      expect(literalOf(value)).toBe(undefined);
      expect(literalOf({ deep: [value] })).toBe(undefined);
    }
  });
});

describe("Islands of the implementation", () => {
  it("what reads more than plain data is fetched where there is any", async () => {
    for (
      const [path, modules] of [["/props", 2], ["/values", 3], ["/shared", 3]]
    ) {
      const { headers } = await send(String(path));
      expect(headers.get("link")?.split(", ")).toHaveLength(Number(modules));
    }
  });
});
