import { issueApiToken } from "../lib/auth/mod.ts";
import { API_SCOPES, type ApiScope, type Clock } from "../lib/domain/mod.ts";
import {
  apiTokenId,
  DEFAULT_PORTAL_SETTINGS,
  listMemberships,
  type Store,
  type User,
} from "../lib/store/mod.ts";

export const ALL_SCOPES: readonly ApiScope[] = API_SCOPES.map(({ name }) =>
  name
);

export interface TestTokenOptions {
  scopes?: readonly ApiScope[];
  days?: number;
  name?: string;
}

/** A token of a tenant that this user makes, in every scope and for 30 days unless told. */
export async function makeToken(
  { store, clock }: { store: Store; clock: Clock },
  user: User,
  tenantId: string,
  { scopes = ALL_SCOPES, days = 30, name = "Sheet" }: TestTokenOptions = {},
): Promise<{ token: string; tokenHash: string; id: string }> {
  const memberships = await listMemberships(store, user.id);
  const settings = DEFAULT_PORTAL_SETTINGS;
  const session = {
    userId: user.id,
    epoch: user.sessionEpoch,
    tenantId: null,
    createdAt: user.createdAt,
    seenAt: user.createdAt,
    expiresAt: user.createdAt,
  };
  const { token, tokenHash } = await issueApiToken(
    store,
    { tokenHash: "", session, user, memberships, asked: null, settings },
    { tenantId, name, scopes, days },
    clock,
  );
  return { token, tokenHash, id: apiTokenId(tokenHash) };
}

/** The header that carries a token. */
export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
