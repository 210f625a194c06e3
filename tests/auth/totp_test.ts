import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Secret, TOTP } from "otpauth";
import {
  hashRecoveryCode,
  newRecoveryCodes,
} from "../../lib/auth/recovery_codes.ts";
import { newTotpSecret, totpStep, totpUri } from "../../lib/auth/totp.ts";

/** RFC 6238, appendix B: the ASCII text "12345678901234567890". */
const RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const NOW = Date.UTC(2026, 2, 4, 12, 0, 5);
const STEP = Math.floor(NOW / 30_000);

describe("totpStep()", () => {
  for (
    const [seconds, code] of [
      [59, "287082"],
      [1111111109, "081804"],
      [1234567890, "005924"],
      [20000000000, "353130"],
    ] as const
  ) {
    it(`takes the code of RFC 6238 at ${seconds} s`, async () => {
      const step = await totpStep(RFC_SECRET, code, seconds * 1000);
      expect(step).toBe(Math.floor(seconds / 30));
    });
  }

  const codeOf = (step: number) =>
    new TOTP({ secret: Secret.fromBase32(RFC_SECRET) })
      .generate({ timestamp: step * 30_000 });

  it("takes the code of the step before and after, and none further away", async () => {
    const steps = await Promise.all(
      [-2, -1, 0, 1, 2].map((by) =>
        totpStep(RFC_SECRET, codeOf(STEP + by), NOW)
      ),
    );
    expect(steps).toEqual([null, STEP - 1, STEP, STEP + 1, null]);
  });

  it("refuses what is no code", async () => {
    for (const code of ["", "12345", "1234567", "abcdef", "１２３４５６"]) {
      expect(await totpStep(RFC_SECRET, code, NOW)).toBe(null);
    }
  });
});

describe("newTotpSecret()", () => {
  it("makes 160 random bits, which the address for the app carries", async () => {
    const secret = await newTotpSecret();
    expect(Secret.fromBase32(secret).bytes.length).toBe(20);
    expect(await newTotpSecret()).not.toBe(secret);
    const uri = new URL(await totpUri(secret, "robin@example.com"));
    expect(uri.protocol).toBe("otpauth:");
    expect(uri.searchParams.get("secret")).toBe(secret);
    expect(uri.searchParams.get("issuer")).toBe("Tetherboard");
  });
});

describe("newRecoveryCodes()", () => {
  it("makes ten different ones of 80 bits", () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(
        /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/,
      );
    }
  });

  it("hashes a code the same however it is typed", () => {
    const hash = hashRecoveryCode("0a1b-2c3d-4e5f-6g7h");
    expect(hashRecoveryCode(" OAIB 2C3D4E5F 6g7h ")).toBe(hash);
    expect(hashRecoveryCode("0a1b-2c3d-4e5f-6g7j")).not.toBe(hash);
  });
});
