import type { Clock } from "../domain/mod.ts";
import {
  type Device,
  getDevice,
  putDevice,
  type Store,
  type User,
} from "../store/mod.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

/** A browser is forgotten when nobody has signed in with it for this many milliseconds: half a year. */
export const DEVICE_MS = 180 * 24 * 60 * 60_000;

/** A browser that shows a device's token. */
export interface PresentedDevice extends Device {
  tokenHash: string;
}

/** The device behind a token; null for one that nobody has, and for one past its time. */
export async function readDevice(
  store: Store,
  token: string | null,
  clock: Clock,
): Promise<PresentedDevice | null> {
  if (!token || !isToken(token)) return null;
  const tokenHash = hashToken(token);
  const device = await getDevice(store, tokenHash);
  if (!device || clock.now() >= Date.parse(device.expiresAt)) return null;
  return { tokenHash, ...device };
}

/** Whether the user has signed in there, with the password of today. */
export function isDeviceOf(
  device: PresentedDevice | null,
  user: User | null,
): device is PresentedDevice {
  return device !== null && user !== null && device.userId === user.id &&
    device.epoch === user.sessionEpoch;
}

/**
 * Remembers that the user has signed in with this browser. A token that was this user's stays; in
 * every other case there is a new one, so that a planted token is worth nothing.
 *
 * @returns The token for the cookie: the store keeps its hash alone.
 */
export async function rememberDevice(
  store: Store,
  user: User,
  present: string | null,
  clock: Clock,
): Promise<string> {
  const known = isDeviceOf(await readDevice(store, present, clock), user);
  const token = known && present !== null ? present : newToken();
  await putDevice(store, hashToken(token), {
    userId: user.id,
    epoch: user.sessionEpoch,
    expiresAt: new Date(clock.now() + DEVICE_MS).toISOString(),
  }, clock);
  return token;
}
