import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hashToken, isToken, newToken } from "../../lib/auth/mod.ts";

describe("newToken()", () => {
  it("is 256 random bits in base64url", () => {
    const token = newToken((size) => new Uint8Array(size).fill(0xfb));
    expect(token).toBe("-_v7".repeat(10) + "-_s");
    expect(newToken()).not.toBe(newToken());
    expect(isToken(newToken())).toBe(true);
  });
});

describe("isToken()", () => {
  it("refuses every other form", () => {
    for (const text of ["", "a".repeat(42), "a".repeat(44), "ä".repeat(43)]) {
      expect(isToken(text)).toBe(false);
    }
  });
});

describe("hashToken()", () => {
  it("is SHA-256 in hex", () => {
    expect(hashToken("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
