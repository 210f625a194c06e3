import { HttpError } from "fresh";
import {
  API_TOKEN_DAYS,
  issueApiToken,
  type PublicApiToken,
  publicApiTokens,
} from "../auth/mod.ts";
import { API_SCOPES, type ApiScope } from "../domain/mod.ts";
import { apiTokenId, revokeApiToken } from "../store/mod.ts";
import { pathOf } from "./api_endpoints.ts";
import { recordAudit } from "./audit.ts";
import { readForm } from "./forms.ts";
import { formProblem, type SignedInRequest } from "./people.ts";

// The page of a brand's API tokens, which its admins and the agency each have at an address of their own.

/** What was typed into the form of a new token. */
export interface ApiTokenValues {
  name: string;
  scopes: ApiScope[];
  days: number;
}

/** A token that was made just now; `path` is an endpoint that it opens. */
export interface MadeToken {
  token: string;
  name: string;
  path: string;
}

/** What the page shows. */
export interface ApiTokensPage {
  tokens: PublicApiToken[];
  /** A token that was made just now, to be shown this once. */
  made: MadeToken | null;
  notice: string | null;
  problem: string | null;
  values: ApiTokenValues;
}

type Said = Partial<Omit<ApiTokensPage, "tokens">>;
type Request = SignedInRequest & { req: globalThis.Request };

/** What the form offers first: no text that people wrote, for a quarter. */
const OFFERED: ApiTokenValues = {
  name: "",
  scopes: API_SCOPES.map(({ name }) => name)
    .filter((scope) => scope !== "notes"),
  days: 90,
};

const NOTICE = "That token is revoked: it opens nothing from this moment on.";

/** The page as it is asked for; `done` in its address says what was done on the page before. */
export async function apiTokensPage(
  ctx: SignedInRequest,
  tenantId: string,
): Promise<ApiTokensPage> {
  const done = ctx.url.searchParams.get("done") === "revoke";
  return await pageWith(ctx, tenantId, done ? { notice: NOTICE } : {});
}

/**
 * Does what a form of the page asks for.
 *
 * @returns The page that answers it and its status; null where the page is to be asked for anew, with `done=revoke`.
 * @throws {NotFoundError} when the token to revoke is not one of the tenant.
 */
export async function changeApiTokens(
  ctx: Request,
  tenantId: string,
): Promise<{ page: ApiTokensPage; status: number } | null> {
  const form = await readForm(ctx.req, FIELDS);
  switch (form.do) {
    case "revoke":
      await revoke(ctx, tenantId, form.id);
      return null;
    case "create": {
      const values = valuesOf(form);
      try {
        const made = await create(ctx, tenantId, values);
        return { page: await pageWith(ctx, tenantId, { made }), status: 200 };
      } catch (error) {
        const said = { problem: formProblem(error), values };
        return { page: await pageWith(ctx, tenantId, said), status: 422 };
      }
    }
    default:
      throw new HttpError(400, "The form asks for nothing known");
  }
}

/** The name of a scope's box in the form: each is a field of its own. */
export function scopeField(scope: ApiScope): `scope-${ApiScope}` {
  return `scope-${scope}`;
}

const FIELDS = [
  "do",
  "id",
  "name",
  "days",
  ...API_SCOPES.map(({ name }) => scopeField(name)),
] as const;

function valuesOf(form: Record<typeof FIELDS[number], string>): ApiTokenValues {
  return {
    name: form.name,
    scopes: API_SCOPES.map(({ name }) => name)
      .filter((scope) => form[scopeField(scope)] !== ""),
    days: API_TOKEN_DAYS.find((days) => String(days) === form.days) ?? 0,
  };
}

async function pageWith(
  { state: { services: { store, clock } } }: SignedInRequest,
  tenantId: string,
  said: Said,
): Promise<ApiTokensPage> {
  return {
    tokens: await publicApiTokens(store, tenantId, clock),
    made: null,
    notice: null,
    problem: null,
    values: OFFERED,
    ...said,
  };
}

async function create(
  ctx: SignedInRequest,
  tenantId: string,
  values: ApiTokenValues,
): Promise<MadeToken> {
  const { services: { store, clock }, signedIn } = ctx.state;
  const input = { tenantId, ...values };
  const { token, tokenHash, apiToken } = await issueApiToken(
    store,
    signedIn,
    input,
    clock,
  );
  const { name, scopes, expiresAt } = apiToken;
  await recordAudit(ctx, "api_token.created", {
    tenantId,
    target: apiTokenId(tokenHash),
    detail: { name, scopes: scopes.join(", "), expiresAt },
  });
  return { token, name, path: pathOf(scopes[0]!) };
}

async function revoke(
  ctx: SignedInRequest,
  tenantId: string,
  id: string,
): Promise<void> {
  const { store, clock } = ctx.state.services;
  const revoked = await revokeApiToken(store, tenantId, id, clock);
  if (!revoked) return;
  await recordAudit(ctx, "api_token.revoked", {
    tenantId,
    target: id,
    detail: { name: revoked.name },
  });
}
