import type { Context } from "fresh";
import {
  API_TOKEN_RATE,
  type ApiTokenFlaw,
  countApiRequest,
  countUnknownToken,
  readApiToken,
} from "../auth/mod.ts";
import {
  apiTokenId,
  countRepeat,
  openTenant,
  type RepeatLimit,
} from "../store/mod.ts";
import { scopeOf } from "./api_endpoints.ts";
import { recordAudit } from "./audit.ts";
import { clientAddress } from "./client_address.ts";
import { isApi, logOf } from "./errors.ts";
import { type Problem, ProblemError } from "./problem.ts";
import { isReading } from "./same_origin.ts";
import type { State, TokenHolder, Workspace } from "./state.ts";
import { workspaceOf } from "./workspace.ts";

// What a request gets that authenticates itself by `Authorization: Bearer …` (RFC 6750).

type Ctx = Context<State>;

const FLAWS: Record<ApiTokenFlaw, string> = {
  revoked: "This token was revoked.",
  expired: "This token has expired.",
  maker:
    "This token has stopped: whoever made it no longer manages the workspace.",
};

/** The header `WWW-Authenticate` of a refusal. */
export function challenge(error?: string, scope?: string): string {
  return [
    'Bearer realm="Tetherboard"',
    error && `error="${error}"`,
    scope && `scope="${scope}"`,
  ].filter(Boolean).join(", ");
}

/**
 * Finds out whose token the request carries, where it asks a JSON endpoint. Elsewhere a token counts for nothing;
 * and nowhere does it change anything.
 *
 * @throws {ProblemError} 401 for a token that opens nothing, 403 for a change, 429 when it asks too often.
 */
export async function admitBearer(ctx: Ctx): Promise<void> {
  const forPrograms = isApi(ctx.url);
  if (forPrograms) ctx.state.apiToken = await holderOf(ctx);
  if (isReading(ctx.req)) return;
  const problem = { status: 403, detail: "An API token only reads." };
  throw forPrograms
    ? await refused(ctx, "method", problem)
    : new ProblemError(problem);
}

/**
 * The workspace that the token opens.
 *
 * @throws {ProblemError} 403 where the token's scopes lack the endpoint or the workspace is not active, 404 where
 * the address names another one.
 */
export async function workspaceOfToken(
  ctx: Ctx,
  { tenantId, scopes }: TokenHolder,
): Promise<Workspace> {
  const scope = ctx.route === null ? null : scopeOf(ctx.route);
  if (scope === null || !scopes.includes(scope)) {
    throw await refused(ctx, "scope", {
      status: 403,
      detail: scope === null
        ? "No API token opens this address."
        : `This token does not open '${scope}'.`,
      headers: {
        "www-authenticate": challenge("insufficient_scope", scope ?? ""),
      },
    });
  }
  const tenant = await openTenant(ctx.state.services.store, tenantId);
  if (tenant.status !== "active") {
    const problem = { status: 403, detail: "This workspace is not active." };
    throw await refused(ctx, "inactive", problem);
  }
  const named = ctx.url.searchParams.getAll("w");
  if (named.length > 1 || named.some((slug) => slug !== tenant.tenant.slug)) {
    const detail = "There is nothing at this address.";
    throw await refused(ctx, "workspace", { status: 404, detail });
  }
  return workspaceOf(tenant, "tenant_viewer");
}

async function holderOf(ctx: Ctx): Promise<TokenHolder> {
  const { services: { store, clock } } = ctx.state;
  const text = ctx.req.headers.get("authorization")!.slice("Bearer".length);
  const found = await readApiToken(store, text.trim(), clock);
  if (!found) throw await unknown(ctx);
  const { tokenHash, apiToken: { name, tenantId, scopes }, flaw } = found;
  const holder = {
    id: apiTokenId(tokenHash),
    tokenHash,
    name,
    tenantId,
    scopes,
  };
  ctx.state.apiToken = holder;
  const wait = await countApiRequest(store, tokenHash, clock);
  if (wait !== null) {
    const { requests } = API_TOKEN_RATE;
    const detail = `A token may ask ${requests} times a minute.`;
    throw new ProblemError(tooMany(detail, wait));
  }
  if (flaw) throw await refused(ctx, flaw, notGood(FLAWS[flaw]));
  return holder;
}

async function unknown(ctx: Ctx): Promise<ProblemError> {
  const { store, clock } = ctx.state.services;
  const wait = await countUnknownToken(store, clientAddress(ctx), clock);
  if (wait !== null) {
    const detail =
      "Too many requests from here carried no token that is known.";
    return new ProblemError(tooMany(detail, wait));
  }
  const problem = notGood("The request carries no token that is known.");
  return await refused(ctx, "unknown", problem);
}

function notGood(detail: string): Problem {
  const headers = { "www-authenticate": challenge("invalid_token") };
  return { status: 401, detail, headers };
}

function tooMany(detail: string, seconds: number): Problem {
  return { status: 429, detail, headers: { "retry-after": String(seconds) } };
}

/** Of the refusals of an hour, for each token and reason, the first is written down; more only count. */
const REFUSAL_LIMIT: RepeatLimit = { each: 1, windowMs: 3_600_000 };

/** The refusal, which the audit log hears of: a program that goes on asking does not fill it. */
async function refused(
  ctx: Ctx,
  reason: string,
  problem: Problem,
): Promise<ProblemError> {
  const { services, apiToken, requestId } = ctx.state;
  const subject = apiToken?.id ?? clientAddress(ctx) ?? "unknown";
  try {
    const { count, due } = await countRepeat(
      services.store,
      "denial.api_token",
      `${subject} ${reason}`,
      REFUSAL_LIMIT,
      services.clock,
    );
    if (due) {
      await recordAudit(ctx, "api_token.refused", {
        outcome: "denied",
        tenantId: apiToken?.tenantId ?? null,
        target: `${ctx.req.method} ${ctx.route ?? "?"}`,
        detail: { reason, ...count > 1 ? { deniedThisHour: count } : {} },
      });
    }
  } catch (error) {
    // The refusal stands, whether it can be written down or not.
    logOf(services).error("Cannot record a refusal: {error}", {
      requestId,
      error,
    });
  }
  return new ProblemError(problem);
}
