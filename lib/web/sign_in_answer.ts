import type { Context } from "fresh";
import { endSession, type SignInResult } from "../auth/mod.ts";
import { appendAudit } from "../store/mod.ts";
import { actorOf } from "./audit.ts";
import { readSessionToken, stepCookieHeader } from "./cookies.ts";
import { logOf } from "./errors.ts";
import { isHttps } from "./origin.ts";
import type { State } from "./state.ts";
import { setSignInCookies } from "./visitor.ts";

/** What proved who it is. */
export type SignInProof = "password" | "totp" | "recovery_code" | "passkey";

const HOME = "/dashboard";

/**
 * Sends somebody who has just signed in on their way. The session that the browser had before ends, and
 * what it had begun is over.
 */
export async function signInAnswer(
  ctx: Context<State>,
  result: SignInResult,
  { by, next }: { by: SignInProof; next: string | null },
): Promise<Response> {
  const { services, requestId } = ctx.state;
  const https = isHttps(ctx);
  const before = readSessionToken(ctx.req.headers, https);
  if (before) await endSession(services.store, before);
  logOf(services).info("Signed in", { requestId, user: result.user.id, by });
  await appendAudit(services.store, {
    actor: actorOf(result.user),
    action: "session.started",
    detail: { by },
    requestId,
  }, services.clock);
  const answer = ctx.redirect(next ?? HOME, 303);
  setSignInCookies(ctx, answer, result);
  if (by !== "password") {
    const step = by === "passkey" ? "passkey" : "sign_in";
    answer.headers.append("set-cookie", stepCookieHeader(step, null, https));
  }
  return answer;
}
