import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Secret, TOTP } from "otpauth";
import {
  beginSignIn,
  CHALLENGE_MS,
  CODE_LIMIT,
  confirmSecondFactor,
  createPasswords,
  createSecrets,
  finishSignIn,
  readSecondFactor,
  readSession,
  renewRecoveryCodes,
  rotateSecrets,
  setUpSecondFactor,
  type SignedIn,
  signIn,
  startSession,
  ThrottledError,
  turnOffSecondFactor,
} from "../../lib/auth/mod.ts";
import {
  createUser,
  endSessionsOfUser,
  findSecondFactor,
  getUser,
  openStore,
  type Store,
  type User,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

const PASSWORD = "correct horse battery";
const KEY = btoa("k".repeat(32));
const passwords = createPasswords({ cost: { N: 16, r: 8, p: 1 } });
const secrets = createSecrets(KEY);

describe("The second factor", () => {
  let clock: TestClock;
  let store: Store;
  let user: User;
  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ path: ":memory:", clock });
    user = await createUser(store, {
      email: "robin@example.com",
      name: "Robin",
      passwordHash: await passwords.hash(PASSWORD),
    }, clock);
  });
  afterEach(() => store.close());

  const options = () => ({ clock, passwords });
  const signedIn = async (): Promise<SignedIn> => {
    const token = await startSession(
      store,
      await getUser(store, user.id),
      clock,
    );
    return (await readSession(store, token, clock))!;
  };
  const codeOf = (secret: string, steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) })
      .generate({ timestamp: clock.now() + steps * 30_000 });

  /** Sets it up and turns it on; a minute later, so that codes are unused. */
  async function turnOn() {
    const who = await signedIn();
    await setUpSecondFactor(store, secrets, who, PASSWORD, options());
    const { setup } = await readSecondFactor(store, secrets, who, clock);
    const { secret } = setup!;
    const done = await confirmSecondFactor(
      store,
      secrets,
      who,
      codeOf(secret),
      clock,
    );
    clock.advance(60_000);
    return { secret, ...done! };
  }

  async function begin(): Promise<string> {
    const credentials = { email: user.email, password: PASSWORD };
    const begun = await beginSignIn(store, credentials, options());
    if (!begun || begun.done) throw new Error("There is no second step");
    return begun.stepToken;
  }

  const finish = (stepToken: string, code: string) =>
    finishSignIn(store, secrets, { stepToken, code }, { clock });

  it("is off until a code was right", async () => {
    const who = await signedIn();
    await setUpSecondFactor(store, secrets, who, PASSWORD, options());
    const wrong = await confirmSecondFactor(
      store,
      secrets,
      who,
      "000000",
      clock,
    );
    expect(wrong).toBe(null);
    const credentials = { email: user.email, password: PASSWORD };
    expect((await beginSignIn(store, credentials, options()))?.done).toBe(true);
    await turnOn();
    expect((await beginSignIn(store, credentials, options()))?.done).toBe(
      false,
    );
    expect(await signIn(store, credentials, options())).toBe(null);
  });

  it("ends every other session when it is turned on, and renews this one", async () => {
    const other = await startSession(store, user, clock);
    const { token } = await turnOn();
    expect(await readSession(store, other, clock)).toBe(null);
    expect(await readSession(store, token!, clock)).not.toBe(null);
  });

  it("keeps neither the secret nor a recovery code in the open", async () => {
    const { secret, codes } = await turnOn();
    const text = JSON.stringify(await findSecondFactor(store, user.id));
    expect(text).not.toContain(secret);
    for (const code of codes) {
      expect(text).not.toContain(code);
      expect(text).not.toContain(code.replaceAll("-", ""));
    }
  });

  it("starts no session before the code was right", async () => {
    const { secret } = await turnOn();
    const token = await begin();
    expect(await readSession(store, token, clock)).toBe(null);
    expect((await finish(token, "000000")).outcome).toBe("wrong");
    const done = await finish(token, codeOf(secret));
    if (done.outcome !== "done") throw new Error(done.outcome);
    expect(done.by).toBe("totp");
    expect(await readSession(store, done.result.token, clock)).not.toBe(null);
  });

  it("takes a code once, also of many who give it at the same moment", async () => {
    const { secret } = await turnOn();
    const tokens = await Promise.all([begin(), begin(), begin(), begin()]);
    const code = codeOf(secret);
    const results = await Promise.all(
      tokens.map((token) => finish(token, code)),
    );
    const outcomes = results.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(["done", "wrong", "wrong", "wrong"]);
    expect((await finish(await begin(), code)).outcome).toBe("wrong");
    expect((await finish(await begin(), codeOf(secret, -1))).outcome)
      .toBe("wrong");
  });

  it("does not take the code again that turned it on", async () => {
    const { secret } = await turnOn();
    clock.advance(-60_000);
    expect((await finish(await begin(), codeOf(secret))).outcome).toBe("wrong");
  });

  it("takes a recovery code once, also of many who give it at the same moment", async () => {
    const { codes } = await turnOn();
    const tokens = await Promise.all([begin(), begin(), begin(), begin()]);
    const results = await Promise.all(
      tokens.map((token) => finish(token, codes[3]!.toUpperCase())),
    );
    const outcomes = results.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(["done", "wrong", "wrong", "wrong"]);
    const { recoveryCodesLeft } = await readSecondFactor(
      store,
      secrets,
      await signedIn(),
      clock,
    );
    expect(recoveryCodesLeft).toBe(9);
  });

  it("makes recovery codes anew for the password alone; the earlier ones are dead", async () => {
    const { codes, signedIn } = await turnOn();
    const renew = (password: string) =>
      renewRecoveryCodes(store, signedIn, password, options());
    expect(await renew("wrong")).toBe(null);
    const [fresh] = (await renew(PASSWORD))!;
    expect((await finish(await begin(), codes[0]!)).outcome).toBe("wrong");
    expect((await finish(await begin(), fresh!)).outcome).toBe("done");
  });

  it("lets a second step go on for five minutes, once, and not after sessions were ended", async () => {
    const { secret, codes } = await turnOn();
    const late = await begin();
    clock.advance(CHALLENGE_MS);
    expect((await finish(late, codeOf(secret))).outcome).toBe("over");
    const used = await begin();
    expect((await finish(used, codes[0]!)).outcome).toBe("done");
    expect((await finish(used, codes[1]!)).outcome).toBe("over");
    const ended = await begin();
    await endSessionsOfUser(store, user.id);
    expect((await finish(ended, codes[2]!)).outcome).toBe("over");
    expect((await finish("nonsense", codes[2]!)).outcome).toBe("over");
  });

  it("is throttled by the person, whatever browser the codes come from", async () => {
    const { secret } = await turnOn();
    for (let at = 0; at < CODE_LIMIT.attempts; at++) {
      expect((await finish(await begin(), "000000")).outcome).toBe("wrong");
    }
    const token = await begin();
    await expect(finish(token, codeOf(secret))).rejects.toThrow(ThrottledError);
    clock.advance(CODE_LIMIT.firstWaitMs!);
    expect((await finish(token, codeOf(secret))).outcome).toBe("done");
  });

  it("is turned off for the password alone, and leaves nothing", async () => {
    const { signedIn } = await turnOn();
    const off = (password: string) =>
      turnOffSecondFactor(store, signedIn, password, options());
    expect(await off("wrong")).toBe(null);
    expect(await off(PASSWORD)).not.toBe(null);
    expect(await findSecondFactor(store, user.id)).toBe(null);
    const credentials = { email: user.email, password: PASSWORD };
    expect((await beginSignIn(store, credentials, options()))?.done).toBe(true);
  });

  it("is sealed anew when the portal's key changes", async () => {
    const { secret } = await turnOn();
    const rotated = createSecrets(btoa("n".repeat(32)), [KEY]);
    await rotateSecrets(store, rotated);
    const row = await findSecondFactor(store, user.id);
    expect(row!.totp.keyId).toBe(rotated.keyId);
    const given = { stepToken: await begin(), code: codeOf(secret) };
    const done = await finishSignIn(store, rotated, given, { clock });
    expect(done.outcome).toBe("done");
  });
});
