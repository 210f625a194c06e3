import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A secret of 256 random bits as 43 characters of base64url. */
export function newToken(
  random: (size: number) => Uint8Array = randomBytes,
): string {
  return Buffer.from(random(TOKEN_BYTES)).toString("base64url");
}

/** What the store keeps of a token: SHA-256 in hex. The token itself is never stored. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whether the text has a token's form, so that nothing else is looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
