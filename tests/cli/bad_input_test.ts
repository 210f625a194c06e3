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
  rowsOf,
} from "./_bad_input.ts";
import { commandLeaves, type Row, ROWS } from "./_commands.ts";

let rig: BadInputRig;

beforeAll(async () => {
  rig = await createBadInputRig();
});

beforeEach(() => {
  rig.env.set("DENO_KV_PATH", rig.path);
});

afterAll(async () => await rig[Symbol.asyncDispose]());

describe("the table of commands", () => {
  it("has a row for every command that portal offers, and for no other", () => {
    expect(Object.keys(ROWS).sort()).toEqual(
      commandLeaves().map(({ name }) => name).sort(),
    );
  });

  it("tries an unknown tenant with every command that takes one", () => {
    for (const { name, command } of commandLeaves()) {
      if (!command.options.some(({ long }) => long === "--tenant")) continue;
      const tried = ROWS[name]?.wrong.some(([args]) => args.includes("nobody"));
      expect([name, tried]).toEqual([name, true]);
    }
  });
});

describe("wrong usage of a command", () => {
  for (const [name, row] of Object.entries(ROWS)) {
    it(`is one sentence and exit 2, and changes nothing: ${name}`, async () => {
      const own = name.split(" ");
      const args = [...own, ...rig.place(row.good)];
      const wrong: Row["wrong"] = [
        ...row.wrong,
        [[...row.good, "--frobnicate"], /unknown option '--frobnicate'/],
        [
          [...row.good, "one", "two", "three", "four"],
          /too many arguments|name one tenant/,
        ],
      ];
      for (const [given, says] of wrong) {
        expectSentence(await rig.run(...own, ...rig.place(given)), says, 2);
      }
      for (
        const [variable, value, says] of [
          ["SYNC_CONCURRENCY", "many", /SYNC_CONCURRENCY must be/],
          ["CLIENTTETHER_API_URL", "ftp://x", /CLIENTTETHER_API_URL must/],
          ["PORTAL_SECRET", "short", /PORTAL_SECRET must be 32 random bytes/],
          ["PORTAL_SECRET", "", /^Cannot start without PORTAL_SECRET: set it/],
        ] as const
      ) {
        if (row.secretless && value === "") continue;
        const kept = new Map(rig.env);
        rig.env.set(variable, value);
        const ran = await rig.run(...args);
        rig.env.clear();
        for (const [name, text] of kept) rig.env.set(name, text);
        expectSentence(ran, says, 2);
      }
      expect(await rowsOf(rig.path)).toEqual(rig.before);
    });
  }

  it("shows the help of a command that needs another word, with exit 2", async () => {
    for (const group of [[], ["tenant"], ["user"], ["quarantine"]]) {
      const { code, out, err } = await rig.run(...group);
      expect([code, out]).toEqual([2, []]);
      expect(err.join("\n")).toMatch(/^Usage: portal/);
    }
    expectSentence(await rig.run("frobnicate"), /unknown command/, 2);
    expectSentence(await rig.run("tenant", "drop"), /unknown command/, 2);
  });

  it("names the store that is asked for where another is attached", async () => {
    rig.env.set("PORTAL_STORE_ID", "another");
    for (const { name, args } of rig.commands) {
      const code = name === "restore" ? 2 : 1;
      const says = /PORTAL_STORE_ID asks for 'another'/;
      const ran = await rig.run(...args);
      expect([name, ran.code]).toEqual([name, code]);
      expectSentence(ran, says, code);
    }
    rig.env.delete("PORTAL_STORE_ID");
    expect(await rowsOf(rig.path)).toEqual(rig.before);
  });
});
