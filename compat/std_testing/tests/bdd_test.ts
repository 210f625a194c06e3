import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { expect } from "@std/expect";

const log: string[] = [];

describe("describe()", () => {
  beforeAll(() => void log.push("beforeAll"));
  beforeEach(() => void log.push("beforeEach"));
  afterEach(() => void log.push("afterEach"));
  afterAll(() => void log.push("afterAll"));

  it("runs hooks around each test", () => {
    expect(log).toEqual(["beforeAll", "beforeEach"]);
  });

  it.skip("does not run a skipped test", () => {
    throw new Error("ran");
  });

  describe("with a nested suite", () => {
    beforeEach(() => void log.push("inner beforeEach"));
    afterEach(() => void log.push("inner afterEach"));

    it("runs the outer hooks outside the inner ones", () => {
      expect(log.slice(2)).toEqual([
        "afterEach",
        "beforeEach",
        "inner beforeEach",
      ]);
    });
  });

  it("shares nothing but what hooks put on this", function (this: {
    value?: number;
  }) {
    expect(log.slice(-3)).toEqual([
      "inner afterEach",
      "afterEach",
      "beforeEach",
    ]);
    expect(this.value).toBeUndefined();
    this.value = 1;
  });
});

it("it() outside a suite is a test by itself", () => {
  expect(log.at(-1)).toBe("afterAll");
});

describe("a run of Deno with describe()", () => {
  const cases: [name: string, source: string, ok: boolean, out: string][] = [
    ["passes", `it("a", () => {});`, true, "1 passed (1 step)"],
    ["fails when a test fails", `it("a", () => { throw 1; });`, false, "a"],
    [
      "fails when afterEach fails",
      `afterEach(() => { throw new Error("late"); }); it("a", () => {});`,
      false,
      "late",
    ],
    [
      "fails when afterAll fails",
      `afterAll(() => { throw new Error("late"); }); it("a", () => {});`,
      false,
      "late",
    ],
    [
      "fails when a test leaks a resource",
      `it("a", async () => { await Deno.open("."); });`,
      false,
      "Leaks detected",
    ],
    [
      "runs only the tests marked so",
      `it("a", () => { throw 1; }); it.only("b", () => {});`,
      false, // Deno fails every run that used only
      "1 passed (1 step)",
    ],
  ];
  for (const [name, source, ok, out] of cases) {
    it(name, async () => {
      const result = await runTests(`describe("s", () => { ${source} });`);
      expect(result.output).toContain(out);
      expect(result.ok).toBe(ok);
    });
  }
});

/** Runs `source` as a test file beside this one. */
async function runTests(source: string) {
  const path = new URL(`./_${crypto.randomUUID()}_test.ts`, import.meta.url);
  const imports =
    `import { afterAll, afterEach, describe, it } from "@std/testing/bdd";`;
  await Deno.writeTextFile(path, imports + source);
  try {
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--no-check",
        "--sanitize-ops",
        "--sanitize-resources",
        path.pathname,
      ],
      env: { NO_COLOR: "1" },
      stderr: "null",
    }).output();
    return { ok: success, output: new TextDecoder().decode(stdout) };
  } finally {
    await Deno.remove(path);
  }
}
