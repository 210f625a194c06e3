import { type Clock, ConflictError, isoNow } from "../domain/mod.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";
import type { SealedSecret } from "./tenant.ts";
import type { User } from "./user.ts";

/**
 * `["second_factors", userId]`: what a user's one-time codes are checked by. Whether it is on, the user's
 * `secondFactorAt` says too, in the same atomic operation.
 */
export interface SecondFactor {
  /** The shared secret in base32, sealed for this user. */
  totp: SealedSecret;
  /** The time step of the last code that was used: neither it nor an earlier one works again. */
  lastStep: number;
  /** SHA-256 of the recovery codes that are left. */
  recoveryHashes: string[];
  /** Null while it is being set up. */
  enabledAt: string | null;
  /** Who sets it up; null once it is on. */
  setup?: SecondFactorSetup | null;
}

/** The session that sets up a second factor, see {@linkcode sessionId}, and until when, ISO 8601 UTC. */
export interface SecondFactorSetup {
  session: string;
  until: string;
}

/** How often a change begins again because the row was changed meanwhile. */
const TRIES = 20;

/** The second factor, one being set up included, or null. */
export async function findSecondFactor(
  store: Store,
  userId: string,
): Promise<SecondFactor | null> {
  const key = keys.secondFactor(userId);
  return (await kvOf(store).get<SecondFactor>(key)).value;
}

/**
 * Keeps the secret of a second factor that is being set up by this session, in place of an earlier such one.
 *
 * @throws {ConflictError} when a second factor is on.
 */
export async function beginSecondFactor(
  store: Store,
  userId: string,
  totp: SealedSecret,
  setup: SecondFactorSetup,
): Promise<void> {
  const kv = kvOf(store);
  const key = keys.secondFactor(userId);
  const { value: before, versionstamp } = await kv.get<SecondFactor>(key);
  if (before?.enabledAt) throw isOn();
  const value: SecondFactor = {
    totp,
    lastStep: 0,
    recoveryHashes: [],
    enabledAt: null,
    setup,
  };
  const { ok } = await kv.commit({
    checks: [{ key, versionstamp }],
    sets: [{ key, value }],
  });
  if (!ok) throw changedMeanwhile();
}

/**
 * Turns on the second factor that was set up, which ends every session of the user.
 *
 * @param facts `totp`: the secret that a code was right for; `step`: the time step of that code.
 * @throws {ConflictError} when it is on already, or another secret was made meanwhile.
 */
export function enableSecondFactor(
  store: Store,
  userId: string,
  { totp, step, recoveryHashes }: {
    totp: SealedSecret;
    step: number;
    recoveryHashes: string[];
  },
  clock: Clock,
): Promise<User> {
  const kv = kvOf(store);
  const key = keys.secondFactor(userId);
  return updateRecord<User>(
    kv,
    keys.user(userId),
    `user '${userId}'`,
    async (current) => {
      const { value: row, versionstamp } = await kv.get<SecondFactor>(key);
      if (row?.enabledAt) throw isOn();
      if (!isSame(row, totp)) throw changedMeanwhile();
      const enabledAt = isoNow(clock);
      const value = {
        totp,
        lastStep: step,
        recoveryHashes,
        enabledAt,
        setup: null,
      };
      return {
        value: {
          ...current,
          secondFactorAt: enabledAt,
          sessionEpoch: current.sessionEpoch + 1,
        },
        checks: [{ key, versionstamp }],
        sets: [{ key, value }],
      };
    },
  );
}

/**
 * Removes the second factor, which ends every session of the user.
 *
 * @throws {NotFoundError} for an unknown user.
 */
export function disableSecondFactor(
  store: Store,
  userId: string,
): Promise<User> {
  return updateRecord<User>(
    kvOf(store),
    keys.user(userId),
    `user '${userId}'`,
    (current) => ({
      value: {
        ...current,
        secondFactorAt: null,
        sessionEpoch: current.sessionEpoch + 1,
      },
      deletes: [keys.secondFactor(userId)],
    }),
  );
}

/** Uses up a code's time step; false when it, or a later one, was used before. */
export function spendTotpStep(
  store: Store,
  userId: string,
  step: number,
): Promise<boolean> {
  return change(
    store,
    userId,
    (now) => step > now.lastStep ? { ...now, lastStep: step } : null,
  );
}

/** Uses up a recovery code; false when it is none, or was used before. */
export function spendRecoveryHash(
  store: Store,
  userId: string,
  hash: string,
): Promise<boolean> {
  return change(store, userId, (now) => {
    const recoveryHashes = now.recoveryHashes.filter((one) => one !== hash);
    const found = recoveryHashes.length < now.recoveryHashes.length;
    return found ? { ...now, recoveryHashes } : null;
  });
}

/** Puts new recovery codes in place of those that are left; false when no second factor is on. */
export function replaceRecoveryHashes(
  store: Store,
  userId: string,
  recoveryHashes: string[],
): Promise<boolean> {
  return change(store, userId, (now) => ({ ...now, recoveryHashes }));
}

/** Every user's secret, with the user that it is bound to. */
export async function* listTotpSecrets(
  store: Store,
): AsyncGenerator<{ ownerId: string; sealed: SealedSecret }> {
  const rows = kvOf(store).list<SecondFactor>({
    prefix: prefixes.secondFactors(),
  });
  for await (const { key, value } of rows) {
    yield { ownerId: String(key.at(-1)), sealed: value.totp };
  }
}

/** Puts the same secret, sealed anew, in place of the one that was read; false when another stands there. */
export function replaceTotpSecret(
  store: Store,
  userId: string,
  before: SealedSecret,
  after: SealedSecret,
): Promise<boolean> {
  return change(
    store,
    userId,
    (now) => isSame(now, before) ? { ...now, totp: after } : null,
    { evenBeforeOn: true },
  );
}

/** Writes what `by` makes of the row until nobody has come in between; false where it makes nothing. */
async function change(
  store: Store,
  userId: string,
  by: (current: SecondFactor) => SecondFactor | null,
  { evenBeforeOn = false }: { evenBeforeOn?: boolean } = {},
): Promise<boolean> {
  const kv = kvOf(store);
  const key = keys.secondFactor(userId);
  for (let tries = 0; tries < TRIES; tries++) {
    const { value: current, versionstamp } = await kv.get<SecondFactor>(key);
    if (!current || !(current.enabledAt || evenBeforeOn)) return false;
    const value = by(current);
    if (!value) return false;
    const { ok } = await kv.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value }],
    });
    if (ok) return true;
  }
  throw changedMeanwhile();
}

/** Each sealing has a random number of its own, which tells it from every other. */
function isSame(
  row: SecondFactor | null,
  { keyId, iv }: SealedSecret,
): boolean {
  return row !== null && row.totp.keyId === keyId &&
    row.totp.iv.toHex() === iv.toHex();
}

function isOn(): ConflictError {
  return new ConflictError("Cannot set up a second factor: one is on already");
}

function changedMeanwhile(): ConflictError {
  return new ConflictError(
    "Cannot change the second factor: it was changed meanwhile; try again",
  );
}
