import { App, csp, staticFiles } from "fresh";
import { goingFirst, newId } from "../store/mod.ts";
import { recordDenials } from "./audit.ts";
import { catchErrors, type RenderError } from "./errors.ts";
import { session } from "./guard.ts";
import { logRequest } from "./request_log.ts";
import { secondFactorGuard } from "./second_factor_guard.ts";
import { sameOrigin } from "./same_origin.ts";
import { security } from "./security.ts";
import { storeGate, workerGate } from "./standing.ts";
import type { Services, State } from "./state.ts";

export interface AppOptions {
  /** Renders errors as pages; without it they are plain ones. */
  renderError?: RenderError;
}

/**
 * The web application. A request passes, in this order:
 *
 * 1. its state: services and a request id; it leaves one line in the log, and a sync on this thread rests meanwhile;
 * 2. security: sets the final headers of whatever comes back, static files included;
 * 3. worker gate: a process that only syncs goes no further than its health;
 * 4. the static files;
 * 5. csp: gives rendered pages their nonce;
 * 6. errors: what is thrown further in becomes an answer here;
 * 7. store gate: while the database cannot be used, nothing is read;
 * 8. same origin: refuses changes that another site asks for;
 * 9. session: who is it, by a cookie or an API token;
 * 10. denials: what they are refused goes into the audit log;
 * 11. second factor: an admin who must have one and has none gets to its page and to no other;
 * 12. the file routes, behind the guards in their folders' `_middleware.ts`.
 */
export function createApp(
  services: Services,
  { renderError }: AppOptions = {},
): App<State> {
  return new App<State>({ trustProxy: services.trustProxy ?? false })
    .use((ctx) => {
      ctx.state.services = services;
      ctx.state.requestId = newId();
      ctx.state.signedIn = null;
      ctx.state.user = null;
      ctx.state.apiToken = null;
      ctx.state.workspaces = [];
      ctx.state.workspace = null;
      ctx.state.travel = null;
      return goingFirst(() => logRequest(ctx));
    })
    .use(security)
    .use(workerGate)
    .use(staticFiles())
    .use(csp({ useNonce: true }))
    .use(catchErrors(renderError))
    .use(storeGate)
    .use(sameOrigin)
    .use(session)
    .use(recordDenials)
    .use(secondFactorGuard)
    .fsRoutes();
}
