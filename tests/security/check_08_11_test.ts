import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createPasswords,
  DEFAULT_COST,
  type Passwords,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import {
  createUser,
  getUser,
  type KvOperation,
  openStore,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { createTestApp, TEST_PASSWORD, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { shapesOf, signInBy } from "./_sign_in.ts";

const CHEAP = { N: 16, r: 8, p: 1 };

describe("security checks 8 to 11: passwords", () => {
  let app: TestApp;
  let user: User;
  let operations: KvOperation[];
  /** Checks of a password that were begun. */
  let checks: number;

  beforeEach(async () => {
    operations = [];
    checks = 0;
    const store = await openStore({
      path: ":memory:",
      observe: (operation) => operations.push(operation),
    });
    const real = createPasswords({ cost: CHEAP });
    const passwords: Passwords = {
      ...real,
      verify: (password, hash) => {
        checks++;
        return real.verify(password, hash);
      },
    };
    app = await createTestApp({ store, services: { passwords } });
    const acme = await createTestBrand(store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
  });

  afterEach(() => app.store.close());

  it("check 8: a stored hash names algorithm and cost, and is made anew when the cost grows", async () => {
    const { N, r, p } = DEFAULT_COST;
    // OWASP's least: 2^15 with r = 8 and p = 3.
    expect(N * r * p).toBeGreaterThanOrEqual(2 ** 15 * 8 * 3);
    const hash = async () => (await getUser(app.store, user.id)).passwordHash;
    expect(await hash()).toMatch(/^scrypt\$N=16,r=8,p=1\$/);
    const dearer = await createTestApp({
      store: app.store,
      clock: app.clock,
      services: { passwords: createPasswords({ cost: { ...CHEAP, N: 32 } }) },
    });
    expect((await signInBy(dearer.browser(), user)).status).toBe(303);
    expect(await hash()).toMatch(/^scrypt\$N=32,r=8,p=1\$/);
    expect((await signInBy(app.browser(), user)).status).toBe(303);
  });

  it("check 9: of fifty sign-ins at once two are worked on, sixteen wait, the others get 429", async () => {
    const passwords = createPasswords({ cost: CHEAP });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => passwords.verify("guess", null)),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(50 - 2 - 16);

    const full = await createTestApp({
      store: app.store,
      clock: app.clock,
      services: {
        passwords: {
          ...passwords,
          verify: () => Promise.reject(new ThrottledError("full", 10)),
        },
      },
    });
    for (let n = 0; n < 40; n++) {
      const answer = await signInBy(full.browser(), user);
      expect(answer.status).toBe(429);
      // Always the queue's: what was not checked is not counted as a guess.
      expect(answer.headers.get("retry-after")).toBe("10");
    }
  });

  it("check 10: short and common passwords are refused, long and Unicode ones taken as they are", async () => {
    let current = TEST_PASSWORD;
    const change = async (next: string) => {
      const browser = await app.signedIn(await getUser(app.store, user.id));
      const form = { current, next, again: next };
      const answer = await browser.post("/account/password", form);
      await answer.body?.cancel();
      if (answer.status === 303) current = next;
      return answer.status;
    };
    for (const refused of ["k7#pQ2x", "k7#pQ2xzR9v", "password1234"]) {
      expect(await change(refused)).toBe(422);
    }
    const taken = [
      "k7#pQ2xz".repeat(8),
      "k7#pQ2xz".repeat(16),
      "  spaces at both ends  ",
      "пароль 🗝️ Ünïcode 秘密",
    ];
    for (const [n, password] of taken.entries()) {
      expect(await change(password)).toBe(303);
      const others = [
        password.trim(),
        password.slice(0, 72),
        password.toLowerCase(),
      ]
        .filter((other) => other !== password);
      for (const other of others) {
        const answer = await signInBy(app.browser(`192.0.2.${n}`), user, other);
        expect(answer.status).toBe(422);
      }
      const typed = password.normalize("NFD");
      expect((await signInBy(app.browser(), user, typed)).status).toBe(303);
    }
    expect(await change("k".repeat(129))).toBe(422);
  });

  it("check 11: unknown, wrong, disabled and without a password are the same: body, reads, writes, one hash", async () => {
    const { store, clock } = app;
    const disabled = await app.createUser("tenant_viewer");
    await updateUser(store, disabled.id, { status: "disabled" }, clock);
    const { email: unset } = await createUser(store, {
      email: "unset@example.com",
      name: "Robin Example",
      passwordHash: null,
    }, clock);
    const seen = async (email: string, password: string) => {
      operations.length = checks = 0;
      const browser = app.browser();
      const answer = await browser.post("/login", { email, password });
      const body = (await answer.text()).replaceAll(email, "EMAIL")
        .replaceAll(/nonce="[^"]*"/g, "");
      const headers = [...answer.headers].filter(([name]) =>
        !["x-request-id", "content-security-policy"].includes(name)
      );
      const { status } = answer;
      return { status, headers, body, checks, at: shapesOf(operations) };
    };
    const wrong = await seen(user.email, "not the password");
    expect(wrong).toMatchObject({ status: 422, checks: 1 });
    expect(await seen("nobody@example.com", TEST_PASSWORD)).toEqual(wrong);
    expect(await seen(disabled.email, TEST_PASSWORD)).toEqual(wrong);
    expect(await seen(unset, TEST_PASSWORD)).toEqual(wrong);
  });
});
