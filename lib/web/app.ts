import { App, csp, staticFiles } from "fresh";
import { newId } from "../store/mod.ts";
import { recordDenials } from "./audit.ts";
import { catchErrors, type RenderError } from "./errors.ts";
import { session } from "./guard.ts";
import { secondFactorGuard } from "./second_factor_guard.ts";
import { sameOrigin } from "./same_origin.ts";
import { security } from "./security.ts";
import type { Services, State } from "./state.ts";

export interface AppOptions {
  /** Renders errors as pages; without it they are plain ones. */
  renderError?: RenderError;
}

/**
 * The web application. A request passes, in this order:
 *
 * 1. its state: services and a request id;
 * 2. security: sets the final headers of whatever comes back, static files included;
 * 3. the static files;
 * 4. csp: gives rendered pages their nonce;
 * 5. errors: what is thrown further in becomes an answer here;
 * 6. same origin: refuses changes that another site asks for;
 * 7. session: who is it, by a cookie or an API token;
 * 8. denials: what they are refused goes into the audit log;
 * 9. second factor: an admin who must have one and has none gets to its page and to no other;
 * 10. the file routes, behind the guards in their folders' `_middleware.ts`.
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
      return ctx.next();
    })
    .use(security)
    .use(staticFiles())
    .use(csp({ useNonce: true }))
    .use(catchErrors(renderError))
    .use(sameOrigin)
    .use(session)
    .use(recordDenials)
    .use(secondFactorGuard)
    .fsRoutes();
}
