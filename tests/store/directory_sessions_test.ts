import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { NotFoundError } from "../../lib/domain/mod.ts";
import {
  clearAttempts,
  createSession,
  deleteSession,
  deleteSessionsOfUser,
  getSession,
  openStore,
  type Session,
  type Store,
  takeAttempt,
  updateSession,
} from "../../lib/store/mod.ts";
import { HOUR, MINUTE, TestClock } from "../_clock.ts";

const SESSION: Session = {
  userId: "u1",
  epoch: 0,
  tenantId: null,
  createdAt: "2026-03-11T15:00:00.000Z",
  seenAt: "2026-03-11T15:00:00.000Z",
  expiresAt: "2026-03-12T15:00:00.000Z",
};

describe("session rows", () => {
  let store: Store;
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
  });

  afterEach(() => store.close());

  it("updateSession() changes a session and never brings back one that ended", async () => {
    await createSession(store, "h1", SESSION, clock);
    await updateSession(store, "h1", { tenantId: "t1" }, clock);
    expect(await getSession(store, "h1")).toEqual({
      ...SESSION,
      tenantId: "t1",
    });
    await deleteSession(store, "h1");
    await expect(updateSession(store, "h1", { tenantId: "t2" }, clock)).rejects
      .toBeInstanceOf(NotFoundError);
    expect(await getSession(store, "h1")).toBe(null);
  });

  it("updateSession() works on a session that is past its time", async () => {
    await createSession(store, "h1", SESSION, clock);
    clock.advance(48 * HOUR);
    await updateSession(store, "h1", { tenantId: "t1" }, clock);
  });

  it("createSession() never takes over a token in use", async () => {
    await createSession(store, "h1", SESSION, clock);
    const again = createSession(store, "h1", SESSION, clock);
    await expect(again).rejects.toThrow("Cannot start a session");
  });

  it("deleteSessionsOfUser() removes one user's sessions, however many", async () => {
    for (let n = 0; n < 260; n++) {
      await createSession(store, `h${n}`, SESSION, clock);
    }
    await createSession(store, "other", { ...SESSION, userId: "u2" }, clock);
    expect(await deleteSessionsOfUser(store, "u1")).toBe(260);
    expect(await deleteSessionsOfUser(store, "u1")).toBe(0);
    expect(await getSession(store, "h259")).toBe(null);
    expect(await getSession(store, "other")).not.toBe(null);
  });
});

describe("takeAttempt()", () => {
  const LIMIT = { attempts: 3, windowMs: 10 * MINUTE };
  let store: Store;
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
  });

  afterEach(() => store.close());

  const take = (subject: string) =>
    takeAttempt(store, "sign_in", subject, LIMIT, clock);

  it("allows so many in a window and says how long to wait", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) {
      expect(await take("ada")).toEqual({ allowed: true });
    }
    clock.advance(4 * MINUTE);
    const refused = { allowed: false, retryAfterSeconds: 360 };
    expect(await take("ada")).toEqual(refused);
    expect(await take("bob")).toEqual({ allowed: true });
    clock.advance(6 * MINUTE);
    expect(await take("ada")).toEqual({ allowed: true });
  });

  it("a refused attempt does not make the wait longer", async () => {
    for (let n = 0; n < 10; n++) await take("ada");
    clock.advance(10 * MINUTE);
    expect(await take("ada")).toEqual({ allowed: true });
  });

  it("never allows more than the limit at once", async () => {
    const taken = await Promise.all(
      Array.from({ length: 30 }, () => take("ada")),
    );
    const allowed = taken.filter(({ allowed }) => allowed);
    expect(allowed.length).toBeLessThanOrEqual(LIMIT.attempts);
  });

  it("clearAttempts() forgets them", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
    await clearAttempts(store, "sign_in", "ada");
    expect(await take("ada")).toEqual({ allowed: true });
  });
});
