import type { Clock } from "../domain/mod.ts";
import { keys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

interface ChallengeFacts {
  /** ISO 8601 UTC; the row goes by itself some time after. */
  expiresAt: string;
}

/** The password was right, the second factor is missing. */
export interface SignInChallenge extends ChallengeFacts {
  purpose: "sign_in";
  userId: string;
  /** The user's `sessionEpoch` then: whatever ends sessions ends this too. */
  epoch: number;
  /** Where the sign-in leads to. */
  next: string | null;
}

/** A passkey is being added to an account. */
export interface PasskeyAddition extends ChallengeFacts {
  purpose: "passkey_add";
  userId: string;
  /** What the authenticator has to sign. */
  challenge: string;
}

/** Somebody signs in with a passkey; who it is, the passkey says. */
export interface PasskeySignIn extends ChallengeFacts {
  purpose: "passkey_sign_in";
  challenge: string;
  next: string | null;
}

/** `["challenges", sha256(token)]`: what a browser has begun; its cookie holds the token. */
export type Challenge = SignInChallenge | PasskeyAddition | PasskeySignIn;

/** Stores what was begun. */
export async function putChallenge(
  store: Store,
  tokenHash: string,
  challenge: Challenge,
  clock: Clock,
): Promise<void> {
  const expireIn = Math.max(1, Date.parse(challenge.expiresAt) - clock.now());
  await kvOf(store).commit({
    sets: [{ key: keys.challenge(tokenHash), value: challenge, expireIn }],
  });
}

/** What was begun for this purpose, or null; past its time it is none, though its row goes later. */
export async function getChallenge<Purpose extends Challenge["purpose"]>(
  store: Store,
  tokenHash: string,
  purpose: Purpose,
  clock: Clock,
): Promise<Extract<Challenge, { purpose: Purpose }> | null> {
  const { value } = await kvOf(store).get<Challenge>(keys.challenge(tokenHash));
  return isLive(value, purpose, clock) ? value : null;
}

/** The same, and it is used up by that: of many who take it at once one alone gets it. */
export async function takeChallenge<Purpose extends Challenge["purpose"]>(
  store: Store,
  tokenHash: string,
  purpose: Purpose,
  clock: Clock,
): Promise<Extract<Challenge, { purpose: Purpose }> | null> {
  const kv = kvOf(store);
  const key = keys.challenge(tokenHash);
  const { value, versionstamp } = await kv.get<Challenge>(key);
  if (!isLive(value, purpose, clock)) return null;
  const { ok } = await kv.commit({
    checks: [{ key, versionstamp }],
    deletes: [key],
  });
  return ok ? value : null;
}

function isLive<Purpose extends Challenge["purpose"]>(
  challenge: Challenge | null,
  purpose: Purpose,
  clock: Clock,
): challenge is Extract<Challenge, { purpose: Purpose }> {
  return challenge?.purpose === purpose &&
    clock.now() < Date.parse(challenge.expiresAt);
}
