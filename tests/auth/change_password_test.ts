import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  changePassword,
  createPasswords,
  endOtherSessions,
  endSession,
  listSessions,
  MAX_WAIT_MS,
  PASSWORD_CHECK_LIMIT,
  type Passwords,
  readSession,
  type SignedIn,
  signIn,
  startSession,
  ThrottledError,
} from "../../lib/auth/mod.ts";
import { ConflictError } from "../../lib/domain/mod.ts";
import {
  createUser,
  getUser,
  openStore,
  sessionId,
  type Store,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { HOUR, MINUTE, TestClock } from "../_clock.ts";

const PASSWORD = "correct horse battery";
const NEXT = "another horse, no battery";

describe("a user's own sessions and password", () => {
  let store: Store;
  let clock: TestClock;
  let passwords: Passwords;
  let user: User;
  let token: string;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    passwords = createPasswords({ cost: { N: 16, r: 8, p: 1 } });
    user = await createUser(store, {
      email: "robin.q@example.com",
      name: "Robin Example",
      passwordHash: await passwords.hash(PASSWORD),
    }, clock);
    token = await startSession(store, user, clock, { userAgent: "Firefox" });
  });

  afterEach(() => store.close());

  const signedInBy = async (token: string): Promise<SignedIn> => {
    const signedIn = await readSession(store, token, clock);
    if (!signedIn) throw new Error("nobody is signed in");
    return signedIn;
  };
  const change = async (current: string, next: string) =>
    await changePassword(store, await signedInBy(token), { current, next }, {
      clock,
      passwords,
    });
  const canSignIn = async (password: string) =>
    await signIn(store, { email: user.email, password }, {
      clock,
      passwords,
    }) !== null;

  describe("changePassword()", () => {
    it("changes the password, ends the other sessions and gives this one a new token", async () => {
      const other = await startSession(store, user, clock);
      const before = await signedInBy(token);
      const result = await change(PASSWORD, NEXT);
      if (!result.changed || !result.token) throw new Error("not changed");
      expect(await readSession(store, other, clock)).toBe(null);
      expect(await readSession(store, token, clock)).toBe(null);
      const after = await signedInBy(result.token);
      expect(after.session).toEqual({ ...before.session, epoch: 1 });
      expect(await listSessions(store, after.user, clock)).toHaveLength(1);
      expect(await canSignIn(PASSWORD)).toBe(false);
      expect(await canSignIn(NEXT)).toBe(true);
    });

    it("does not make a session live longer", async () => {
      clock.advance(7 * HOUR);
      const result = await change(PASSWORD, NEXT);
      if (!result.changed || !result.token) throw new Error("not changed");
      const { session } = await signedInBy(result.token);
      expect(session.createdAt).toBe("2026-03-11T15:00:00.000Z");
      expect(session.expiresAt).toBe("2026-03-12T15:00:00.000Z");
    });

    it("changes nothing without the current password", async () => {
      expect(await change("not the password", NEXT)).toEqual({
        changed: false,
        refusal: {
          field: "current",
          problem: "The current password is not right",
        },
      });
      expect(await getUser(store, user.id)).toEqual(user);
      expect(await readSession(store, token, clock)).not.toBe(null);
    });

    it("changes nothing for a user who has no password", async () => {
      await updateUser(store, user.id, { passwordHash: null }, clock);
      token = await startSession(store, await getUser(store, user.id), clock);
      expect(await change("", NEXT)).toMatchObject({
        refusal: { field: "current" },
      });
    });

    it("refuses a new password that is short, common, of the address, or the current one", async () => {
      for (
        const next of [
          "short",
          "password1234",
          "it is robin.q, yes",
          PASSWORD,
        ]
      ) {
        expect(await change(PASSWORD, next)).toMatchObject({
          changed: false,
          refusal: { field: "next", problem: expect.any(String) },
        });
      }
      expect(await getUser(store, user.id)).toEqual(user);
    });

    it("lets nobody at an open screen guess the current password", async () => {
      for (let n = 0; n < PASSWORD_CHECK_LIMIT.attempts; n++) {
        await change(`guess number ${n}`, NEXT);
      }
      await expect(change(PASSWORD, NEXT)).rejects.toThrow(ThrottledError);
      clock.advance(MAX_WAIT_MS);
      expect(await change(PASSWORD, NEXT)).toMatchObject({ changed: true });
    });

    it("yields to a change that was made meanwhile", async () => {
      const slow: Passwords = {
        ...passwords,
        hash: async (password) => {
          const passwordHash = await passwords.hash("set by somebody else");
          await updateUser(store, user.id, { passwordHash }, clock);
          return await passwords.hash(password);
        },
      };
      const form = { current: PASSWORD, next: NEXT };
      const late = changePassword(store, await signedInBy(token), form, {
        clock,
        passwords: slow,
      });
      await expect(late).rejects.toBeInstanceOf(ConflictError);
      expect(await canSignIn(NEXT)).toBe(false);
      expect(await canSignIn("set by somebody else")).toBe(true);
    });

    it("brings no session back that was ended meanwhile", async () => {
      const signedIn = await signedInBy(token);
      await endSession(store, token);
      const form = { current: PASSWORD, next: NEXT };
      const result = await changePassword(store, signedIn, form, {
        clock,
        passwords,
      });
      expect(result).toMatchObject({ changed: true, token: null });
      const now = await getUser(store, user.id);
      expect(await listSessions(store, now, clock)).toEqual([]);
    });
  });

  describe("listSessions()", () => {
    it("shows what is good, the last used first, and no token or hash", async () => {
      clock.advance(10 * MINUTE);
      const other = await startSession(store, user, clock);
      clock.advance(10 * MINUTE);
      const { tokenHash } = await signedInBy(token);
      const listed = await listSessions(store, user, clock);
      expect(listed).toEqual([{
        id: sessionId(tokenHash),
        createdAt: "2026-03-11T15:00:00.000Z",
        seenAt: "2026-03-11T15:20:00.000Z",
        userAgent: "Firefox",
      }, {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        createdAt: "2026-03-11T15:10:00.000Z",
        seenAt: "2026-03-11T15:10:00.000Z",
        userAgent: null,
      }]);
      const text = JSON.stringify(listed);
      for (const secret of [token, other, tokenHash]) {
        expect(text).not.toContain(secret);
      }
    });

    it("leaves out what is over though its row is still there", async () => {
      clock.advance(9 * HOUR);
      expect(await listSessions(store, user, clock)).toEqual([]);
      const fresh = await startSession(store, user, clock);
      expect(await listSessions(store, user, clock)).toHaveLength(1);
      await updateUser(store, user.id, { passwordHash: "new" }, clock);
      const changed = await getUser(store, user.id);
      expect(await listSessions(store, changed, clock)).toEqual([]);
      expect(await readSession(store, fresh, clock)).toBe(null);
    });
  });

  it("endOtherSessions() leaves this one, under a new token", async () => {
    const other = await startSession(store, user, clock);
    const signedIn = await signedInBy(token);
    const { token: renewed } = await endOtherSessions(store, signedIn, clock);
    expect(await readSession(store, other, clock)).toBe(null);
    expect(await readSession(store, token, clock)).toBe(null);
    const { tokenHash } = await signedInBy(renewed ?? "");
    const now = await getUser(store, user.id);
    const listed = await listSessions(store, now, clock);
    expect(listed.map(({ id }) => id)).toEqual([sessionId(tokenHash)]);
  });
});
