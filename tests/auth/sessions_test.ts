import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  chooseWorkspace,
  endSession,
  hashToken,
  readSession,
  SESSION_ABSOLUTE_MS,
  SESSION_IDLE_MS,
  startSession,
} from "../../lib/auth/mod.ts";
import {
  createUser,
  endSessionsOfUser,
  getSession,
  type KvOperation,
  openStore,
  type Store,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { HOUR, MINUTE, TestClock } from "../_clock.ts";

describe("sessions", () => {
  let store: Store;
  let clock: TestClock;
  let user: User;
  let operations: KvOperation[];

  beforeEach(async () => {
    clock = new TestClock();
    operations = [];
    store = await openStore({
      path: ":memory:",
      clock,
      observe: (operation) => operations.push(operation),
    });
    user = await createUser(store, {
      email: "ada@example.com",
      name: "Ada Example",
      passwordHash: null,
      membership: { scope: "acme", role: "tenant_viewer" },
    }, clock);
  });

  afterEach(() => store.close());

  it("readSession() finds the user and the memberships behind a token", async () => {
    const token = await startSession(store, user, clock);
    const signedIn = await readSession(store, token, clock);
    expect(signedIn?.user.id).toBe(user.id);
    expect(signedIn?.memberships.map(({ scope }) => scope)).toEqual(["acme"]);
    expect(signedIn?.session.tenantId).toBe(null);
  });

  it("the store never sees a token, only its hash", async () => {
    operations.length = 0;
    const token = await startSession(store, user, clock);
    const session = await getSession(store, hashToken(token));
    expect(session?.userId).toBe(user.id);
    expect(JSON.stringify([operations, session])).not.toContain(token);
    expect(await getSession(store, token)).toBe(null);
  });

  it("readSession() refuses tokens that nobody has, malformed ones unread", async () => {
    const none = await readSession(store, "A".repeat(43), clock);
    expect(none).toBe(null);
    operations.length = 0;
    expect(await readSession(store, "not a token", clock)).toBe(null);
    expect(operations).toHaveLength(0);
  });

  it("readSession() refuses a token after sign-out", async () => {
    const token = await startSession(store, user, clock);
    await endSession(store, token);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("readSession() refuses a session left idle while its row is still there", async () => {
    const token = await startSession(store, user, clock);
    clock.advance(SESSION_IDLE_MS - 1);
    expect(await readSession(store, token, clock)).not.toBe(null);
    clock.advance(SESSION_IDLE_MS);
    expect(await getSession(store, hashToken(token))).not.toBe(null);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("readSession() refuses a session past its absolute limit, however busy", async () => {
    const token = await startSession(store, user, clock);
    for (let hour = 1; hour * HOUR < SESSION_ABSOLUTE_MS; hour++) {
      clock.advance(HOUR);
      expect(await readSession(store, token, clock)).not.toBe(null);
    }
    clock.advance(HOUR);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("readSession() writes that the session is in use once in five minutes", async () => {
    const token = await startSession(store, user, clock);
    operations.length = 0;
    for (let minute = 1; minute <= 10; minute++) {
      clock.advance(MINUTE);
      await readSession(store, token, clock);
    }
    const writes = operations.filter(({ kind }) => kind === "commit");
    expect(writes).toHaveLength(2);
  });

  it("readSession() finds the session for each of many requests that come at once after a pause", async () => {
    const token = await startSession(store, user, clock);
    clock.advance(HOUR);
    const found = await Promise.all(
      Array.from({ length: 20 }, () => readSession(store, token, clock)),
    );
    expect(found.every((signedIn) => signedIn?.user.id === user.id)).toBe(true);
    const { seenAt } = (await getSession(store, hashToken(token)))!;
    expect(Date.parse(seenAt)).toBe(clock.now());
  });

  it("a new password ends every session, a new name none", async () => {
    const token = await startSession(store, user, clock);
    await updateUser(store, user.id, { name: "Ada E." }, clock);
    expect(await readSession(store, token, clock)).not.toBe(null);
    await updateUser(store, user.id, { passwordHash: "new" }, clock);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("a session that began with the old password is dead though it was stored after the change", async () => {
    await updateUser(store, user.id, { passwordHash: "new" }, clock);
    const token = await startSession(store, user, clock);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("disabling a user ends the sessions for good", async () => {
    const token = await startSession(store, user, clock);
    await updateUser(store, user.id, { status: "disabled" }, clock);
    expect(await readSession(store, token, clock)).toBe(null);
    await updateUser(store, user.id, { status: "active" }, clock);
    expect(await readSession(store, token, clock)).toBe(null);
  });

  it("endSessionsOfUser() ends all of one user's and nobody else's", async () => {
    const other = await createUser(store, {
      email: "bob@example.com",
      name: "Bob Example",
      passwordHash: null,
    }, clock);
    const mine = [
      await startSession(store, user, clock),
      await startSession(store, user, clock),
    ];
    const theirs = await startSession(store, other, clock);
    await endSessionsOfUser(store, user.id);
    for (const token of mine) {
      expect(await readSession(store, token, clock)).toBe(null);
    }
    expect(await readSession(store, theirs, clock)).not.toBe(null);
  });

  it("chooseWorkspace() is remembered by this session", async () => {
    const token = await startSession(store, user, clock);
    const signedIn = await readSession(store, token, clock);
    if (!signedIn) throw new Error("not signed in");
    await chooseWorkspace(store, signedIn, "acme", clock);
    const again = await readSession(store, token, clock);
    expect(again?.session.tenantId).toBe("acme");
    expect(again?.session.expiresAt).toBe(signedIn.session.expiresAt);
  });
});
