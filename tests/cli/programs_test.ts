import { describe, it } from "@std/testing/bdd";
import { expectSentence, program } from "./_bad_input.ts";

describe("the other programs", () => {
  it("answer wrong usage in one sentence, with exit 2", async () => {
    const wrong: [string, string[], Record<string, string>, RegExp][] = [
      ["simulator", ["--frobnicate"], {}, /unknown option '--frobnicate'/],
      ["simulator", ["--port", "many"], {}, /must be a whole number/],
      ["simulator", ["--brands", "all"], {}, /must be demo or large/],
      ["simulator", ["surplus"], {}, /too many arguments/],
      ["demo", ["--frobnicate"], {}, /unknown option '--frobnicate'/],
      ["demo", [], { PORT: "many" }, /PORT must be a whole number/],
      ["demo", [], { DEMO_PASSWORD: "short" }, /^Cannot use DEMO_PASSWORD: /],
      ["serve", [], { PORT: "many" }, /PORT must be a whole number/],
      [
        "serve",
        [],
        { PORTAL_ROLE: "waiter" },
        /PORTAL_ROLE must be web, worker or both/,
      ],
    ];
    const all = await Promise.all(
      wrong.map(async ([name, args, env, says]) => ({
        says,
        ran: await program(name, args, env),
      })),
    );
    for (const { ran, says } of all) expectSentence(ran, says, 2);
  });

  it("say it where the port is taken, with exit 1", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const PORT = String(taken.addr.port);
    const says = /^Cannot listen on .*port \d+: /;
    expectSentence(
      await program("simulator", ["--port", PORT]),
      says,
      1,
    );
    expectSentence(await program("demo", [], { PORT }), says, 1);
  });
});
