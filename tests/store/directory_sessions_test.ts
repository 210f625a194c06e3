import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { NotFoundError } from "../../lib/domain/mod.ts";
import {
  type Attempt,
  clearAttempts,
  createSession,
  deleteSession,
  deleteSessionOfUser,
  deleteSessionsOfUser,
  getSession,
  listSessionsOfUser,
  openStore,
  replaceSession,
  returnAttempt,
  type Session,
  sessionId,
  type Store,
  takeAttempt,
  updateSession,
} from "../../lib/store/mod.ts";
import { HOUR, MINUTE, SECOND, TestClock } from "../_clock.ts";

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

  it("deleteSessionsOfUser() leaves the one that is excepted", async () => {
    for (const hash of ["h1", "h2", "h3"]) {
      await createSession(store, hash, SESSION, clock);
    }
    const gone = await deleteSessionsOfUser(store, "u1", { except: "h2" });
    expect(gone).toBe(2);
    const left = await listSessionsOfUser(store, "u1");
    expect(left.map(({ tokenHash }) => tokenHash)).toEqual(["h2"]);
  });

  it("listSessionsOfUser() gives one user's sessions, however many", async () => {
    for (let n = 0; n < 25; n++) {
      await createSession(store, `h${n}`, SESSION, clock);
    }
    await createSession(store, "other", { ...SESSION, userId: "u2" }, clock);
    const listed = await listSessionsOfUser(store, "u1");
    expect(listed).toHaveLength(25);
    expect(listed[0]).toEqual({ tokenHash: "h0", session: SESSION });
  });

  it("deleteSessionOfUser() ends the session of that name, and nobody else's", async () => {
    const [mine, theirs] = ["a".repeat(64), "b".repeat(64)] as const;
    await createSession(store, mine, SESSION, clock);
    await createSession(store, theirs, { ...SESSION, userId: "u2" }, clock);
    for (const id of [sessionId(theirs), mine, "", "nothing"]) {
      await expect(deleteSessionOfUser(store, "u1", id)).rejects
        .toBeInstanceOf(NotFoundError);
    }
    await deleteSessionOfUser(store, "u1", sessionId(mine));
    expect(await getSession(store, mine)).toBe(null);
    expect(await getSession(store, theirs)).not.toBe(null);
  });

  it("replaceSession() moves a session to another token, both rows at once", async () => {
    await createSession(store, "old", SESSION, clock);
    await replaceSession(store, "old", "new", { epoch: 7 }, clock);
    expect(await getSession(store, "old")).toBe(null);
    expect(await listSessionsOfUser(store, "u1"))
      .toEqual([{ tokenHash: "new", session: { ...SESSION, epoch: 7 } }]);
  });

  it("replaceSession() never brings back a session that ended", async () => {
    const renewal = replaceSession(store, "gone", "new", {}, clock);
    await expect(renewal).rejects.toBeInstanceOf(NotFoundError);
    expect(await getSession(store, "new")).toBe(null);
  });
});

describe("takeAttempt()", () => {
  const LIMIT = {
    attempts: 3,
    windowMs: 60 * MINUTE,
    firstWaitMs: MINUTE,
    maxWaitMs: 10 * MINUTE,
  };
  let store: Store;
  let clock: TestClock;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
  });

  afterEach(() => store.close());

  const take = (subject: string) =>
    takeAttempt(store, "sign_in", subject, LIMIT, clock);
  const allowed = { allowed: true };
  const refused = (retryAfterSeconds: number) => ({
    allowed: false,
    retryAfterSeconds,
  });

  it("lets so many through and says how long to wait", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) {
      expect(await take("ada")).toMatchObject(allowed);
    }
    clock.advance(20 * SECOND);
    expect(await take("ada")).toEqual(refused(40));
    expect(await take("bob")).toMatchObject(allowed);
    clock.advance(40 * SECOND);
    expect(await take("ada")).toMatchObject(allowed);
  });

  it("doubles the wait with each further attempt, up to the longest", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
    for (const seconds of [60, 120, 240, 480, 600, 600]) {
      expect(await take("ada")).toEqual(refused(seconds));
      clock.advance(seconds * SECOND - 1);
      expect(await take("ada")).toEqual(refused(1));
      clock.advance(1);
      expect(await take("ada")).toMatchObject(allowed);
    }
  });

  it("a refused attempt does not make the wait longer", async () => {
    for (let n = 0; n < 30; n++) await take("ada");
    clock.advance(MINUTE);
    expect(await take("ada")).toMatchObject(allowed);
  });

  it("begins anew after the window, though the row is still there", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
    clock.advance(LIMIT.windowMs);
    for (let n = 0; n < LIMIT.attempts; n++) {
      expect(await take("ada")).toMatchObject(allowed);
    }
    expect(await take("ada")).toEqual(refused(60));
  });

  it("lets exactly the limit through of many at once", async () => {
    const taken = await Promise.all(
      Array.from({ length: 30 }, () => take("ada")),
    );
    expect(taken.filter(({ allowed }) => allowed))
      .toHaveLength(LIMIT.attempts);
  });

  it("stores neither the subject nor anything else of it but a hash", async () => {
    const keys: Deno.KvKey[] = [];
    const spied = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => keys.push(...operation.keys),
    });
    await takeAttempt(spied, "sign_in", "ada@example.com", LIMIT, clock);
    expect(keys.at(-1)).toEqual(["throttle", "sign_in", expect.any(String)]);
    expect(JSON.stringify(keys)).not.toContain("ada");
    spied.close();
  });

  it("clearAttempts() forgets them", async () => {
    for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
    await clearAttempts(store, "sign_in", "ada");
    expect(await take("ada")).toMatchObject(allowed);
  });

  describe("returnAttempt()", () => {
    const giveBack = (attempt: Attempt) => {
      if (!attempt.allowed) throw new Error("it was refused");
      return returnAttempt(store, "sign_in", "ada", LIMIT, attempt);
    };

    it("makes as if the attempt had not been", async () => {
      for (let n = 0; n < 10; n++) await giveBack(await take("ada"));
      for (let n = 0; n < LIMIT.attempts; n++) {
        expect(await take("ada")).toMatchObject(allowed);
      }
      expect(await take("ada")).toEqual(refused(60));
    });

    it("ends the wait that it began, and keeps the count that was before", async () => {
      for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
      clock.advance(MINUTE);
      await giveBack(await take("ada"));
      expect(await take("ada")).toMatchObject(allowed);
      expect(await take("ada")).toEqual(refused(120));
    });

    it("leaves a wait that another attempt began", async () => {
      for (let n = 0; n < LIMIT.attempts; n++) await take("ada");
      clock.advance(MINUTE);
      const slow = await take("ada");
      clock.advance(2 * MINUTE);
      await take("ada");
      await giveBack(slow);
      expect(await take("ada")).toEqual(refused(240));
    });

    it("does nothing where nothing is counted", async () => {
      await giveBack({ allowed: true, until: 0 });
      expect(await take("ada")).toMatchObject(allowed);
    });
  });
});
