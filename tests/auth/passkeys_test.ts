import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  beginPasskey,
  beginPasskeySignIn,
  CHALLENGE_MS,
  finishPasskey,
  finishPasskeySignIn,
  hashToken,
  MAX_PASSKEYS,
  passkeyName,
} from "../../lib/auth/mod.ts";
import { NotFoundError } from "../../lib/domain/mod.ts";
import {
  createPasskey,
  createUser,
  deletePasskey,
  findPasskey,
  getChallenge,
  listPasskeys,
  notePasskeyUse,
  openStore,
  type Passkey,
  type Store,
  takeChallenge,
  type User,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const PARTY = { id: "localhost", origin: "http://localhost:8000" };
const AT = "2026-03-04T12:00:00.000Z";

describe("Passkeys", () => {
  let clock: TestClock;
  let store: Store;
  let user: User;
  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    user = await createUser(store, {
      email: "robin@example.com",
      name: "Robin",
      passwordHash: null,
    }, clock);
  });
  afterEach(() => store.close());

  const add = (id: string, facts: Partial<Passkey> = {}) =>
    createPasskey(store, {
      id,
      userId: user.id,
      name: id,
      publicKey: new Uint8Array([1]),
      counter: 0,
      transports: [],
      createdAt: AT,
      lastUsedAt: null,
      ...facts,
    });

  it("asks for a verified user and a credential that is found without a name", async () => {
    await add("present");
    const { options } = await beginPasskey(store, user, PARTY, clock);
    expect(options.rp.id).toBe("localhost");
    expect(options.attestation).toBe("none");
    expect(options.authenticatorSelection).toMatchObject({
      residentKey: "required",
      userVerification: "required",
    });
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual([
      "present",
    ]);
    const login = await beginPasskeySignIn(store, PARTY, { next: null, clock });
    expect(login.options.userVerification).toBe("required");
    expect(login.options.allowCredentials ?? []).toEqual([]);
  });

  it("makes a challenge of its own each time, good once and for five minutes", async () => {
    const begin = () => beginPasskeySignIn(store, PARTY, { next: null, clock });
    const [one, other] = [await begin(), await begin()];
    expect(one.options.challenge).not.toBe(other.options.challenge);
    const hash = hashToken(one.stepToken);
    const take = () => takeChallenge(store, hash, "passkey_sign_in", clock);
    expect(await takeChallenge(store, hash, "passkey_add", clock)).toBe(null);
    const taken = await Promise.all([take(), take(), take()]);
    expect(taken.filter((one) => one !== null).length).toBe(1);
    clock.advance(CHALLENGE_MS);
    const late = hashToken(other.stepToken);
    expect(await getChallenge(store, late, "passkey_sign_in", clock)).toBe(
      null,
    );
  });

  it("refuses answers that are no JSON or of another form, and uses the challenge up", async () => {
    const { stepToken } = await beginPasskey(store, user, PARTY, clock);
    for (
      const response of ["", "{", "null", '{"id":"a"}', '{"id":"\\u0000"}']
    ) {
      const made = { stepToken, response, name: "x" };
      expect(await finishPasskey(store, user, made, PARTY, clock)).toBe(null);
      const signed = { stepToken, response };
      expect(await finishPasskeySignIn(store, signed, PARTY, { clock }))
        .toBe(null);
    }
    const hash = hashToken(stepToken);
    expect(await getChallenge(store, hash, "passkey_add", clock)).toBe(null);
  });

  it("takes a counter only when it grows, unless the authenticator does not count", async () => {
    await add("counting", { counter: 5 });
    const note = (id: string, counter: number) =>
      notePasskeyUse(store, id, { counter, at: AT });
    expect(await note("counting", 5)).toBe(false);
    expect(await note("counting", 0)).toBe(false);
    expect(await note("counting", 6)).toBe(true);
    await add("silent");
    expect(await note("silent", 0)).toBe(true);
    expect(await note("silent", 0)).toBe(true);
    expect((await findPasskey(store, "silent"))!.lastUsedAt).toBe(AT);
    expect(await note("unknown", 1)).toBe(false);
  });

  it("removes a person's own alone", async () => {
    await add("mine");
    await add("theirs", { userId: "another" });
    await expect(deletePasskey(store, user.id, "theirs")).rejects.toThrow(
      NotFoundError,
    );
    await deletePasskey(store, user.id, "mine");
    expect(await listPasskeys(store, user.id)).toEqual([]);
    expect(await findPasskey(store, "theirs")).not.toBe(null);
  });

  it("stops at twenty", async () => {
    for (let at = 0; at < MAX_PASSKEYS; at++) await add(`key-${at}`);
    await expect(beginPasskey(store, user, PARTY, clock)).rejects.toThrow(
      "too many passkeys",
    );
  });

  it("gives every passkey a name that can be shown", () => {
    expect(passkeyName("  Laptop\n")).toBe("Laptop");
    expect(passkeyName("\ud800")).toBe("\ufffd");
    expect(passkeyName(" ")).toBe("Passkey");
    expect(passkeyName("x".repeat(100)).length).toBe(60);
  });
});
