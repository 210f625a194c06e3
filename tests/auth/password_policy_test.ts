import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { passwordProblem } from "../../lib/auth/mod.ts";

const SHORT = "at least 12 characters";
const LONG = "at most 128 characters";
const COMMON = "many people use";
const NAMED = "contains the e-mail address";

describe("passwordProblem()", () => {
  it("refuses eleven characters and 129, accepts twelve, sixty-four and 128", async () => {
    expect(await passwordProblem("k7#pQ2xzR9v")).toContain(SHORT);
    expect(await passwordProblem("k7#pQ2xzR9vT")).toBe(null);
    expect(await passwordProblem("k7#pQ2xz".repeat(8))).toBe(null);
    expect(await passwordProblem("k7#pQ2xz".repeat(16))).toBe(null);
    expect(await passwordProblem("k7#pQ2xz".repeat(16) + "k"))
      .toContain(LONG);
  });

  it("counts characters, not their code units or bytes", async () => {
    expect(await passwordProblem("🗝🗄🗂🗃🗜🗞🗡🗣🗨🗯🗳")).toContain(SHORT);
    expect(await passwordProblem("🗝🗄🗂🗃🗜🗞🗡🗣🗨🗯🗳🗺")).toBe(null);
    expect(await passwordProblem("пароль-у-окна")).toBe(null);
  });

  it("counts a letter and its accent once, however they are spelt", async () => {
    const eleven = "éàüñöçêïôûå";
    expect(await passwordProblem(eleven.normalize("NFD"))).toContain(SHORT);
    expect(await passwordProblem((eleven + "î").normalize("NFD"))).toBe(null);
    const longest = "éàüñöçêï".repeat(16).normalize("NFD");
    expect(longest.length).toBe(256);
    expect(await passwordProblem(longest)).toBe(null);
  });

  it("refuses what many people use, in any case", async () => {
    for (
      const common of [
        "password1234",
        "Password1234",
        "1QAZ2WSX3EDC",
        "123456789012",
        "administrator",
      ]
    ) expect(await passwordProblem(common)).toContain(COMMON);
  });

  it("refuses a common one with a few digits and signs around it, or over and over", async () => {
    for (
      const common of [
        "Sunshine2026!",
        "!!basketball!!",
        "Tetherboard!1",
        "ClientTether2026",
        "monkeymonkey",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "121212121212",
      ]
    ) expect(await passwordProblem(common)).toContain(COMMON);
  });

  it("accepts phrases of common words, and a common word with much around it", async () => {
    for (
      const fine of [
        "correct horse battery",
        "sunshine and monkeys",
        "dragon-8371-#kQz",
      ]
    ) expect(await passwordProblem(fine)).toBe(null);
  });

  it("refuses one with the address or its local part in it, in any case", async () => {
    const owner = { email: "Robin.Q@example.com" };
    expect(await passwordProblem("my ROBIN.Q is mine", owner)).toContain(NAMED);
    expect(await passwordProblem("robin.q@example.com", owner))
      .toContain(NAMED);
    expect(await passwordProblem("a robin sings here", owner)).toBe(null);
  });

  it("lets a local part of three letters be, but not the whole address", async () => {
    const owner = { email: "ada@example.com" };
    expect(await passwordProblem("canada in winter", owner)).toBe(null);
    expect(await passwordProblem("ada@example.com!", owner)).toContain(NAMED);
  });

  it("has an answer for any text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.emailAddress(),
        async (password, email) => {
          const problem = await passwordProblem(password, { email });
          expect(problem === null || problem.length > 10).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
