import {
  type ApiScope,
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import { updateRecord } from "./_update.ts";
import { keys, prefixes, tenantKeys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";

/** `["api_tokens", sha256(token)]`: opens one tenant to a program. Whether it is still good is for lib/auth to say. */
export interface ApiToken {
  tenantId: string;
  /** What people call it. */
  name: string;
  scopes: ApiScope[];
  /** The last four characters of the token, by which people tell it from others. */
  last4: string;
  /** The user who made it. */
  createdBy: string;
  /** ISO 8601 UTC, as all its times. */
  createdAt: string;
  expiresAt: string;
  /** Exact to some minutes; null before the first use. */
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** A token with the key that it is stored under. */
export interface StoredApiToken {
  tokenHash: string;
  apiToken: ApiToken;
}

/** Characters of a token's hash that name it to people: 64 bits, from which no token follows. */
const ID_LENGTH = 16;
/** A token that is over is still listed for so long, and its use is known for what it is. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** The name of a token in lists, forms and the audit log. */
export function apiTokenId(tokenHash: string): string {
  return tokenHash.slice(0, ID_LENGTH);
}

/**
 * Stores a token with its row by tenant; both go by themselves some time after it is over.
 *
 * @throws {NotFoundError} when there is no such tenant, or it was purged.
 * @throws {ConflictError} when the tenant is being changed, or the hash is in use, which 256 random bits rule out.
 */
export async function createApiToken(
  store: Store,
  tokenHash: string,
  apiToken: ApiToken,
  clock: Clock,
): Promise<void> {
  const kv = kvOf(store);
  const { tenantId } = apiToken;
  const [tenant, state] = await kv.getMany<unknown>([
    keys.tenant(tenantId),
    tenantKeys(tenantId).state(),
  ]);
  if (!tenant?.value || !state?.value || state.value === "purged") {
    throw new NotFoundError(`Cannot make a token of tenant '${tenantId}'`);
  }
  const key = keys.apiToken(tokenHash);
  const { ok } = await kv.commit({
    checks: [
      { key, versionstamp: null },
      ...[tenant, state].map(({ key, versionstamp }) => ({
        key,
        versionstamp,
      })),
    ],
    sets: [...rowsOf(tokenHash, apiToken, clock)],
  });
  if (!ok) {
    throw new ConflictError(
      "Cannot make a token: the brand is being changed; try again",
    );
  }
}

/** The token, or null. It may be past its time: the database removes it late. */
export async function findApiToken(
  store: Store,
  tokenHash: string,
): Promise<ApiToken | null> {
  return (await kvOf(store).get<ApiToken>(keys.apiToken(tokenHash))).value;
}

/** Every token of the tenant whose row is there, the newest first. */
export async function listApiTokens(
  store: Store,
  tenantId: string,
): Promise<StoredApiToken[]> {
  const kv = kvOf(store);
  const hashes: string[] = [];
  const rows = kv.list({ prefix: prefixes.apiTokensByTenant(tenantId) });
  for await (const { key } of rows) hashes.push(String(key.at(-1)));
  const tokens = await kv.getMany<ApiToken>(hashes.map(keys.apiToken));
  return tokens.flatMap(({ value }, at) =>
    value ? [{ tokenHash: hashes[at]!, apiToken: value }] : []
  ).sort((a, b) => b.apiToken.createdAt.localeCompare(a.apiToken.createdAt));
}

/**
 * Ends a token of the tenant, named by its {@linkcode apiTokenId}, for good.
 *
 * @returns The token; null when it had been revoked before.
 * @throws {NotFoundError} when the tenant has none of this name.
 * @throws {ConflictError} when others changed it all the time.
 */
export async function revokeApiToken(
  store: Store,
  tenantId: string,
  id: string,
  clock: Clock,
): Promise<ApiToken | null> {
  const found = (await listApiTokens(store, tenantId))
    .find(({ tokenHash }) => apiTokenId(tokenHash) === id);
  if (!found) throw new NotFoundError(`Cannot revoke token '${id}'`);
  let revoked = false;
  const apiToken = await changeApiToken(
    store,
    found.tokenHash,
    (current) => {
      revoked = current.revokedAt === null;
      return { ...current, revokedAt: current.revokedAt ?? isoNow(clock) };
    },
    clock,
  );
  return revoked ? apiToken : null;
}

/**
 * Notes that the token was used now; a token that was revoked meanwhile stays so.
 *
 * @throws {NotFoundError} when it is gone.
 * @throws {ConflictError} when others changed it all the time.
 */
export async function noteApiTokenUse(
  store: Store,
  tokenHash: string,
  clock: Clock,
): Promise<void> {
  const lastUsedAt = isoNow(clock);
  await changeApiToken(
    store,
    tokenHash,
    (current) => ({ ...current, lastUsedAt }),
    clock,
  );
}

function changeApiToken(
  store: Store,
  tokenHash: string,
  change: (current: ApiToken) => ApiToken,
  clock: Clock,
): Promise<ApiToken> {
  const key = keys.apiToken(tokenHash);
  return updateRecord<ApiToken>(kvOf(store), key, "an API token", (current) => {
    const value = change(current);
    const [{ expireIn }, row] = rowsOf(tokenHash, value, clock);
    return { value, expireIn, sets: [row] };
  });
}

/** The token and its row by tenant, which are kept for the same time. */
function rowsOf(tokenHash: string, apiToken: ApiToken, clock: Clock) {
  const { tenantId, createdAt, expiresAt, revokedAt } = apiToken;
  const over = Date.parse(revokedAt ?? expiresAt);
  // At least one millisecond: KV takes no less.
  const expireIn = Math.max(1, over + KEPT_MS - clock.now());
  return [
    { key: keys.apiToken(tokenHash), value: apiToken, expireIn },
    {
      key: keys.apiTokenByTenant(tenantId, tokenHash),
      value: createdAt,
      expireIn,
    },
  ] as const;
}
