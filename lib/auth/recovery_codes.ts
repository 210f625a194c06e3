import { createHash, randomBytes } from "node:crypto";

/** So many are made at once. */
export const RECOVERY_CODES = 10;
/** 80 bits: too many to guess, and few enough to type. */
const CODE_LENGTH = 16;
const GROUP = /.{4}(?=.)/g;
/** Crockford's alphabet of 32: no letter that looks like a digit. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** New codes, as people are shown them: `2k8d-…`. */
export function newRecoveryCodes(
  random: (size: number) => Uint8Array = randomBytes,
): string[] {
  return Array.from(
    { length: RECOVERY_CODES },
    () =>
      Array.from(random(CODE_LENGTH), (byte) => ALPHABET[byte % 32])
        .join("").replaceAll(GROUP, "$&-"),
  );
}

/** What the store keeps of a code, in whatever spelling it was typed: SHA-256 in hex. */
export function hashRecoveryCode(typed: string): string {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, "")
    .replaceAll("o", "0").replaceAll(/[il]/g, "1");
  return createHash("sha256").update(`recovery:${code}`).digest("hex");
}
