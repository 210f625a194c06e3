import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { TerminalError, UsageError } from "../domain/mod.ts";
import type { SealedSecret } from "../store/mod.ts";

/** Encrypts what a tenant entrusts to the portal. */
export interface Secrets {
  /** Names the key in use; it is stored beside what the key sealed. */
  readonly keyId: string;
  /** Encrypts a text for one field of one tenant: it opens nowhere else. */
  seal(tenantId: string, field: string, text: string): Promise<SealedSecret>;
  /**
   * @throws {TerminalError} when it was sealed for another tenant or field, with another key, or was changed.
   */
  open(tenantId: string, field: string, sealed: SealedSecret): Promise<string>;
}

const KEY_BYTES = 32;
/** NIST SP 800-38D recommends 96 bits; a fresh random one per sealing. */
const IV_BYTES = 12;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * AES-256-GCM with the tenant and the field as additional data.
 *
 * @param base64 `PORTAL_SECRET`: 32 random bytes.
 * @throws {UsageError} when it is missing or malformed; its text is never repeated.
 */
export function createSecrets(base64: string | undefined): Secrets {
  const bytes = decodeKey(base64);
  const keyId = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);

  return {
    keyId,
    async seal(tenantId, field, text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const data = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: boundTo(tenantId, field) },
        await key,
        new TextEncoder().encode(text),
      );
      return { keyId, iv, data: new Uint8Array(data) };
    },
    async open(tenantId, field, sealed) {
      const refuse = (why: string, cause?: unknown) =>
        new TerminalError(
          `Cannot read '${field}' of tenant '${tenantId}': ${why}`,
          { cause },
        );
      if (sealed.keyId !== keyId) {
        throw refuse(
          `it was sealed with key ${sealed.keyId}, PORTAL_SECRET is key ${keyId}`,
        );
      }
      try {
        const text = await crypto.subtle.decrypt(
          {
            name: "AES-GCM",
            iv: new Uint8Array(sealed.iv),
            additionalData: boundTo(tenantId, field),
          },
          await key,
          new Uint8Array(sealed.data),
        );
        return new TextDecoder().decode(text);
      } catch (cause) {
        throw refuse("it was sealed for something else or was changed", cause);
      }
    },
  };
}

/** JSON keeps ("a", "b:c") and ("a:b", "c") apart. */
function boundTo(tenantId: string, field: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([tenantId, field]));
}

function decodeKey(base64: string | undefined): Uint8Array<ArrayBuffer> {
  const hint = "make one with: openssl rand -base64 32";
  const text = base64?.trim();
  if (!text) {
    throw new UsageError(
      `Cannot start without PORTAL_SECRET: set it to 32 random bytes in base64; ${hint}`,
    );
  }
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (!BASE64.test(text) || bytes.length !== KEY_BYTES) {
    throw new UsageError(
      `Cannot use PORTAL_SECRET: it must be 32 random bytes in base64; ${hint}`,
    );
  }
  return bytes;
}
