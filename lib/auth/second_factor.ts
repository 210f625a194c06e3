import type { Clock } from "../domain/mod.ts";
import {
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  findSecondFactor,
  findUser,
  getChallenge,
  putChallenge,
  replaceRecoveryHashes,
  type SecondFactor,
  sessionId,
  spendRecoveryHash,
  spendTotpStep,
  type Store,
  takeChallenge,
  type ThrottleLimit,
  type User,
} from "../store/mod.ts";
import { isPasswordOf, type PasswordCheckOptions } from "./password_check.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery_codes.ts";
import type { Secrets } from "./secrets.ts";
import { renewSession, type SignedIn } from "./sessions.ts";
import {
  admit,
  checkCredentials,
  type Credentials,
  type SignInOptions,
  type SignInResult,
} from "./sign_in.ts";
import { countAttempt, MAX_WAIT_MS } from "./throttle.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";
import { newTotpSecret, TOTP_FIELD, totpStep, totpUri } from "./totp.ts";

/** What was begun has to be finished within so many milliseconds. */
export const CHALLENGE_MS = 5 * 60_000;
/** And a second factor set up within so many: somebody may have to install the app first. */
export const SET_UP_MS = 30 * 60_000;

/** Codes tried for one user. Whoever gets here knew the password, or is signed in. */
export const CODE_LIMIT: ThrottleLimit = {
  attempts: 5,
  windowMs: 60 * 60_000,
  firstWaitMs: 30_000,
  maxWaitMs: MAX_WAIT_MS,
};

/** What right credentials lead to: a session, or the second step, whose token is for a cookie. */
export type SignInBegun =
  | { done: true; result: SignInResult }
  | { done: false; user: User; stepToken: string };

/** What a code at the second step leads to; `over`: the sign-in has to begin anew. */
export type SignInFinished =
  | { outcome: "over" }
  | { outcome: "wrong"; user: User }
  | {
    outcome: "done";
    result: SignInResult;
    by: CodeKind;
    next: string | null;
  };

export type CodeKind = "totp" | "recovery_code";

/**
 * Checks the credentials. Who has no second factor gets a session; who has one gets nothing yet but
 * the token of the second step.
 *
 * @param options `next`: where the sign-in leads to.
 * @returns null when {@linkcode checkCredentials} does.
 * @throws {ThrottledError} after too many attempts, or when too many sign in at once.
 */
export async function beginSignIn(
  store: Store,
  credentials: Credentials,
  { next = null, ...options }: SignInOptions & { next?: string | null },
): Promise<SignInBegun | null> {
  const user = await checkCredentials(store, credentials, options);
  if (!user) return null;
  if (!user.secondFactorAt) {
    return { done: true, result: await admit(store, user, options) };
  }
  const stepToken = newToken();
  await putChallenge(store, hashToken(stepToken), {
    purpose: "sign_in",
    userId: user.id,
    epoch: user.sessionEpoch,
    next,
    expiresAt: challengeEnd(options.clock),
  }, options.clock);
  return { done: false, user, stepToken };
}

/** Who is at the second step with this token, and may still be; else null. */
export async function readSignInStep(
  store: Store,
  stepToken: string,
  clock: Clock,
): Promise<{ user: User; next: string | null } | null> {
  if (!isToken(stepToken)) return null;
  const hash = hashToken(stepToken);
  const step = await getChallenge(store, hash, "sign_in", clock);
  const user = step && await findUser(store, step.userId);
  if (!user || user.status !== "active") return null;
  return user.sessionEpoch === step.epoch ? { user, next: step.next } : null;
}

/**
 * Checks a code of the authenticator app, or a recovery code, and starts the session.
 *
 * @throws {ThrottledError} after too many wrong ones.
 */
export async function finishSignIn(
  store: Store,
  secrets: Secrets,
  { stepToken, code }: { stepToken: string; code: string },
  options: Pick<SignInOptions, "clock" | "visitor">,
): Promise<SignInFinished> {
  const { clock } = options;
  const step = await readSignInStep(store, stepToken, clock);
  if (!step) return { outcome: "over" };
  const { user, next } = step;
  const by = await spendCode(store, secrets, user, code, clock);
  if (!by) return { outcome: "wrong", user };
  const hash = hashToken(stepToken);
  const taken = await takeChallenge(store, hash, "sign_in", clock);
  if (!taken) return { outcome: "over" };
  const result = await admit(store, user, options);
  return { outcome: "done", result, by, next };
}

/** What the account page says of the second factor. */
export interface SecondFactorStatus {
  /** ISO 8601 UTC; null: it is off. */
  enabledAt: string | null;
  recoveryCodesLeft: number;
  /** What is being set up: the secret in base32, and what the QR code says. */
  setup: { secret: string; uri: string } | null;
}

/** How it stands with the user's second factor; what is being set up is shown to the session alone that does so. */
export async function readSecondFactor(
  store: Store,
  secrets: Secrets,
  signedIn: Pick<SignedIn, "user" | "tokenHash">,
  clock: Clock,
): Promise<SecondFactorStatus> {
  const { id, email } = signedIn.user;
  const row = await findSecondFactor(store, id);
  const off = { enabledAt: null, recoveryCodesLeft: 0 };
  if (!row) return { ...off, setup: null };
  if (row.enabledAt) {
    const { enabledAt, recoveryHashes } = row;
    return { enabledAt, recoveryCodesLeft: recoveryHashes.length, setup: null };
  }
  if (!isSetUpBy(row, signedIn, clock)) return { ...off, setup: null };
  const secret = await secrets.open(id, TOTP_FIELD, row.totp);
  return { ...off, setup: { secret, uri: await totpUri(secret, email) } };
}

