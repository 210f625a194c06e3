import type { Clock } from "../domain/mod.ts";
import { keys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["throttle", "known_device", sha256(token)]`: a browser in which somebody has signed in before. */
export interface Device {
  userId: string;
  /** The user's `sessionEpoch` then: a new password forgets all browsers. */
  epoch: number;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** Stores or renews a device; its row goes by itself some time after `expiresAt`. */
export async function putDevice(
  store: Store,
  tokenHash: string,
  device: Device,
  clock: Clock,
): Promise<void> {
  const expireIn = Math.max(1, Date.parse(device.expiresAt) - clock.now());
  await kvOf(store).commit({
    sets: [{ key: keys.knownDevice(tokenHash), value: device, expireIn }],
  });
}

/** The device, or null. It may be past its time: the database removes it late. */
export async function getDevice(
  store: Store,
  tokenHash: string,
): Promise<Device | null> {
  const key = keys.knownDevice(tokenHash);
  return (await kvOf(store).get<Device>(key)).value;
}
