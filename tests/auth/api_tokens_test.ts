import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  API_TOKEN_DAYS,
  hashToken,
  issueApiToken,
  MAX_API_TOKENS,
  publicApiTokens,
  readApiToken,
} from "../../lib/auth/mod.ts";
import {
  ConflictError,
  NotFoundError,
  UsageError,
} from "../../lib/domain/mod.ts";
import {
  createTenant,
  createUser,
  DEFAULT_PORTAL_SETTINGS,
  disableUser,
  findApiToken,
  type KvOperation,
  listMemberships,
  openStore,
  removeMembership,
  revokeApiToken,
  type Role,
  setMembership,
  type Store,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { bearer, makeToken, type TestTokenOptions } from "../_api_token.ts";
import { MINUTE, TestClock } from "../_clock.ts";
import { allRows } from "../_dump.ts";

const DAY = 24 * 60 * MINUTE;

describe("API tokens", () => {
  let kv: Deno.Kv;
  let store: Store;
  let clock: TestClock;
  let ann: User;
  const operations: KvOperation[] = [];

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    const observe = (operation: KvOperation) => void operations.push(operation);
    store = await openStore({ kv, clock, observe });
    for (const id of ["acme", "bolt"]) {
      const names = { id, name: id, timezone: "America/New_York" };
      await createTenant(store, names, clock);
    }
    ann = await user("ann", "acme", "tenant_admin");
  });

  afterEach(() => store.close());

  const user = (id: string, scope: string, role: Role) =>
    createUser(store, {
      id,
      email: `${id}@example.com`,
      name: id,
      passwordHash: null,
      membership: { scope, role },
    }, clock);
  const make = (options: TestTokenOptions = {}, by = ann, tenantId = "acme") =>
    makeToken({ store, clock }, by, tenantId, options);
  const flaw = async (token: string) =>
    (await readApiToken(store, token, clock))?.flaw;

  it("a token has 256 random bits behind a mark, and the database its hash alone", async () => {
    const { token, tokenHash } = await make();
    expect(token).toMatch(/^tb_[A-Za-z0-9_-]{43}$/);
    expect((await make()).token).not.toBe(token);
    expect(tokenHash).toBe(hashToken(token));
    const rows = JSON.stringify(await allRows(kv));
    expect(rows).toContain(tokenHash);
    expect(rows).not.toContain(token.slice(3));
    expect(rows).toContain(`"last4":"${token.slice(-4)}"`);
  });

  it("a token opens its tenant with its scopes, in their own order", async () => {
    const { token, tokenHash } = await make({ scopes: ["status", "leads"] });
    const found = await readApiToken(store, token, clock);
    expect(found).toMatchObject({
      tokenHash,
      apiToken: { tenantId: "acme", scopes: ["leads", "status"] },
      flaw: null,
    });
  });

  it("nothing else is one, and what has not its form is not looked up", async () => {
    const { token } = await make();
    operations.length = 0;
    const malformed = [
      "",
      "tb_",
      token.slice(3),
      token.slice(0, -1),
      `${token}A`,
      token.replace("tb_", "TB_"),
      `${token} `,
      bearer(token).authorization,
    ];
    for (const text of malformed) {
      expect(await readApiToken(store, text, clock)).toBe(null);
    }
    expect(operations).toEqual([]);
    expect(await readApiToken(store, `tb_${"A".repeat(43)}`, clock)).toBe(null);
  });

  it("a token ends when its days are over, for each choice of days", async () => {
    for (const days of API_TOKEN_DAYS) {
      const { token } = await make({ days });
      clock.advance(days * DAY - 1);
      expect(await flaw(token)).toBe(null);
      clock.advance(1);
      expect(await flaw(token)).toBe("expired");
    }
  });

  it("a revoked token is dead from that moment on", async () => {
    const { token, id } = await make();
    const other = await make();
    await revokeApiToken(store, "acme", id, clock);
    expect(await flaw(token)).toBe("revoked");
    expect(await flaw(other.token)).toBe(null);
  });

  it("a token stops with its maker's role, which a new role does not revive", async () => {
    const { token } = await make();
    await setMembership(store, "ann", "acme", "tenant_viewer", clock);
    expect(await flaw(token)).toBe("maker");
    clock.advance(1000);
    await setMembership(store, "ann", "acme", "tenant_admin", clock);
    expect(await flaw(token)).toBe("maker");
    const second = await make();
    expect(await flaw(second.token)).toBe(null);
    await removeMembership(store, "ann", "acme");
    expect(await flaw(second.token)).toBe("maker");
  });

  it("a token stops while its maker's account is disabled", async () => {
    const { token } = await make();
    await disableUser(store, "ann", clock);
    expect(await flaw(token)).toBe("maker");
    await updateUser(store, "ann", { status: "active" }, clock);
    expect(await flaw(token)).toBe(null);
    await kv.delete(["users", "ann"]);
    expect(await flaw(token)).toBe("maker");
  });

  it("a token of the agency lasts as long as its maker is of the agency", async () => {
    const agency = await user("ada", "*", "agency_admin");
    const { token } = await make({}, agency, "bolt");
    expect(await flaw(token)).toBe(null);
    await removeMembership(store, "ada", "*");
    expect(await flaw(token)).toBe("maker");
  });

  it("is made by those who manage the tenant alone", async () => {
    const viewer = await user("vic", "acme", "tenant_viewer");
    await expect(make({}, viewer)).rejects.toThrow(NotFoundError);
    await expect(make({}, ann, "bolt")).rejects.toThrow(NotFoundError);
    expect(await publicApiTokens(store, "bolt", clock)).toEqual([]);
  });

  it("is not made without a name, a scope and one of the choices of days", async () => {
    for (const name of ["", "  ", "a\nb", "x".repeat(101)]) {
      await expect(make({ name })).rejects.toThrow(UsageError);
    }
    await expect(make({ scopes: [] })).rejects.toThrow(UsageError);
    for (const days of [0, -1, 31, 3650, NaN]) {
      await expect(make({ days })).rejects.toThrow(UsageError);
    }
    expect(await publicApiTokens(store, "acme", clock)).toEqual([]);
  });

  it("a tenant has so many good ones at most; those that are over do not count", async () => {
    for (let n = 0; n < MAX_API_TOKENS - 1; n++) await make();
    const { id } = await make();
    await expect(make()).rejects.toThrow(ConflictError);
    await revokeApiToken(store, "acme", id, clock);
    await make();
    await expect(make()).rejects.toThrow(ConflictError);
    clock.advance(30 * DAY);
    await make();
  });

  it("its use is written down once in five minutes", async () => {
    const { token, tokenHash } = await make();
    const at = clock.now();
    operations.length = 0;
    for (let n = 0; n < 9; n++) {
      await readApiToken(store, token, clock);
      clock.advance(MINUTE);
    }
    const commits = operations.filter(({ kind }) => kind === "commit");
    expect(commits).toHaveLength(2);
    const { lastUsedAt } = (await findApiToken(store, tokenHash))!;
    expect(Date.parse(lastUsedAt!)).toBe(at + 5 * MINUTE);
  });

  it("is listed with its maker and what is wrong with it, and nothing that opens anything", async () => {
    const { token, id, tokenHash } = await make({ name: " BI " });
    const [shown, ...others] = await publicApiTokens(store, "acme", clock);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({
      id,
      name: "BI",
      last4: token.slice(-4),
      createdBy: "ann",
      lastUsedAt: null,
      flaw: null,
    });
    expect(JSON.stringify(shown)).not.toContain(tokenHash);
    await removeMembership(store, "ann", "acme");
    expect(await publicApiTokens(store, "acme", clock))
      .toMatchObject([{ flaw: "maker" }]);
  });

  it("whoever signed in with a role that was taken meanwhile makes none that works", async () => {
    const memberships = await listMemberships(store, "ann");
    await removeMembership(store, "ann", "acme");
    const signedIn = {
      tokenHash: "",
      user: ann,
      memberships,
      asked: null,
      settings: DEFAULT_PORTAL_SETTINGS,
      session: {
        userId: "ann",
        epoch: 0,
        tenantId: null,
        createdAt: "",
        seenAt: "",
        expiresAt: "",
      },
    };
    const { token } = await issueApiToken(store, signedIn, {
      tenantId: "acme",
      name: "Late",
      scopes: ["leads"],
      days: 30,
    }, clock);
    expect(await flaw(token)).toBe("maker");
  });
});
