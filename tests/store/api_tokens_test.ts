import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { ConflictError, NotFoundError } from "../../lib/domain/mod.ts";
import {
  type ApiToken,
  apiTokenId,
  checkDirectory,
  createApiToken,
  createTenant,
  findApiToken,
  type KvOperation,
  listApiTokens,
  noteApiTokenUse,
  openStore,
  purgeTenant,
  revokeApiToken,
  setTenantStatus,
  type Store,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { allRows } from "../_dump.ts";
import { backUp, restore } from "./_backup.ts";

const HASH = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const DAY = 86_400_000;

let kv: Deno.Kv;
let store: Store;
let clock: TestClock;
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
});

afterEach(() => store.close());

const iso = (days: number) => new Date(clock.now() + days * DAY).toISOString();

function apiToken(fields: Partial<ApiToken> = {}): ApiToken {
  return {
    tenantId: "acme",
    name: "Sheet",
    scopes: ["leads"],
    last4: "wxyz",
    createdBy: "ann",
    createdAt: iso(0),
    expiresAt: iso(30),
    lastUsedAt: null,
    revokedAt: null,
    ...fields,
  };
}

/** Rows of tokens, by the first part of their keys. */
async function rowsLeft(): Promise<string[]> {
  return (await allRows(kv)).map(({ key }) => String(key[0]))
    .filter((part) => part.startsWith("api_tokens"));
}

describe("createApiToken()", () => {
  it("keeps a token by its hash and by its tenant", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    await createApiToken(store, OTHER, apiToken({ tenantId: "bolt" }), clock);
    expect(await findApiToken(store, HASH)).toEqual(apiToken());
    expect(await findApiToken(store, "ef".repeat(32))).toBe(null);
    expect(await listApiTokens(store, "acme"))
      .toEqual([{ tokenHash: HASH, apiToken: apiToken() }]);
  });

  it("lists the newest first", async () => {
    await createApiToken(store, OTHER, apiToken(), clock);
    clock.advance(1000);
    await createApiToken(store, HASH, apiToken(), clock);
    const tokens = await listApiTokens(store, "acme");
    expect(tokens.map(({ tokenHash }) => tokenHash)).toEqual([HASH, OTHER]);
  });

  it("takes no hash twice, and makes none for a tenant that is not there or was purged", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    await expect(createApiToken(store, HASH, apiToken(), clock))
      .rejects.toThrow(ConflictError);
    await setTenantStatus(store, "bolt", "purged");
    for (const tenantId of ["bolt", "nowhere"]) {
      await expect(createApiToken(store, OTHER, apiToken({ tenantId }), clock))
        .rejects.toThrow(NotFoundError);
    }
    expect(await rowsLeft()).toHaveLength(2);
  });
});

describe("revokeApiToken()", () => {
  it("ends a token once, by its name and in its own tenant alone", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    const revoke = (tenantId: string, id = apiTokenId(HASH)) =>
      revokeApiToken(store, tenantId, id, clock);
    await expect(revoke("bolt")).rejects.toThrow(NotFoundError);
    await expect(revoke("acme", "")).rejects.toThrow(NotFoundError);
    expect((await findApiToken(store, HASH))?.revokedAt).toBe(null);
    const at = iso(0);
    expect(await revoke("acme")).toEqual(apiToken({ revokedAt: at }));
    clock.advance(DAY);
    expect(await revoke("acme")).toBe(null);
    expect((await findApiToken(store, HASH))?.revokedAt).toBe(at);
  });

  it("keeps both rows of a token for the same time: a change writes both", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    operations.length = 0;
    await noteApiTokenUse(store, HASH, clock);
    await revokeApiToken(store, "acme", apiTokenId(HASH), clock);
    const written = operations.filter(({ kind }) => kind === "commit")
      .map(({ keys }) => keys.map(([first]) => first));
    const both = ["api_tokens", "api_tokens_by_tenant"];
    expect(written).toEqual([both, both]);
  });

  it("is not undone by a use of the same moment", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    await Promise.all([
      noteApiTokenUse(store, HASH, clock),
      revokeApiToken(store, "acme", apiTokenId(HASH), clock),
      noteApiTokenUse(store, HASH, clock),
    ]);
    expect(await findApiToken(store, HASH))
      .toEqual(apiToken({ lastUsedAt: iso(0), revokedAt: iso(0) }));
  });
});

describe("tokens and the rest of the store", () => {
  it("a purge of the tenant takes its tokens along, and no other's", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    await createApiToken(store, OTHER, apiToken({ tenantId: "bolt" }), clock);
    const { rows } = await purgeTenant(store, "acme", { clock });
    expect(rows.api_tokens).toBe(1);
    expect(await findApiToken(store, HASH)).toBe(null);
    expect(await findApiToken(store, OTHER)).not.toBe(null);
    expect(await rowsLeft()).toEqual(["api_tokens", "api_tokens_by_tenant"]);
    expect((await checkDirectory(store)).differences).toEqual([]);
  });

  it("a backup holds none, so that a restore brings none back", async () => {
    await createApiToken(store, HASH, apiToken(), clock);
    const backup = await backUp(store, { clock });
    await revokeApiToken(store, "acme", apiTokenId(HASH), clock);
    await restore(backup, { kv, replace: true });
    expect(await rowsLeft()).toEqual([]);
  });

  const flaws: [Deno.KvKey, string][] = [
    [
      ["api_tokens", HASH],
      "api_tokens_by_tenant / acme / abababababab…: belongs to no record",
    ],
    [
      ["api_tokens_by_tenant", "acme", HASH],
      "api_tokens_by_tenant / acme / abababababab…: is missing, though a record asks for it",
    ],
    [
      ["tenants", "acme"],
      "api_tokens_by_tenant / acme / abababababab…: opens a tenant that is not there",
    ],
  ];
  for (const [key, line] of flaws) {
    it(`the deep check finds a row that is missing: ${line}`, async () => {
      await createApiToken(store, HASH, apiToken(), clock);
      expect((await checkDirectory(store)).differences).toEqual([]);
      await kv.delete(key);
      expect((await checkDirectory(store)).differences).toContain(line);
    });
  }
});
