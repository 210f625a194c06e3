import type { Context, Middleware } from "fresh";
import { getLogger } from "@logtape/logtape";
import { pathForLog } from "./links.ts";
import {
  type Problem,
  problemAnswer,
  problemTitle,
  toProblem,
} from "./problem.ts";
import type { Services, State, WebLog } from "./state.ts";

/** What an error page shows. */
export interface ErrorView {
  status: number;
  title: string;
  detail: string;
  requestId: string;
}

/**
 * Renders an error as a page, with its status. The answer of `ctx.render()` is to be returned as it
 * is: `csp()` knows a page's nonce by that very object.
 */
export type RenderError = (
  ctx: Context<State>,
  view: ErrorView,
) => Response | Promise<Response>;

/** The logger of the web part, or the one that a test has put in its place. */
export function logOf({ log }: Services): WebLog {
  return log ?? getLogger(["portal", "web"]);
}

/**
 * Catches whatever is thrown further in and answers it: as problem+json below `/api`, as a page
 * elsewhere. It stands inside the middleware that sets the security headers, since what the router
 * answers to an error by itself passes no middleware any more.
 */
export function catchErrors(
  renderError: RenderError = renderPlainError,
): Middleware<State> {
  return async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      const problem = toProblem(error);
      note(ctx, problem, error);
      if (isApi(ctx.url)) return problemAnswer(problem, ctx.state.requestId);
      return await errorPage(ctx, problem, renderError);
    }
  };
}

/** Whether the address is one for programs. */
export function isApi({ pathname }: URL): boolean {
  return pathname === "/api" || pathname.startsWith("/api/");
}

async function errorPage(
  ctx: Context<State>,
  { status, detail, headers = {} }: Problem,
  renderError: RenderError,
): Promise<Response> {
  const { requestId } = ctx.state;
  const view = { status, title: problemTitle(status), detail, requestId };
  let page: Response;
  try {
    page = await renderError(ctx, view);
  } catch (error) {
    logOf(ctx.state.services).error("Cannot render the error page", {
      requestId,
      error,
    });
    page = renderPlainError(ctx, view);
  }
  for (const [name, value] of Object.entries(headers)) {
    page.headers.set(name, value);
  }
  return page;
}

function note(ctx: Context<State>, problem: Problem, error: unknown): void {
  const { requestId, services, user, apiToken, workspace } = ctx.state;
  const { status, detail } = problem;
  const facts = {
    requestId,
    status,
    method: ctx.req.method,
    path: pathForLog(ctx.url),
    user: user?.id ?? null,
    ...apiToken ? { apiToken: apiToken.id } : {},
    tenant: workspace?.tenant.id ?? null,
  };
  const log = logOf(services);
  if (status >= 500) {
    log.error("{method} {path} failed with {status}: {error}", {
      ...facts,
      error,
    });
  } else if (status === 403 || status === 429) {
    log.warn("{method} {path} was refused with {status}: {detail}", {
      ...facts,
      detail,
    });
  }
}

/** The page of last resort: no style, no script, no data. */
function renderPlainError(
  _ctx: Context<State>,
  { status, title, detail, requestId }: ErrorView,
): Response {
  const text = (value: string) =>
    value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
    `<title>${text(title)}</title></head><body><main><h1>${text(title)}</h1>` +
    `<p>${text(detail)}</p><p>Request ${
      text(requestId)
    }</p></main></body></html>`;
  return new Response(html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
