import { type Context, HttpError } from "fresh";
import {
  appendAudit,
  type AuditActor,
  countRepeat,
  type NewAuditEntry,
  type RepeatLimit,
} from "../store/mod.ts";
import { clientAddress } from "./client_address.ts";
import { define } from "./define.ts";
import { logOf } from "./errors.ts";
import { pathForLog } from "./links.ts";
import { ProblemError } from "./problem.ts";
import type { State } from "./state.ts";
import { WorkspaceNotFoundError } from "./workspace.ts";

/** How the audit log names a user. */
export function actorOf({ id, email }: { id: string; email: string }) {
  return { kind: "user", id, name: email } satisfies AuditActor;
}

function programOf(apiToken: State["apiToken"]): AuditActor {
  return apiToken
    ? { kind: "api_token", id: apiToken.id, name: apiToken.name }
    : { kind: "nobody", id: null, name: null };
}

/** What is said of an entry beside who did it and what. */
export type AuditFacts = Omit<NewAuditEntry, "action" | "actor" | "requestId">;

/** The part of a request that an entry is made of. */
export interface AuditedRequest {
  state:
    & Pick<State, "services" | "signedIn" | "apiToken" | "requestId">
    & Partial<Pick<State, "travel">>;
}

/**
 * Appends an entry about what the user or the program of this request has done; `action` is `thing.verb`.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function recordAudit(
  { state: { services, signedIn, apiToken, requestId, travel } }:
    AuditedRequest,
  action: string,
  facts: AuditFacts = {},
): Promise<void> {
  await appendAudit(services.store, {
    ...facts,
    action,
    actor: signedIn ? actorOf(signedIn.user) : programOf(apiToken),
    requestId,
  }, travel?.clock ?? services.clock);
}

const HOUR = 3_600_000;

/** How many refusals of an hour are written down one by one; more only count, see {@linkcode countRepeat}. */
export const DENIAL_LIMITS = {
  user: { each: 50, windowMs: HOUR },
  /** Whoever has several accounts has one address. */
  address: { each: 300, windowMs: HOUR },
} satisfies Record<string, RepeatLimit>;

/**
 * Puts into the audit log what somebody who is signed in was refused: a page that is not for them, a
 * workspace that is not theirs. An unknown workspace is written down like one that others have, so
 * that the time of the answer does not tell the two apart. Nobody fills the log with it: of many
 * refusals a few say how many there were.
 */
export const recordDenials = define.middleware(async (ctx) => {
  try {
    return await ctx.next();
  } catch (error) {
    const facts = ctx.state.signedIn ? deniedBy(error) : null;
    if (facts) {
      try {
        await recordDenial(ctx, facts);
      } catch (failure) {
        // The refusal stands, whether it can be written down or not.
        logOf(ctx.state.services).error("Cannot record a denial: {error}", {
          requestId: ctx.state.requestId,
          error: failure,
        });
      }
    }
    throw error;
  }
});

async function recordDenial(
  ctx: Context<State>,
  facts: AuditFacts,
): Promise<void> {
  const { signedIn } = ctx.state;
  const counts = await countRefusal(ctx, "denial", signedIn?.user.id ?? "");
  if (!counts) return;
  await recordAudit(ctx, "access.denied", {
    ...facts,
    detail: { ...facts.detail, ...counts },
    outcome: "denied",
    target: `${ctx.req.method} ${pathForLog(ctx.url)}`,
  });
}

/**
 * Counts one more refusal of its kind by whom it concerns and by the address that it came from.
 *
 * @returns What its entry says of how many there were; null where none is to be written.
 */
async function countRefusal(
  ctx: Context<State>,
  kind: string,
  subject: string,
): Promise<Record<string, number> | null> {
  const { store, clock } = ctx.state.services;
  const count = (by: keyof typeof DENIAL_LIMITS, subject: string) =>
    countRepeat(store, `${kind}.${by}`, subject, DENIAL_LIMITS[by], clock);
  const [byUser, byAddress] = await Promise.all([
    count("user", subject),
    count("address", clientAddress(ctx) ?? "unknown"),
  ]);
  const due = byAddress.within ? byUser.due : byAddress.due;
  if (!due) return null;
  return byUser.within && byAddress.within ? {} : {
    deniedThisHour: byUser.count,
    deniedFromThisAddress: byAddress.count,
  };
}

/** No address is longer (RFC 5321); what has another form was perhaps no address, and is not written down. */
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,189}$/;

/**
 * Puts a sign-in that failed into the audit log, for a known account and an unknown one alike, so that the time of
 * the answer tells nothing. Of many a few say how many there were.
 *
 * @param reason `credentials`: they are wrong; `throttled`: there were too many before.
 */
export async function recordFailedSignIn(
  ctx: Context<State>,
  email: string,
  reason: "credentials" | "throttled",
): Promise<void> {
  const account = email.trim().toLowerCase();
  const target = EMAIL.test(account) ? account : null;
  const counts = await countRefusal(ctx, "sign_in_failed", target ?? "");
  if (!counts) return;
  await recordAudit(ctx, "session.refused", {
    outcome: "failed",
    target,
    detail: { reason, address: clientAddress(ctx), ...counts },
  });
}

function deniedBy(error: unknown): AuditFacts | null {
  if (error instanceof WorkspaceNotFoundError) {
    return { tenantId: error.tenantId, detail: { workspace: error.slug } };
  }
  const status = error instanceof HttpError
    ? error.status
    : error instanceof ProblemError
    ? error.problem.status
    : null;
  return status === 403 ? {} : null;
}
