import { UsageError } from "../domain/mod.ts";
import type { MembershipInput } from "./roles.ts";

/** `["users", id]`. Never leaves the server as it is: it holds the password's hash. */
export interface User {
  id: string;
  /** Small letters, see {@linkcode normalizeEmail}; unique. */
  email: string;
  name: string;
  /** Made by lib/auth; null: cannot sign in with a password. */
  passwordHash: string | null;
  status: "active" | "disabled";
  /**
   * A session is good only while it holds this number, so that one write ends them all,
   * those included that are being started at the same moment.
   */
  sessionEpoch: number;
  /** The hash of the one reset link that is good: a newer link and a new password end it. */
  resetLink?: string | null;
  /** Since when a password alone does not sign in, ISO 8601 UTC; see {@linkcode SecondFactor}. */
  secondFactorAt?: string | null;
  createdAt: string;
  updatedAt: string;
}

/** What a user is made of. */
export interface NewUser {
  id?: string;
  email: string;
  name: string;
  passwordHash: string | null;
  /** Given at once, in the same atomic operation. */
  membership?: MembershipInput;
}

/** What may be changed of a user. */
export type UserPatch = Partial<
  Pick<User, "email" | "name" | "passwordHash" | "status">
>;

const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
/** RFC 5321: a path has 256 octets, two of them brackets. */
const MAX_EMAIL_BYTES = 254;

/** The form in which addresses are compared: trimmed, NFC, small letters. */
export function normalizeEmail(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

/** Whether the text, once normalized, has the form of an e-mail address. */
export function isEmail(text: string): boolean {
  return EMAIL.test(text) && text.isWellFormed() &&
    new TextEncoder().encode(text).length <= MAX_EMAIL_BYTES;
}

/** @throws {UsageError} for a malformed address or a blank name. */
export function assertValidUser(
  { email, name }: Pick<User, "email" | "name">,
): void {
  if (!isEmail(email)) {
    throw new UsageError(
      `Cannot keep user '${email}': this is not an e-mail address`,
    );
  }
  if (name === "") {
    throw new UsageError(`Cannot keep user '${email}': the name is blank`);
  }
}
