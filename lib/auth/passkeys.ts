import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { Buffer } from "node:buffer";
import * as z from "zod";
import { type Clock, isoNow, UsageError } from "../domain/mod.ts";
import {
  createPasskey,
  deletePasskey,
  findPasskey,
  findUser,
  listPasskeys,
  notePasskeyUse,
  type Passkey,
  putChallenge,
  type Store,
  takeChallenge,
  type ThrottleLimit,
  type User,
} from "../store/mod.ts";
import { isPasswordOf, type PasswordCheckOptions } from "./password_check.ts";
import { challengeEnd } from "./second_factor.ts";
import { admit, type SignInOptions, type SignInResult } from "./sign_in.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

/** The portal as authenticators know it. */
export interface PasskeyParty {
  /** The host's name. */
  id: string;
  /** The address that browsers see: `https://portal.example.com`. */
  origin: string;
}

/** What a browser's authenticator is asked; `stepToken` is for a cookie. */
export interface PasskeyStep<Options> {
  stepToken: string;
  options: Options;
}

const HOUR = 60 * 60_000;
/** Sign-ins with a passkey that may begin from one network address: each is a row in the database. */
export const PASSKEY_LIMIT: ThrottleLimit = {
  attempts: 120,
  windowMs: HOUR,
  firstWaitMs: 30_000,
  maxWaitMs: 15 * 60_000,
};

/** More than anybody has. */
export const MAX_PASSKEYS = 20;
const MAX_NAME_LENGTH = 60;

/** WebAuthn allows 1,023 bytes. */
const credentialId = z.string().regex(/^[A-Za-z0-9_-]{1,1364}$/);
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);

const registration = z.object({
  id: credentialId,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
});

const assertion = z.object({
  id: credentialId,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

/** Loaded when first needed: few requests are about passkeys, and it reads certificates of many kinds. */
const webauthn = () => import("@simplewebauthn/server");

/** The name that a passkey gets of what was typed; never blank. */
export function passkeyName(typed: string): string {
  const text = typed.toWellFormed().replaceAll(/\p{Cc}/gu, " ").trim();
  return [...text].slice(0, MAX_NAME_LENGTH).join("") || "Passkey";
}

/**
 * Takes a passkey from an account, for somebody who knows the password.
 *
 * @returns The passkey's name; null when the password is wrong.
 * @throws {NotFoundError} when the account has no such passkey.
 * @throws {ThrottledError} after too many wrong passwords.
 */
export async function removePasskey(
  store: Store,
  user: User,
  { id, password }: { id: string; password: string },
  options: PasswordCheckOptions,
): Promise<string | null> {
  if (!await isPasswordOf(store, user, password, options)) return null;
  return (await deletePasskey(store, user.id, id)).name;
}

/**
 * Begins to add a passkey to an account.
 *
 * @throws {UsageError} when the account has {@linkcode MAX_PASSKEYS}.
 */
export async function beginPasskey(
  store: Store,
  user: User,
  party: PasskeyParty,
  clock: Clock,
): Promise<PasskeyStep<PublicKeyCredentialCreationOptionsJSON>> {
  const present = await listPasskeys(store, user.id);
  if (present.length >= MAX_PASSKEYS) {
    throw new UsageError("There are too many passkeys: remove one first");
  }
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: "Tetherboard",
    rpID: party.id,
    userName: user.email,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    attestationType: "none",
    excludeCredentials: present.map(({ id, transports }) => ({
      id,
      transports,
    })),
    authenticatorSelection: {
      residentKey: "required",
      userVerification: "required",
    },
  });
  const stepToken = newToken();
  await putChallenge(store, hashToken(stepToken), {
    purpose: "passkey_add",
    userId: user.id,
    challenge: options.challenge,
    expiresAt: challengeEnd(clock),
  }, clock);
  return { stepToken, options };
}

/**
 * Adds the passkey that an authenticator made.
 *
 * @param answer `response`: JSON of the browser; `name`: see {@linkcode passkeyName}.
 * @returns null when it was not asked for, by this browser and just now, or is not right.
 * @throws {ConflictError} when somebody has it already.
 */
