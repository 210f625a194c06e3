import {
  API_SCOPES,
  type ApiScope,
  type Clock,
  ConflictError,
  NotFoundError,
  UsageError,
} from "../domain/mod.ts";
import {
  type ApiToken,
  apiTokenId,
  createApiToken,
  findApiToken,
  findUser,
  listApiTokens,
  listMemberships,
  noteApiTokenUse,
  type RateLimit,
  type Store,
  type StoredApiToken,
  takeRequest,
} from "../store/mod.ts";
import { countUnknown } from "./_unknown.ts";
import { nameProblem } from "./links.ts";
import { canManagePeople, roleIn } from "./roles.ts";
import type { SignedIn } from "./sessions.ts";
import { hashToken, newToken } from "./tokens.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By this people and secret scanners know a token for what it is. */
const PREFIX = "tb_";
const API_TOKEN = /^tb_[A-Za-z0-9_-]{43}$/;

/** How many days a token may be good for. */
export const API_TOKEN_DAYS = [30, 90, 365] as const;
/** So many of a brand may be good at once; about: two who make one at the same moment may pass it by one. */
export const MAX_API_TOKENS = 25;
/** What one token may ask. */
export const API_TOKEN_RATE: RateLimit = { requests: 60, windowMs: MINUTE };
/** How old `lastUsedAt` may be before it is written again. */
const USED_EVERY_MS = 5 * MINUTE;

/** What a token is to be. */
export interface ApiTokenInput {
  tenantId: string;
  name: string;
  scopes: readonly ApiScope[];
  days: number;
}

/**
 * Makes a token for a tenant.
 *
 * @returns The token, to be shown once: the store keeps its hash alone.
 * @throws {NotFoundError} when the user does not manage the tenant, or there is none.
 * @throws {UsageError} for a name, scopes or days that are not to be had.
 * @throws {ConflictError} when the tenant has as many as it may have, or is being changed.
 */
export async function issueApiToken(
  store: Store,
  { user, memberships }: SignedIn,
  { tenantId, name, scopes, days }: ApiTokenInput,
  clock: Clock,
): Promise<{ token: string } & StoredApiToken> {
  const role = roleIn(tenantId, memberships);
  if (!role || !canManagePeople(role)) {
    throw new NotFoundError(`Cannot make a token of tenant '${tenantId}'`);
  }
  const problem = nameProblem(name);
  if (problem) throw new UsageError(problem);
  if (scopes.length === 0) throw new UsageError("Choose what the token opens");
  if (!API_TOKEN_DAYS.some((known) => known === days)) {
    throw new UsageError("Choose how long the token is good");
  }
  const now = clock.now();
  const good = (await listApiTokens(store, tenantId))
    .filter(({ apiToken }) => !isOver(apiToken, clock));
  if (good.length >= MAX_API_TOKENS) {
    throw new ConflictError(
      `Cannot make a token: the brand has ${MAX_API_TOKENS} already; revoke one first`,
    );
  }
  const token = PREFIX + newToken();
  const tokenHash = hashToken(token);
  const apiToken: ApiToken = {
    tenantId,
    name: name.trim(),
    scopes: API_SCOPES.map(({ name }) => name).filter((scope) =>
      scopes.includes(scope)
    ),
    last4: token.slice(-4),
    createdBy: user.id,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + days * DAY).toISOString(),
    lastUsedAt: null,
    revokedAt: null,
  };
  await createApiToken(store, tokenHash, apiToken, clock);
  return { token, tokenHash, apiToken };
}

/** Why a token that there is opens nothing. */
export type ApiTokenFlaw = "revoked" | "expired" | "maker";

/** What a text in place of a token stands for; null: for nothing. */
export type FoundApiToken = StoredApiToken & { flaw: ApiTokenFlaw | null };

/**
 * What a text stands for, read strongly consistent. A token is good while its maker has an active account and
 * has managed the brand ever since: whoever leaves takes along no key that works.
 */
