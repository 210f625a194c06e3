import { DatabaseSync } from "node:sqlite";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type BadInputRig,
  createBadInputRig,
  expectSentence,
  isThere,
  program,
  rowsOf,
} from "./_bad_input.ts";

let rig: BadInputRig;

beforeAll(async () => {
  rig = await createBadInputRig();
});

beforeEach(() => {
  rig.env.set("DENO_KV_PATH", rig.path);
});

afterAll(async () => await rig[Symbol.asyncDispose]());

describe("DENO_KV_PATH", () => {
  interface Wrong {
    what: string;
    says: RegExp;
    code: 1 | 2;
    /** Where it is. */
    make(): string | Promise<string>;
  }

  async function keep(name: string, bytes: Uint8Array): Promise<string> {
    const file = `${rig.dir}/${name}`;
    await Deno.writeFile(file, bytes);
    return file;
  }

  async function kvWith(name: string, key: Deno.KvKey, value: unknown) {
    const file = `${rig.dir}/${name}`;
    const kv = await Deno.openKv(file);
    await kv.set(["tenants", "x"], { name: "Of another release" });
    await kv.set(key, value);
    kv.close();
    return file;
  }

  const wrong: Wrong[] = [
    {
      what: "a folder",
      says: /: it is a folder; set DENO_KV_PATH to the portal's own file/,
      code: 2,
      make: async () => {
        await Deno.mkdir(`${rig.dir}/folder`);
        return `${rig.dir}/folder`;
      },
    },
    {
      what: "a folder that is not there",
      says: /: its folder does not exist; make it, or set DENO_KV_PATH/,
      code: 2,
      make: () => `${rig.dir}/none/portal.sqlite3`,
    },
    {
      what: "a text",
      says: /: it is no database; set DENO_KV_PATH/,
      code: 2,
      make: () =>
        keep("list.csv", new TextEncoder().encode("id,name\n".repeat(1000))),
    },
    {
      what: "the SQLite file of another program",
      says: /: it is another program's; set DENO_KV_PATH/,
      code: 2,
      make: () => {
        const file = `${rig.dir}/books.sqlite3`;
        const db = new DatabaseSync(file);
        db.exec("CREATE TABLE books (title TEXT)");
        db.close();
        return file;
      },
    },
    {
      what: "the Deno KV of another program",
      says: /: it holds data of another program; set DENO_KV_PATH/,
      code: 2,
      make: () => kvWith("other.sqlite3", ["cache", 1], "theirs"),
    },
    {
      what: "a database of a newer release",
      says: /its schema is version 99, .+ Install the newer|is not empty/,
      code: 1,
      make: () => kvWith("newer.sqlite3", ["schema_version"], 99),
    },
    {
      what: "a database in which a later Deno has written",
      says:
        /: a later Deno than this one, \d+\.\d+\.\d+, has written there, or/,
      code: 1,
      make: async () => {
        const bytes = await Deno.readFile(rig.path);
        const file = await keep("later.sqlite3", bytes);
        const db = new DatabaseSync(file);
        // The second byte of V8's own form says which it is.
        db.exec(
          "UPDATE kv SET v = CAST(X'FF7F' || substr(v, 3) AS BLOB) WHERE v_encoding = 1",
        );
        db.close();
        return file;
      },
    },
    {
      what: "a damaged database",
      says: /: (it|its file) is damaged; restore a backup into a new/,
      code: 1,
      make: async () => {
        const bytes = await Deno.readFile(rig.path);
        return await keep("damaged.sqlite3", bytes.fill(0xab, 4096));
      },
    },
    {
      what: "a database that was cut off",
      says: /: (it|its file) is damaged; restore a backup into a new/,
      code: 1,
      make: async () => {
        const bytes = await Deno.readFile(rig.path);
        return await keep("cut.sqlite3", bytes.subarray(0, 9_000));
      },
    },
  ];

  for (const { what, says, code, make } of wrong) {
    it(`that names ${what} is one sentence and leaves it as it was`, async () => {
      const there = await make();
      const content = () => Deno.readFile(there).catch(() => null);
      const bytes = await content();
      rig.env.set("DENO_KV_PATH", there);
      for (const { args, name } of rig.commands) {
        // A restore into what is no empty database is wrong usage.
        const own = name === "restore" && /newer/.test(there) ? 2 : code;
        expectSentence(await rig.run(...args), says, own);
      }
      expect(await content()).toEqual(bytes);
      expect(await isThere(`${rig.dir}/new.jsonl.gz`)).toBe(false);
    });
  }

  it("that names another program's Deno KV keeps it also from restore --replace", async () => {
    const there = `${rig.dir}/other.sqlite3`;
    const theirs = await rowsOf(there);
    rig.env.set("DENO_KV_PATH", there);
    const ran = await rig.run("restore", rig.backup, "--replace");
    expectSentence(ran, /: it holds data of another program/, 2);
    expect(await rowsOf(there)).toEqual(theirs);
  });
});

describe("a remote database", () => {
  it("whose token is not set is wrong usage, with its address and without a word of others", async () => {
    const remote = "http://127.0.0.1:9";
    const env = { ...Object.fromEntries(rig.env), DENO_KV_PATH: remote };
    expectSentence(
      await program("portal", ["doctor"], env),
      /^Cannot open the database 'http:\/\/127\.0\.0\.1:9': DENO_KV_ACCESS_TOKEN is not set$/,
      2,
    );
    const away = { ...env, DENO_KV_ACCESS_TOKEN: "rig-kv-token-2342" };
    const ran = await program("portal", ["doctor"], away);
    expectSentence(ran, /': it cannot be reached: [^:]+$/, 1);
    expect(ran.err.concat(ran.out).join()).not.toContain("rig-kv-token");
  });
});

describe("a database that another process keeps locked", () => {
  it("ends every command in one sentence, without waiting for its end", async () => {
    const holder = new DatabaseSync(rig.path);
    holder.exec("BEGIN EXCLUSIVE");
    try {
      const all = await Promise.all(
        rig.commands.map(async ({ name, args }) => ({
          name,
          // A read waits in SQLite itself, which only the end of a process ends.
          ran: await program("portal", args, Object.fromEntries(rig.env)),
        })),
      );
      for (const { name, ran } of all) {
        expect([name, ran.code]).toEqual([name, 1]);
        expectSentence(ran, /within 5 s|locked for 5 s/, 1);
      }
    } finally {
      holder.close();
    }
    expect(await rowsOf(rig.path)).toEqual(rig.before);
    expect(await isThere(`${rig.dir}/new.jsonl.gz`)).toBe(false);
  });
});
