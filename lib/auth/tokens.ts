import { sha256 } from "@noble/hashes/sha2.js";

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A secret of 256 random bits as 43 characters of base64url. */
export function newToken(
  random: (size: number) => Uint8Array = randomBytes,
): string {
  return random(TOKEN_BYTES)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * What the store keeps of a token: SHA-256 in hex. The token itself is never stored. Every request with a session needs
 * this, the first one too: a process that starts would wait for all of Node's cryptography.
 */
export function hashToken(token: string): string {
  return sha256(new TextEncoder().encode(token)).toHex();
}

/** Whether the text has a token's form, so that nothing else is looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

function randomBytes(size: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(size));
}
