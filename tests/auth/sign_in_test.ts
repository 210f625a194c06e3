import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createPasswords,
  MAX_WAIT_MS,
  type Passwords,
  readSession,
  SIGN_IN_LIMITS,
  signIn,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import {
  createUser,
  getUser,
  type KvOperation,
  openStore,
  type Store,
  updateUser,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const CHEAP = { N: 16, r: 8, p: 1 };
const PASSWORD = "correct horse battery";
const EMAIL = "ada@example.com";
const ACCOUNT = SIGN_IN_LIMITS.account;

describe("signIn()", () => {
  let store: Store;
  let clock: TestClock;
  let passwords: Passwords;
  let checks: number;
  let operations: KvOperation[];

  beforeEach(async () => {
    clock = new TestClock();
    operations = [];
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => operations.push(operation),
    });
    const real = createPasswords({ cost: CHEAP });
    checks = 0;
    passwords = {
      ...real,
      verify: (password, hash) => {
        checks++;
        return real.verify(password, hash);
      },
    };
    await createUser(store, {
      email: EMAIL,
      name: "Ada Example",
      passwordHash: await passwords.hash(PASSWORD),
    }, clock);
  });

  afterEach(() => store.close());

  const attempt = (email: string, password: string) =>
    signIn(store, { email, password }, { clock, passwords });

  it("starts a session for the right password, however the address is spelt", async () => {
    for (const email of [EMAIL, " ADA@Example.com "]) {
      const result = await attempt(email, PASSWORD);
      expect(result?.user.email).toBe(EMAIL);
      const signedIn = await readSession(store, result?.token ?? "", clock);
      expect(signedIn?.user.email).toBe(EMAIL);
    }
  });

  it("does the same work and gives the same answer for known and unknown addresses", async () => {
    const work = async (email: string) => {
      operations.length = 0;
      checks = 0;
      expect(await attempt(email, "a wrong password")).toBe(null);
      return { checks, kinds: operations.map(({ kind }) => kind) };
    };
    const known = await work(EMAIL);
    expect(known.checks).toBe(1);
    expect(await work("nobody@example.com")).toEqual(known);
  });

  it("refuses a disabled user and one without a password", async () => {
    const user = await createUser(store, {
      email: "bob@example.com",
      name: "Bob Example",
      passwordHash: null,
    }, clock);
    expect(await attempt(user.email, PASSWORD)).toBe(null);
    const hash = await passwords.hash(PASSWORD);
    await updateUser(store, user.id, { passwordHash: hash }, clock);
    expect(await attempt(user.email, PASSWORD)).not.toBe(null);
    await updateUser(store, user.id, { status: "disabled" }, clock);
    expect(await attempt(user.email, PASSWORD)).toBe(null);
  });

  it("stores a hash at today's cost and keeps older sessions", async () => {
    const first = await attempt(EMAIL, PASSWORD);
    const dearer = createPasswords({ cost: { ...CHEAP, N: 32 } });
    const second = await signIn(store, { email: EMAIL, password: PASSWORD }, {
      clock,
      passwords: dearer,
    });
    const user = await getUser(store, second?.user.id ?? "");
    expect(user.passwordHash).toContain("N=32,");
    for (const result of [first, second]) {
      const signedIn = await readSession(store, result?.token ?? "", clock);
      expect(signedIn).not.toBe(null);
    }
  });

  it("refuses further attempts for an address, known or not, until the wait is over", async () => {
    for (const email of [EMAIL, "nobody@example.com"]) {
      for (let n = 0; n < ACCOUNT.attempts; n++) {
        expect(await attempt(email, "a wrong password")).toBe(null);
      }
      await expect(attempt(email, PASSWORD)).rejects.toThrow(ThrottledError);
    }
    clock.advance(MAX_WAIT_MS);
    expect(await attempt(EMAIL, PASSWORD)).not.toBe(null);
  });

  it("a success forgets the failures before it", async () => {
    for (let round = 0; round < 3; round++) {
      for (let n = 1; n < ACCOUNT.attempts; n++) {
        expect(await attempt(EMAIL, "a wrong password")).toBe(null);
      }
      expect(await attempt(EMAIL, PASSWORD)).not.toBe(null);
    }
  });

  it("counts guesses made at once together", async () => {
    const guesses = await Promise.allSettled(
      Array.from({ length: 40 }, () => attempt(EMAIL, "a wrong password")),
    );
    const checked = guesses.filter(({ status }) => status === "fulfilled");
    expect(checked.length).toBeLessThanOrEqual(ACCOUNT.attempts);
    expect(checks).toBeLessThanOrEqual(ACCOUNT.attempts);
  });
});
