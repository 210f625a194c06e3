import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

const ROOT = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** Text in one line: the formatter breaks sentences anywhere. */
function joined(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** Every `tests/….ts`: name, as the lists of a page give them. */
function namedTests(page: string): { file: string; name: string }[] {
  return read(page).split(/\n(?=\s*- )/).flatMap((item) => {
    const match = /^\s*- `(tests\/[^`]+)`: ([\s\S]+?)(?=\n\n|\n#|$)/.exec(item);
    return match ? [{ file: match[1]!, name: joined(match[2]!).trim() }] : [];
  });
}

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* sources(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield read(folder + name);
  }
}

/** What a program's text and a page may write differently: quotes around values, line breaks, concatenation. */
function plain(text: string): string {
  return joined(text.replaceAll(/["'`]\s*\+\s*["'`]/g, ""));
}

/** The parts of a message that do not change: between values, which the page writes as …, N, M or a capital word. */
function fixedParts(message: string): string[] {
  return message.replace(/^ClientTether /, "")
    .split(/…|'[^']*'|\b(?:N|M|SLUG|FILE|STREAM|ID)\b|\d+|leads/)
    .map((part) => part.replaceAll(/^[\s,.;:]+|[\s,.;:]+$/g, ""))
    .filter((part) => part.length >= 12);
}

describe("docs/sync.md", () => {
  const tests = namedTests("docs/sync.md");

  it("names tests for its guarantees", () => {
    expect(tests.length).toBeGreaterThan(10);
  });

  for (const { file, name } of tests) {
    it(`names a test of ${file} that exists: ${name}`, () => {
      // As a boolean: a failure must not print the whole file.
      expect(plain(read(file)).includes(name)).toBe(true);
    });
  }
});

describe("docs/security.md", () => {
  const page = read("docs/security.md");
  const tests = namedTests("docs/security.md");

  it("names a test for each of the forty checks", () => {
    const named = new Set(
      tests.flatMap(({ name }) => {
        const [, first, more] =
          /^checks? (\d+)(?:(?: and| to) (\d+))?/.exec(name) ??
            [];
        const to = Number(more ?? first);
        const from = Number(first);
        return Array.from({ length: to - from + 1 }, (_, n) => from + n);
      }),
    );
    const missing = Array.from({ length: 40 }, (_, n) => n + 1)
      .filter((n) => !named.has(n));
    expect(missing).toEqual([]);
    expect(page).toContain("How to report a flaw");
  });

  for (const { file, name } of tests) {
    it(`names a test of ${file} that exists: ${name}`, () => {
      expect(plain(read(file)).includes(name)).toBe(true);
    });
  }
});

describe("docs/operations.md", () => {
  const code = plain([...sources("lib/"), ...sources("cli/")].join("\n"));
  const messages = read("docs/operations.md").split("\n")
    .filter((line) => /^\| `/.test(line))
    .map((line) => /^\| `([^`]+)`/.exec(line)![1]!);

  it("explains the messages of runs and of the database", () => {
    expect(messages.length).toBeGreaterThan(15);
  });

  for (const message of messages) {
    it(`explains a message that the portal gives: ${message}`, () => {
      const missing = fixedParts(message).filter((part) =>
        !code.includes(part)
      );
      expect(missing).toEqual([]);
    });
  }
});

describe("docs/architecture.md", () => {
  const page = read("docs/architecture.md");
  const source = read("lib/store/keys.ts");
  const parts = new Set(
    [...source.matchAll(/(?:\bat\(\s*|=> \[)"([a-z_]+)"/g)].map(([, part]) =>
      part!
    ),
  );

  it("lists keys", () => {
    expect(parts.size).toBeGreaterThan(30);
  });

  for (const part of parts) {
    it(`lists the keys of ${part}`, () => {
      expect(page.includes(`"${part}"`)).toBe(true);
    });
  }
});

describe("docs/deploy/", () => {
  const unit = read("docs/deploy/tetherboard.service");
  const setting = (name: string) =>
    new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1];
  const { tasks } = JSON.parse(read("deno.json"));

  it("has unit and container run what deno task start runs", () => {
    const start: string = tasks.start.command;
    expect(setting("ExecStart")).toBe(`/usr/local/bin/${start}`);
    const [, command] = /^CMD (\[.*\])$/m.exec(read("Containerfile")) ?? [];
    expect(["deno", ...JSON.parse(command!)].join(" ")).toBe(start);
  });

  it("has the unit leave V8 its code, and the portal time to end", () => {
    expect(setting("MemoryDenyWriteExecute")).toBeUndefined();
    const [, ms] = /STOP_MS = ([\d_]+)/.exec(read("main.ts")) ?? [];
    expect(Number(setting("TimeoutStopSec")) * 1000)
      .toBeGreaterThan(Number(ms?.replaceAll("_", "")));
  });

  it("has the same user, folder and variables for the unit, its backup and the command", () => {
    const backup = read("docs/deploy/tetherboard-backup.service");
    const command = read("docs/deploy/portal");
    for (const name of ["User", "WorkingDirectory", "EnvironmentFile"]) {
      expect(backup).toContain(`${name}=${setting(name)}\n`);
    }
    expect(command).toContain(`--uid=${setting("User")} `);
    expect(command).toContain(`:-${setting("WorkingDirectory")}}`);
    expect(command).toContain(`EnvironmentFile=${setting("EnvironmentFile")} `);
    expect(backup).toContain("/usr/local/bin/deno run -A cli/portal.ts ");
    expect(command).toContain("/usr/local/bin/deno run -A cli/portal.ts ");
    expect(tasks.portal.command).toBe("deno run -A cli/portal.ts");
  });

  it("gives the unit variables that the README explains, and Deno's own", () => {
    const names = read("docs/deploy/tetherboard.env")
      .matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm).map(([, name]) => name!).toArray();
    expect(names).toContain("PORTAL_SECRET");
    const known = [read("README.md"), "`DENO_NO_UPDATE_CHECK`"].join();
    expect(names.filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
  });
});