/**
 * Makes the secret of a second factor, for somebody who knows the password. It is not on before a code of it
 * was right, in the same session and within {@linkcode SET_UP_MS}: whoever finds a browser signed in can
 * neither lock its owner out nor plant a secret that they know.
 *
 * @returns Whether the password was right.
 * @throws {ThrottledError} after too many wrong ones.
 * @throws {ConflictError} when one is on.
 */
export async function setUpSecondFactor(
  store: Store,
  secrets: Secrets,
  { user, tokenHash }: Pick<SignedIn, "user" | "tokenHash">,
  password: string,
  options: PasswordCheckOptions,
): Promise<boolean> {
  if (!await isPasswordOf(store, user, password, options)) return false;
  const sealed = await secrets.seal(user.id, TOTP_FIELD, await newTotpSecret());
  await beginSecondFactor(store, user.id, sealed, {
    session: sessionId(tokenHash),
    until: new Date(options.clock.now() + SET_UP_MS).toISOString(),
  });
  return true;
}

function isSetUpBy(
  { setup }: SecondFactor,
  { tokenHash }: Pick<SignedIn, "tokenHash">,
  clock: Clock,
): boolean {
  return setup?.session === sessionId(tokenHash) &&
    clock.now() < Date.parse(setup.until);
}

/** A session that goes on with a new token after a change which ended all; null: it ended meanwhile. */
export interface Renewed {
  token: string | null;
  signedIn: SignedIn;
}

/**
 * Turns on what was set up, with a code that proves that the app has it. Every other session ends:
 * none of them has shown a second factor.
 *
 * @returns The recovery codes, which are never shown again; null when the code is wrong or this session has
 *     set nothing up.
 * @throws {ThrottledError} after too many wrong ones.
 * @throws {ConflictError} when it is on already, or was set up anew meanwhile.
 */
export async function confirmSecondFactor(
  store: Store,
  secrets: Secrets,
  signedIn: SignedIn,
  code: string,
  clock: Clock,
): Promise<Renewed & { codes: string[] } | null> {
  const { id } = signedIn.user;
  const attempt = await countCode(store, id, clock);
  const row = await findSecondFactor(store, id);
  if (!row || !isSetUpBy(row, signedIn, clock)) return null;
  const secret = await secrets.open(id, TOTP_FIELD, row.totp);
  const step = await totpStep(secret, plain(code), clock.now());
  if (step === null) return null;
  await attempt.succeeded();
  const codes = newRecoveryCodes();
  const changed = await enableSecondFactor(store, id, {
    totp: row.totp,
    step,
    recoveryHashes: codes.map(hashRecoveryCode),
  }, clock);
  const renewed = await renewSession(store, signedIn, changed, clock);
  return { ...renewed, codes };
}

/**
 * Turns the second factor off, for somebody who knows the password. Every other session ends.
 *
 * @returns null when the password is wrong.
 * @throws {ThrottledError} after too many wrong ones.
 */
export async function turnOffSecondFactor(
  store: Store,
  signedIn: SignedIn,
  password: string,
  options: PasswordCheckOptions,
): Promise<Renewed | null> {
  const { user } = signedIn;
  if (!await isPasswordOf(store, user, password, options)) return null;
  const changed = await disableSecondFactor(store, user.id);
  return await renewSession(store, signedIn, changed, options.clock);
}

/**
 * Makes the recovery codes anew, for somebody who knows the password; the earlier ones work no more.
 *
 * @returns null when the password is wrong, or no second factor is on.
 * @throws {ThrottledError} after too many wrong ones.
 */
export async function renewRecoveryCodes(
  store: Store,
  { user }: SignedIn,
  password: string,
  options: PasswordCheckOptions,
): Promise<string[] | null> {
  if (!await isPasswordOf(store, user, password, options)) return null;
  const codes = newRecoveryCodes();
  const hashes = codes.map(hashRecoveryCode);
  return await replaceRecoveryHashes(store, user.id, hashes) ? codes : null;
}

/** When what begins now ends, ISO 8601 UTC. */
export function challengeEnd(clock: Clock): string {
  return new Date(clock.now() + CHALLENGE_MS).toISOString();
}

/** Uses up a code of either kind; null when it is wrong or was used before. */
async function spendCode(
  store: Store,
  secrets: Secrets,
  { id }: User,
  code: string,
  clock: Clock,
): Promise<CodeKind | null> {
  const attempt = await countCode(store, id, clock);
  const row = await findSecondFactor(store, id);
  if (!row) return null;
  const secret = await secrets.open(id, TOTP_FIELD, row.totp);
  const step = await totpStep(secret, plain(code), clock.now());
  const right = step === null
    ? await spendRecoveryHash(store, id, hashRecoveryCode(code))
    : await spendTotpStep(store, id, step);
  if (!right) return null;
  await attempt.succeeded();
  return step === null ? "recovery_code" : "totp";
}

function countCode(store: Store, userId: string, clock: Clock) {
  return countAttempt(store, [{
    kind: "second_factor",
    subject: userId,
    limit: CODE_LIMIT,
    onSuccess: "clear",
  }], clock);
}

/** Apps show codes with a space in the middle. */
function plain(code: string): string {
  return code.replaceAll(/\s/g, "");
}
