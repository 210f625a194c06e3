import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createPasswords,
  DEFAULT_COST,
  ThrottledError,
} from "../../lib/auth/mod.ts";

const CHEAP = { N: 16, r: 8, p: 1 };

describe("createPasswords()", () => {
  it("verify() accepts the password that was hashed and no other", async () => {
    const passwords = createPasswords({ cost: CHEAP });
    const hash = await passwords.hash("correct horse battery");
    expect(await passwords.verify("correct horse battery", hash)).toBe(true);
    expect(await passwords.verify("correct horse batterY", hash)).toBe(false);
    expect(await passwords.verify("", hash)).toBe(false);
  });

  it("hash() writes algorithm and parameters and never the same hash twice", async () => {
    const passwords = createPasswords({ cost: CHEAP });
    const one = await passwords.hash("correct horse battery");
    expect(one).toMatch(/^scrypt\$N=16,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await passwords.hash("correct horse battery")).not.toBe(one);
  });

  it("verify() gives the same answer for RFC 7914's test vector as any scrypt", async () => {
    // RFC 7914, section 12, second vector: the first 32 of its 64 bytes.
    const salt = btoa("NaCl").replace(/=+$/, "");
    const bytes =
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        .match(/../g)?.map((hex) => parseInt(hex, 16)) ?? [];
    const key = btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    const passwords = createPasswords({ cost: CHEAP });
    const hash = `scrypt$N=1024,r=8,p=16$${salt}$${key}`;
    expect(await passwords.verify("password", hash)).toBe(true);
  });

  it("verify() takes passwords in either Unicode spelling", async () => {
    const passwords = createPasswords({ cost: CHEAP });
    const hash = await passwords.hash("Zürich-🗝️-2026".normalize("NFC"));
    const typed = "Zürich-🗝️-2026".normalize("NFD");
    expect(await passwords.verify(typed, hash)).toBe(true);
  });

  it("verify() takes a turn and derives a key for a user without a hash too", async () => {
    const passwords = createPasswords({ cost: CHEAP, concurrent: 1, queue: 0 });
    const first = passwords.verify("correct horse battery", null);
    const second = passwords.verify("correct horse battery", null);
    await expect(second).rejects.toBeInstanceOf(ThrottledError);
    expect(await first).toBe(false);
  });

  it("verify() fails on a stored text that is no hash of this portal", async () => {
    const passwords = createPasswords({ cost: CHEAP });
    for (const hash of ["", "plain", "scrypt$N=16,r=8,p=1$$", "$2b$10$abc"]) {
      await expect(passwords.verify("x", hash)).rejects.toThrow(
        "Cannot check a password",
      );
    }
  });

  it("needsRehash() says when a hash was made at another cost", async () => {
    const hash = await createPasswords({ cost: CHEAP }).hash("correct horse");
    expect(createPasswords({ cost: CHEAP }).needsRehash(hash)).toBe(false);
    expect(createPasswords().needsRehash(hash)).toBe(true);
  });

  it("works at the default cost, which asks for more memory than Node allows unasked", async () => {
    expect(DEFAULT_COST).toEqual({ N: 32768, r: 8, p: 3 });
    const passwords = createPasswords();
    const hash = await passwords.hash("correct horse battery");
    expect(await passwords.verify("correct horse battery", hash)).toBe(true);
  });

  it("refuses the excess of fifty sign-ins at once and serves the others", async () => {
    const passwords = createPasswords({
      cost: CHEAP,
      concurrent: 2,
      queue: 10,
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => passwords.verify("guess", null)),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(38);
    for (const outcome of refused) {
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(ThrottledError);
      expect(reason.retryAfterSeconds).toBeGreaterThan(0);
    }
    expect(await passwords.verify("guess", null)).toBe(false);
  });
});
