import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createPasswords,
  MAX_WAIT_MS,
  SIGN_IN_LIMITS,
  signIn,
} from "../../lib/auth/mod.ts";
import { openStore, type User } from "../../lib/store/mod.ts";
import { createTestApp, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { signInBy } from "./_sign_in.ts";

const { account, address, device } = SIGN_IN_LIMITS;
const WRONG = "not the password";
const INSTANCES = 5;
const times = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("security checks 12 to 15: guessing", () => {
  let app: TestApp;
  let user: User;

  beforeEach(async () => {
    app = await createTestApp();
    const acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
  });

  afterEach(() => app.close());

  /** Status of one guess from a browser that nobody has signed in with. */
  const guess = async (
    from: string,
    email = user.email,
    headers: HeadersInit = {},
  ) => (await signInBy(app.browser(from), { email }, WRONG, headers)).status;
  const guesses = async (
    count: number,
    each: (n: number) => Promise<number>,
  ) => {
    const statuses: number[] = [];
    for (const n of times(count)) statuses.push(await each(n));
    return statuses;
  };

  it("check 12: one account from many addresses and many accounts from one are both stopped", async () => {
    const free = await guesses(account.attempts, (n) => guess(`192.0.2.${n}`));
    expect(new Set(free)).toEqual(new Set([422]));
    expect(await guess("192.0.2.99")).toBe(429);
    const unknown = "nobody@example.com";
    await guesses(account.attempts, (n) => guess(`192.0.2.${n}`, unknown));
    expect(await guess("192.0.2.99", unknown)).toBe(429);

    const from = "198.51.100.1";
    const sprayed = await guesses(
      address.attempts,
      (n) => guess(from, `person-${n}@example.com`),
    );
    expect(new Set(sprayed)).toEqual(new Set([422]));
    expect(await guess(from, "one.more@example.com")).toBe(429);
    expect(await guess("198.51.100.2", "one.more@example.com")).toBe(422);
  });

  it("check 13: a forged X-Forwarded-For changes nothing, behind a proxy neither", async () => {
    const from = "198.51.100.1";
    const forged = (n: number) => ({ "x-forwarded-for": `192.0.2.${n}` });
    await guesses(
      address.attempts,
      (n) => guess(from, `person-${n}@example.com`, forged(n)),
    );
    expect(await guess(from, "more@example.com", forged(200))).toBe(429);

    const proxied = await createTestApp({
      store: app.store,
      clock: app.clock,
      services: { trustProxy: true },
    });
    const through = async (n: number, client: string) => {
      const headers = { "x-forwarded-for": `192.0.2.${n}, ${client}` };
      const who = { email: `proxied-${n}@example.com` };
      const browser = proxied.browser("10.0.0.1");
      return (await signInBy(browser, who, WRONG, headers)).status;
    };
    await guesses(address.attempts, (n) => through(n, "203.0.113.1"));
    expect(await through(100, "203.0.113.1")).toBe(429);
    expect(await through(101, "203.0.113.2")).toBe(422);
  });

  it("check 14: an attacker cannot keep a person out: known browsers pass, others wait 15 minutes at most", async () => {
    const own = app.browser();
    expect((await signInBy(own, user)).status).toBe(303);
    for (const n of times(200)) {
      await guess(`192.0.2.${n}`);
      app.clock.advance(60_000);
    }
    const stranger = app.browser("203.0.113.5");
    const refused = await signInBy(stranger, user);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeLessThanOrEqual(MAX_WAIT_MS / 1000);
    own.cookies.delete("session");
    expect((await signInBy(own, user)).status).toBe(303);

    app.clock.advance(seconds * 1000);
    expect((await signInBy(stranger, user)).status).toBe(303);
    expect(await guess("192.0.2.1")).toBe(422);

    // A browser that is known is no way to guess for ever, nor is it known to everybody.
    const stolen = app.browser();
    stolen.cookies.set("device", own.cookies.get("device")!);
    const other = await app.createUser("tenant_viewer");
    await guesses(account.attempts, (n) => guess(`192.0.2.${n}`, other.email));
    expect((await signInBy(stolen, other)).status).toBe(429);
    const tried = await guesses(
      device.attempts + 1,
      async () => (await signInBy(stolen, user, WRONG)).status,
    );
    expect(tried).toEqual([...Array(device.attempts).fill(422), 429]);
  });

  it("check 15: of a hundred guesses at once at five instances no more than the limit get through", async () => {
    const folder = await Deno.makeTempDir();
    const open = () => openStore({ path: `${folder}/kv.sqlite3` });
    const stores = await Promise.all(times(INSTANCES).map(open));
    const real = createPasswords({ cost: { N: 16, r: 8, p: 1 }, queue: 200 });
    let checks = 0;
    const passwords: typeof real = {
      ...real,
      verify: (password, hash) => {
        checks++;
        return real.verify(password, hash);
      },
    };
    const outcomes = await Promise.allSettled(
      times(100).map((n) =>
        signIn(stores[n % INSTANCES]!, { email: user.email, password: WRONG }, {
          clock: app.clock,
          passwords,
          visitor: {
            address: `192.0.2.${n}`,
            deviceToken: null,
            userAgent: null,
          },
        })
      ),
    );
    for (const store of stores) store.close();
    await Deno.remove(folder, { recursive: true });
    const through = outcomes.filter(({ status }) => status === "fulfilled");
    expect(through).toHaveLength(account.attempts);
    expect(checks).toBe(account.attempts);
  });
});
