import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { createSecrets } from "../../lib/auth/mod.ts";
import { TerminalError, UsageError } from "../../lib/domain/mod.ts";

const base64 = (fill: number) =>
  btoa(String.fromCharCode(...new Uint8Array(32).fill(fill)));
const FIELD = "clienttetherWebKey";

describe("createSecrets()", () => {
  it("open() returns what seal() was given, for every text", async () => {
    const secrets = createSecrets(base64(1));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const sealed = await secrets.seal("acme", FIELD, text);
        expect(await secrets.open("acme", FIELD, sealed)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it("seal() never gives the same bytes twice and hides the text", async () => {
    const secrets = createSecrets(base64(1));
    const one = await secrets.seal("acme", FIELD, "web-key-1234");
    const two = await secrets.seal("acme", FIELD, "web-key-1234");
    expect(one.data).not.toEqual(two.data);
    expect(new TextDecoder().decode(one.data)).not.toContain("web-key");
  });

  it("open() refuses a secret that was moved to another tenant or field", async () => {
    const secrets = createSecrets(base64(1));
    const sealed = await secrets.seal("acme", FIELD, "web-key-1234");
    for (
      const [tenant, field] of [["bravo", FIELD], [
        "acme",
        "accessToken",
      ]] as const
    ) {
      const opened = secrets.open(tenant, field, sealed);
      await expect(opened).rejects.toBeInstanceOf(TerminalError);
    }
  });

  it("open() refuses a secret that was changed", async () => {
    const secrets = createSecrets(base64(1));
    const sealed = await secrets.seal("acme", FIELD, "web-key-1234");
    sealed.data[0] = (sealed.data[0] ?? 0) ^ 1;
    await expect(secrets.open("acme", FIELD, sealed)).rejects.toThrow(
      "Cannot read 'clienttetherWebKey' of tenant 'acme'",
    );
  });

  it("open() names both keys when the portal's secret is another one", async () => {
    const old = createSecrets(base64(1));
    const secrets = createSecrets(base64(2));
    const sealed = await old.seal("acme", FIELD, "web-key-1234");
    const opened = secrets.open("acme", FIELD, sealed);
    await expect(opened).rejects.toThrow(
      `sealed with key ${old.keyId}, PORTAL_SECRET is key ${secrets.keyId}`,
    );
  });

  it("open() takes what an earlier key sealed; seal() uses the newest", async () => {
    const old = createSecrets(base64(1));
    const sealed = await old.seal("acme", FIELD, "web-key-1234");
    const secrets = createSecrets(base64(3), [base64(2), base64(1)]);
    expect(await secrets.open("acme", FIELD, sealed)).toBe("web-key-1234");
    expect(secrets.keyIds).toHaveLength(3);
    expect(secrets.keyIds[0]).toBe(secrets.keyId);
    const anew = await secrets.seal("acme", FIELD, "web-key-1234");
    expect(anew.keyId).toBe(createSecrets(base64(3)).keyId);
    await expect(secrets.open("bravo", FIELD, sealed)).rejects.toThrow(
      "sealed for something else",
    );
  });

  it("counts a key once that is given twice, and names the variable that is wrong", () => {
    const twice = createSecrets(base64(1), [base64(1), base64(1)]);
    expect(twice.keyIds).toEqual([twice.keyId]);
    expect(() => createSecrets(base64(1), ["short"])).toThrow(
      "Cannot use PORTAL_SECRET_OLD",
    );
  });

  it("refuses a missing or malformed secret without repeating it", () => {
    const bad = [
      undefined,
      "",
      "  ",
      "short",
      btoa("x".repeat(31)),
      btoa("x".repeat(33)),
      "ä".repeat(43),
    ];
    for (const text of bad) {
      const create = () => createSecrets(text);
      expect(create).toThrow(UsageError);
      expect(create).toThrow("PORTAL_SECRET");
      if (text?.trim()) expect(create).not.toThrow(text);
    }
  });

  it("knows a key by what it was always known by, in both alphabets of base64", () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, n) => 255 - n);
    // SHA-256 of ff fe fd … e0, as sha256sum says.
    const id = "1865c008";
    for (const alphabet of ["base64", "base64url"] as const) {
      for (const omitPadding of [true, false]) {
        const text = bytes.toBase64({ alphabet, omitPadding });
        expect(createSecrets(text).keyId).toBe(id);
      }
    }
  });

  it("opens what an earlier release has sealed", async () => {
    const secrets = createSecrets(new Uint8Array(32).fill(7).toBase64());
    const sealed = {
      keyId: "4bb06f8e",
      iv: Uint8Array.fromHex("0f17316044a8973a2eb0ec43"),
      data: Uint8Array.fromHex(
        "7b40f67b47786bc713d071c8876541c1a198e7667f443fd8be",
      ),
    };
    expect(await secrets.open("t1", "clienttetherWebKey", sealed))
      .toBe("a web key");
  });
});
