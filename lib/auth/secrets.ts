import { sha256 } from "@noble/hashes/sha2.js";
import { TerminalError, UsageError } from "../domain/mod.ts";
import type { SealedSecret } from "../store/mod.ts";

/** Encrypts what is entrusted to the portal. */
export interface Secrets {
  /** Names the key that seals; it is stored beside what the key sealed. */
  readonly keyId: string;
  /** Every key that opens, the one that seals first. */
  readonly keyIds: readonly string[];
  /** Encrypts a text for one field of one tenant, or of one user: it opens nowhere else. */
  seal(ownerId: string, field: string, text: string): Promise<SealedSecret>;
  /**
   * @throws {TerminalError} when it was sealed for another owner or field, with a key that is not at hand, or was changed.
   */
  open(ownerId: string, field: string, sealed: SealedSecret): Promise<string>;
}

/** Digits of 32 bytes in base64. */
const KEY_DIGITS = 43;
/** NIST SP 800-38D recommends 96 bits; a fresh random one per sealing. */
const IV_BYTES = 12;
const BASE64 = /^[A-Za-z0-9+/_-]{43}={0,2}$/;

/** A key that is at hand. */
interface Key {
  id: string;
  key: Promise<CryptoKey>;
}

/**
 * AES-256-GCM with the owner and the field as additional data. Every key opens, the newest seals, so that what an
 * earlier key sealed stays readable until `rotateSecrets()` has sealed it anew.
 *
 * @param base64 `PORTAL_SECRET`: 32 random bytes.
 * @param older `PORTAL_SECRET_OLD`: keys of the same form that came before.
 * @throws {UsageError} when one is missing or malformed; its text is never repeated.
 */
export function createSecrets(
  base64: string | undefined,
  older: readonly string[] = [],
): Secrets {
  const newest = importKey(base64, "PORTAL_SECRET");
  const keys = new Map([newest].map((key) => [key.id, key]));
  for (const text of older) {
    const key = importKey(text, "PORTAL_SECRET_OLD");
    if (!keys.has(key.id)) keys.set(key.id, key);
  }

  return {
    keyId: newest.id,
    keyIds: [...keys.keys()],
    async seal(ownerId, field, text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const data = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: boundTo(ownerId, field) },
        await newest.key,
        new TextEncoder().encode(text),
      );
      return { keyId: newest.id, iv, data: new Uint8Array(data) };
    },
    async open(ownerId, field, { keyId, iv, data }) {
      const refuse = (why: string, cause?: unknown) =>
        new TerminalError(
          `Cannot read '${field}' of tenant '${ownerId}': ${why}`,
          { cause },
        );
      const found = keys.get(keyId);
      if (!found) {
        throw refuse(
          `it was sealed with key ${keyId}, PORTAL_SECRET is key ${newest.id}; ` +
            "put the key that sealed it into PORTAL_SECRET_OLD",
        );
      }
      try {
        const text = await crypto.subtle.decrypt(
          {
            name: "AES-GCM",
            iv: new Uint8Array(iv),
            additionalData: boundTo(ownerId, field),
          },
          await found.key,
          new Uint8Array(data),
        );
        return new TextDecoder().decode(text);
      } catch (cause) {
        throw refuse("it was sealed for something else or was changed", cause);
      }
    },
  };
}

function importKey(base64: string | undefined, variable: string): Key {
  const bytes = decodeKey(base64, variable);
  const id = sha256(bytes).toHex().slice(0, 8);
  const key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return { id, key };
}

/** JSON keeps ("a", "b:c") and ("a:b", "c") apart. */
function boundTo(ownerId: string, field: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([ownerId, field]));
}

function decodeKey(
  base64: string | undefined,
  variable: string,
): Uint8Array<ArrayBuffer> {
  const hint = "make one with: openssl rand -base64 32";
  const text = base64?.trim();
  if (!text) {
    throw new UsageError(
      `Cannot start without ${variable}: set it to 32 random bytes in base64; ${hint}`,
    );
  }
  if (!BASE64.test(text)) {
    throw new UsageError(
      `Cannot use ${variable}: it must be 32 random bytes in base64; ${hint}`,
    );
  }
  const digits = text.slice(0, KEY_DIGITS).replaceAll("-", "+")
    .replaceAll("_", "/");
  return Uint8Array.fromBase64(digits);
}
