import { expect } from "@std/expect";
import { allRows } from "../_dump.ts";
import { type Row, ROWS } from "./_commands.ts";
import { addAcme, type CliRig, createCliRig, type Ran } from "./_rig.ts";
import { bare } from "./_started.ts";

const ROOT = new URL("../..", import.meta.url);

/** A command line with a tenant that has been synced, and what is needed to give every command well. */
export interface BadInputRig extends CliRig {
  /** The database. */
  path: string;
  /** A backup of it. */
  backup: string;
  /** Its rows, as {@linkcode rowsOf} tells them. */
  before: string[];
  /** Arguments with FILE and NEW put in. */
  place(args: readonly string[]): string[];
  /** Every command in its good form. */
  commands: { name: string; row: Row; args: string[] }[];
}

export async function createBadInputRig(): Promise<BadInputRig> {
  const rig = await createCliRig({ brand: { leads: 8 } });
  rig.env.set("PORTAL_PASSWORD", "a long enough horse 42");
  const path = rig.env.get("DENO_KV_PATH")!;
  expect((await addAcme(rig)).code).toBe(0);
  expect((await rig.run("sync")).code).toBe(0);
  // Keys in the environment are themselves a change that "tenant set" makes.
  for (const name of ["PORTAL_WEB_KEY", "PORTAL_ACCESS_TOKEN"]) {
    rig.env.delete(name);
  }
  const backup = `${rig.dir}/backup.jsonl.gz`;
  expect((await rig.run("backup", backup)).code).toBe(0);
  const place = (args: readonly string[]) =>
    args.map((arg) =>
      arg.replace(/^FILE/, backup).replace(/^NEW/, `${rig.dir}/new.jsonl.gz`)
    );
  const commands = Object.entries(ROWS).map(([name, row]) => ({
    name,
    row,
    args: [...name.split(" "), ...place(row.good)],
  }));
  return { ...rig, path, backup, before: await rowsOf(path), place, commands };
}

/** Every key with its version, which a write changes even where it writes what was there. */
export async function rowsOf(path: string): Promise<string[]> {
  const kv = await Deno.openKv(path);
  try {
    return (await allRows(kv)).map(({ key, versionstamp }) =>
      `${JSON.stringify(key)} ${versionstamp}`
    );
  } finally {
    kv.close();
  }
}

/** What a command said, without how far it had come before. */
function said({ err }: Ran): string[] {
  return err.filter((line) => !/^(acme|Tenant \d|Checking|Writing)/.test(line));
}

/** One sentence: what cannot be done, and why; no stack trace, no answer. */
export function expectSentence(ran: Ran, says: RegExp, code: number): void {
  const lines = said(ran);
  expect({ ...ran, err: lines }).toEqual({
    code,
    out: [],
    err: [expect.stringMatching(/^Cannot [^:]+('[^']*'[^:]*)?: \S.+/)],
  });
  expect(lines[0]).toMatch(says);
  expect(lines[0]).not.toMatch(/\n|\bat .+:\d+:\d+|Error:|undefined|\[object/);
}

/** Runs a program of cli/ in a process of its own. */
export async function program(
  name: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // Packages are there already: to look for them would wait for other processes that do.
    args: [
      ...["run", "--allow-all", "--no-check", "--node-modules-dir=manual"],
      ...[`cli/${name}.ts`, ...args],
    ],
    cwd: ROOT,
    stdin: "null",
    // What other tests have set in this process is none of its.
    clearEnv: true,
    env: bare(env),
  }).output();
  const linesOf = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
  return { code, out: linesOf(stdout), err: linesOf(stderr) };
}

/** Whether a file or folder is there. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