export async function readApiToken(
  store: Store,
  text: string,
  clock: Clock,
): Promise<FoundApiToken | null> {
  if (!API_TOKEN.test(text)) return null;
  const tokenHash = hashToken(text);
  const apiToken = await findApiToken(store, tokenHash);
  if (!apiToken) return null;
  const flaw = await flawOf(store, apiToken, clock);
  if (!flaw) await noteUse(store, tokenHash, apiToken, clock);
  return { tokenHash, apiToken, flaw };
}

/** A token as those who manage it may see it: nothing in it opens anything. */
export interface PublicApiToken
  extends Omit<ApiToken, "tenantId" | "createdBy"> {
  /** Names it in a form. */
  id: string;
  /** Its maker's name; null when the account is gone. */
  createdBy: string | null;
  flaw: ApiTokenFlaw | null;
}

/** The tokens of a tenant, the newest first; those that are over for 30 more days. */
export async function publicApiTokens(
  store: Store,
  tenantId: string,
  clock: Clock,
): Promise<PublicApiToken[]> {
  const tokens: PublicApiToken[] = [];
  for (const stored of await listApiTokens(store, tenantId)) {
    const { tokenHash, apiToken } = stored;
    const { tenantId: _, createdBy, ...shown } = apiToken;
    tokens.push({
      ...shown,
      id: apiTokenId(tokenHash),
      createdBy: (await findUser(store, createdBy))?.name ?? null,
      flaw: await flawOf(store, apiToken, clock),
    });
  }
  return tokens;
}

/**
 * Counts a request of a token by its rate.
 *
 * @returns Null when it may be answered, else after how many seconds it may come again.
 */
export async function countApiRequest(
  store: Store,
  tokenHash: string,
  clock: Clock,
): Promise<number | null> {
  const kind = "api_token.rate";
  const attempt = await takeRequest(
    store,
    kind,
    tokenHash,
    API_TOKEN_RATE,
    clock,
  );
  return attempt.allowed ? null : attempt.retryAfterSeconds;
}

/**
 * Counts a token that there is not by the address that it came from. Good tokens from there are answered all the
 * same, so that nobody can shut an office out.
 *
 * @returns Null, or after how many seconds the address may try again.
 */
export function countUnknownToken(
  store: Store,
  address: string | null,
  clock: Clock,
): Promise<number | null> {
  return countUnknown(store, "api_token.address", address, clock);
}

async function flawOf(
  store: Store,
  apiToken: ApiToken,
  clock: Clock,
): Promise<ApiTokenFlaw | null> {
  if (apiToken.revokedAt !== null) return "revoked";
  if (isOver(apiToken, clock)) return "expired";
  return await isBacked(store, apiToken) ? null : "maker";
}

/** Whether the maker could make the token still, by a role from before: one that is given anew revives nothing. */
async function isBacked(
  store: Store,
  { createdBy, createdAt, tenantId }: ApiToken,
): Promise<boolean> {
  const [user, memberships] = await Promise.all([
    findUser(store, createdBy),
    listMemberships(store, createdBy),
  ]);
  if (user?.status !== "active") return false;
  const role = roleIn(
    tenantId,
    memberships.filter((one) => one.createdAt <= createdAt),
  );
  return role !== null && canManagePeople(role);
}

function isOver({ revokedAt, expiresAt }: ApiToken, clock: Clock): boolean {
  return revokedAt !== null || clock.now() >= Date.parse(expiresAt);
}

async function noteUse(
  store: Store,
  tokenHash: string,
  { lastUsedAt }: ApiToken,
  clock: Clock,
): Promise<void> {
  const since = lastUsedAt === null
    ? Infinity
    : clock.now() - Date.parse(lastUsedAt);
  if (since < USED_EVERY_MS) return;
  try {
    await noteApiTokenUse(store, tokenHash, clock);
  } catch (error) {
    // Purged, or noted by others at this moment: the next request finds that out.
    if (error instanceof NotFoundError || error instanceof ConflictError) {
      return;
    }
    throw error;
  }
}
