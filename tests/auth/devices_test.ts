import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  DEVICE_MS,
  hashToken,
  isDeviceOf,
  readDevice,
  rememberDevice,
} from "../../lib/auth/mod.ts";
import {
  createUser,
  endSessionsOfUser,
  getDevice,
  openStore,
  type Store,
  type User,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

describe("known devices", () => {
  let store: Store;
  let clock: TestClock;
  let ada: User;
  let bob: User;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    const add = (email: string) =>
      createUser(store, { email, name: "Example", passwordHash: null }, clock);
    ada = await add("ada@example.com");
    bob = await add("bob@example.com");
  });

  afterEach(() => store.close());

  it("a browser is known to the user who has signed in with it, and to nobody else", async () => {
    const token = await rememberDevice(store, ada, null, clock);
    const device = await readDevice(store, token, clock);
    expect(isDeviceOf(device, ada)).toBe(true);
    expect(isDeviceOf(device, bob)).toBe(false);
    expect(isDeviceOf(device, null)).toBe(false);
    expect(isDeviceOf(null, ada)).toBe(false);
  });

  it("the store keeps the hash of its token alone", async () => {
    const token = await rememberDevice(store, ada, null, clock);
    expect(await getDevice(store, token)).toBe(null);
    expect(await getDevice(store, hashToken(token))).toMatchObject({
      userId: ada.id,
    });
  });

  it("the user's next sign-in renews it, and keeps its token", async () => {
    const token = await rememberDevice(store, ada, null, clock);
    clock.advance(DEVICE_MS - 1);
    expect(await rememberDevice(store, ada, token, clock)).toBe(token);
    clock.advance(DEVICE_MS - 1);
    expect(await readDevice(store, token, clock)).not.toBe(null);
  });

  it("it is forgotten after half a year, though its row is still there", async () => {
    const token = await rememberDevice(store, ada, null, clock);
    clock.advance(DEVICE_MS);
    expect(await readDevice(store, token, clock)).toBe(null);
    expect(await getDevice(store, hashToken(token))).not.toBe(null);
    expect(await rememberDevice(store, ada, token, clock)).not.toBe(token);
  });

  it("whatever ends all sessions of the user makes it unknown", async () => {
    const token = await rememberDevice(store, ada, null, clock);
    const changed = await endSessionsOfUser(store, ada.id);
    const device = await readDevice(store, token, clock);
    expect(isDeviceOf(device, changed)).toBe(false);
    expect(await rememberDevice(store, changed, token, clock)).not.toBe(token);
  });

  it("a token that somebody planted is never taken over", async () => {
    const planted = await rememberDevice(store, bob, null, clock);
    for (const token of [planted, "A".repeat(43), "x", ""]) {
      expect(await rememberDevice(store, ada, token, clock)).not.toBe(token);
    }
    const device = await readDevice(store, planted, clock);
    expect(isDeviceOf(device, bob)).toBe(true);
  });
});
