import type { TOTP } from "otpauth";

/** What the secret is sealed for, beside its user. */
export const TOTP_FIELD = "totp";
/** RFC 4226, section 4: 160 bits are recommended. */
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** A code of the step before or after is taken too: clocks differ, and typing takes time (RFC 6238, 5.2). */
const WINDOW = 1;
const CODE = /^\d{6}$/;

/** Loaded when somebody has a second factor: a start does without. */
const otpauth = () => import("otpauth");

/** A new shared secret, base32. */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await otpauth();
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads from the QR code. */
export async function totpUri(secret: string, email: string): Promise<string> {
  return (await totpOf(secret, email)).toString();
}

/**
 * The time step that the code is right for, or null. Whether that step was used before is for the store
 * to say.
 *
 * @param now Epoch milliseconds.
 */
export async function totpStep(
  secret: string,
  code: string,
  now: number,
): Promise<number | null> {
  if (!CODE.test(code)) return null;
  const totp = await totpOf(secret);
  const delta = totp.validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp: now }) + delta;
}

/** RFC 6238 with what every authenticator app takes: SHA-1, six digits, thirty seconds. */
async function totpOf(secret: string, label = ""): Promise<TOTP> {
  const { Secret, TOTP } = await otpauth();
  return new TOTP({
    issuer: "Tetherboard",
    label,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}