export async function finishPasskey(
  store: Store,
  user: User,
  { stepToken, response, name }: {
    stepToken: string;
    response: string;
    name: string;
  },
  party: PasskeyParty,
  clock: Clock,
): Promise<Passkey | null> {
  if (!isToken(stepToken)) return null;
  const hash = hashToken(stepToken);
  const step = await takeChallenge(store, hash, "passkey_add", clock);
  const parsed = parseJson(registration, response);
  if (step?.userId !== user.id || !parsed) return null;
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await orNull(() =>
    verifyRegistrationResponse({
      response: toRegistration(parsed),
      expectedChallenge: step.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    })
  );
  if (!verified?.verified) return null;
  const { credential } = verified.registrationInfo;
  const passkey: Passkey = {
    id: credential.id,
    userId: user.id,
    name: passkeyName(name),
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: parsed.response.transports,
    createdAt: isoNow(clock),
    lastUsedAt: null,
  };
  await createPasskey(store, passkey);
  return passkey;
}

/** Begins a sign-in with a passkey; who it is, the authenticator will say. */
export async function beginPasskeySignIn(
  store: Store,
  party: PasskeyParty,
  { next, clock }: { next: string | null; clock: Clock },
): Promise<PasskeyStep<PublicKeyCredentialRequestOptionsJSON>> {
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: "required",
  });
  const stepToken = newToken();
  await putChallenge(store, hashToken(stepToken), {
    purpose: "passkey_sign_in",
    challenge: options.challenge,
    next,
    expiresAt: challengeEnd(clock),
  }, clock);
  return { stepToken, options };
}

/**
 * Signs in whoever the passkey belongs to: it stands for a password and a second factor, since the
 * authenticator has verified who uses it.
 *
 * @param answer `response`: JSON of the browser.
 * @returns null when it was not asked for by this browser and just now, is not known or not right, its
 *     counter did not grow, or the account is disabled.
 */
export async function finishPasskeySignIn(
  store: Store,
  { stepToken, response }: { stepToken: string; response: string },
  party: PasskeyParty,
  options: Pick<SignInOptions, "clock" | "visitor">,
): Promise<{ result: SignInResult; next: string | null } | null> {
  if (!isToken(stepToken)) return null;
  const { clock } = options;
  const hash = hashToken(stepToken);
  const step = await takeChallenge(store, hash, "passkey_sign_in", clock);
  const parsed = parseJson(assertion, response);
  const passkey = step && parsed && await findPasskey(store, parsed.id);
  const user = passkey && await findUser(store, passkey.userId);
  if (!user || user.status !== "active") return null;
  const { userHandle } = parsed.response;
  if (userHandle && userHandle !== handleOf(user)) return null;
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await orNull(() =>
    verifyAuthenticationResponse({
      response: toAssertion(parsed),
      expectedChallenge: step.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: passkey.publicKey,
        counter: passkey.counter,
      },
    })
  );
  if (!verified?.verified) return null;
  const use = {
    counter: verified.authenticationInfo.newCounter,
    at: isoNow(clock),
  };
  if (!await notePasskeyUse(store, passkey.id, use)) return null;
  const result = await admit(store, user, options);
  return { result, next: step.next };
}

function handleOf({ id }: User): string {
  return Buffer.from(id).toString("base64url");
}

function parseJson<T>(schema: z.ZodType<T>, text: string): T | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  return schema.safeParse(json).data ?? null;
}

/** The library throws whatever is not right: another origin, another challenge, a signature. */
async function orNull<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}

function toRegistration(
  { id, response: { clientDataJSON, attestationObject } }: z.infer<
    typeof registration
  >,
): RegistrationResponseJSON {
  return {
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: {},
    response: { clientDataJSON, attestationObject },
  };
}

function toAssertion(
  { id, response: { clientDataJSON, authenticatorData, signature } }: z.infer<
    typeof assertion
  >,
): AuthenticationResponseJSON {
  return {
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: {},
    response: { clientDataJSON, authenticatorData, signature },
  };
}
