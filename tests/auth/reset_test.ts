import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  changePassword,
  countForgot,
  createPasswords,
  FORGOT_LIMITS,
  forgotPassword,
  makeResetLink,
  type Passwords,
  readReset,
  readSession,
  RESET_MS,
  resetPassword,
  SIGN_IN_LIMITS,
  signIn,
  startSession,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import { NotFoundError, UsageError } from "../../lib/domain/mod.ts";
import {
  createUser,
  getUser,
  listSessionsOfUser,
  openStore,
  type Store,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { MINUTE, TestClock } from "../_clock.ts";

const PASSWORD = "correct horse battery";
const NEXT = "another horse, no battery";

describe("a reset of the password", () => {
  let kv: Deno.Kv;
  let store: Store;
  let clock: TestClock;
  let passwords: Passwords;
  let user: User;

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv, clock });
    passwords = createPasswords({ cost: { N: 16, r: 8, p: 1 } });
    user = await createUser(store, {
      email: "robin@example.com",
      name: "Robin Example",
      passwordHash: await passwords.hash(PASSWORD),
    }, clock);
  });

  afterEach(() => store.close());

  const make = () => makeResetLink(store, user.id, null, clock);
  const reset = (token: string, password = NEXT) =>
    resetPassword(store, token, password, { clock, passwords });
  const signInWith = (password: string) =>
    signIn(store, { email: user.email, password }, { clock, passwords });
  const links = async () => {
    let count = 0;
    for await (const _ of kv.list({ prefix: ["links"] })) count++;
    return count;
  };

  it("sets the password and ends every session", async () => {
    const session = await startSession(store, user, clock);
    const token = await make();
    expect(await readReset(store, token, clock)).toMatchObject({ id: user.id });
    expect(await reset(token)).toMatchObject({ reset: true });
    expect(await readSession(store, session, clock)).toBe(null);
    expect(await listSessionsOfUser(store, user.id)).toEqual([]);
    expect(await signInWith(PASSWORD)).toBe(null);
    expect(await signInWith(NEXT)).not.toBe(null);
    expect(await links()).toBe(0);
  });

  it("works once, however many try at the same moment", async () => {
    const token = await make();
    const all = Array.from({ length: 10 }, (_, n) => `${NEXT} ${n}`);
    const results = await Promise.all(all.map((next) => reset(token, next)));
    const won = results.flatMap((result, n) => result?.reset ? [all[n]!] : []);
    expect(won).toHaveLength(1);
    expect(await signInWith(won[0]!)).not.toBe(null);
    expect((await getUser(store, user.id)).sessionEpoch)
      .toBe(user.sessionEpoch + 1);
    expect(await reset(token)).toBe(null);
  });

  it("is good for an hour by the value, not by the row", async () => {
    const token = await make();
    clock.advance(RESET_MS - 1);
    expect(await readReset(store, token, clock)).not.toBe(null);
    clock.advance(1);
    expect(await readReset(store, token, clock)).toBe(null);
    expect(await reset(token)).toBe(null);
  });

  it("by a newer link ends the earlier ones, made at the same moment too", async () => {
    const first = await make();
    const second = await make();
    expect(await reset(first)).toBe(null);
    expect(await readReset(store, second, clock)).not.toBe(null);
    const some = await Promise.all([make(), make(), make()]);
    const good = await Promise.all(
      some.map((token) => readReset(store, token, clock)),
    );
    expect(good.filter(Boolean)).toHaveLength(1);
    expect(await links()).toBe(1);
  });

  it("is over after a new password, a new address and a disabled account", async () => {
    const changes = [
      async () => {
        const token = await startSession(store, user, clock);
        const signedIn = (await readSession(store, token, clock))!;
        const change = { current: PASSWORD, next: NEXT };
        await changePassword(store, signedIn, change, { clock, passwords });
      },
      () => updateUser(store, user.id, { email: "sam@example.com" }, clock),
      () => updateUser(store, user.id, { status: "disabled" }, clock),
    ];
    for (const change of changes) {
      const token = await make();
      await change();
      expect(await readReset(store, token, clock)).toBe(null);
      expect(await reset(token)).toBe(null);
    }
    await expect(make()).rejects.toThrow(UsageError);
    await updateUser(store, user.id, { status: "active" }, clock);
    expect(await reset(await make())).toMatchObject({ reset: true });
  });

  it("refuses a bad password and stays good", async () => {
    const token = await make();
    expect(await reset(token, "short")).toMatchObject({
      reset: false,
      problem: expect.stringContaining("too short"),
    });
    expect(await reset(token)).toMatchObject({ reset: true });
  });

  it("gives nothing to a token that nobody made", async () => {
    for (const token of ["", "x", "A".repeat(43)]) {
      expect(await readReset(store, token, clock)).toBe(null);
      expect(await reset(token)).toBe(null);
    }
    await expect(makeResetLink(store, "nobody", null, clock)).rejects
      .toThrow(NotFoundError);
  });

  it("lets a person in again whom strangers' guesses kept out", async () => {
    for (let n = 0; n < SIGN_IN_LIMITS.account.attempts; n++) {
      expect(await signInWith("not this one")).toBe(null);
    }
    await expect(signInWith(PASSWORD)).rejects.toThrow(ThrottledError);
    await reset(await make());
    expect(await signInWith(NEXT)).not.toBe(null);
  });

  it("is made for an active account alone", async () => {
    const ask = (email: string) => forgotPassword(store, email, clock);
    expect(await ask("nobody@example.com")).toBe(null);
    expect(await ask("not an address")).toBe(null);
    const made = await ask(" ROBIN@example.com ");
    expect(made?.user.id).toBe(user.id);
    expect(await readReset(store, made!.token, clock)).not.toBe(null);
    await updateUser(store, user.id, { status: "disabled" }, clock);
    expect(await ask(user.email)).toBe(null);
  });

  it("is asked for only so often, by account and by network address, known or not", async () => {
    const ask = (email: string, address: string | null) =>
      countForgot(store, { email, address }, clock);
    for (const email of [user.email, "nobody@example.com"]) {
      for (let n = 0; n < FORGOT_LIMITS.account.attempts; n++) {
        await ask(n % 2 ? email : email.toUpperCase(), `203.0.113.${n}`);
      }
      await expect(ask(email, "203.0.113.99")).rejects.toThrow(ThrottledError);
    }
    for (let n = 0; n < FORGOT_LIMITS.address.attempts; n++) {
      await ask(`someone-${n}@example.com`, "198.51.100.1");
    }
    await expect(ask("other@example.com", "198.51.100.1")).rejects
      .toThrow(ThrottledError);
    clock.advance(15 * MINUTE);
    await ask(user.email, "203.0.113.99");
  });
});
