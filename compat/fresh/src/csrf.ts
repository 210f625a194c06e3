import type { Middleware } from "./types.ts";
import type { Context } from "./context.ts";
import { HttpError } from "./error.ts";

/** Options of {@linkcode csrf}. */
export interface CsrfOptions<State = unknown> {
  /** Origins that may write; by default the app's own. */
  origin?:
    | string
    | string[]
    | ((origin: string, context: Context<State>) => boolean);
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses writes that another site's page makes a browser send. A request
 * without Origin and Sec-Fetch-Site passes: no browser sends such.
 */
export function csrf<State>(
  options: CsrfOptions<State> = {},
): Middleware<State> {
  return (ctx) => {
    const { method, headers } = ctx.req;
    if (SAFE_METHODS.has(method)) return ctx.next();
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    const isOwn = site === null
      ? origin === null
      : site === "same-origin" || site === "none";
    if (isOwn || origin !== null && isAllowed(origin, ctx, options)) {
      return ctx.next();
    }
    throw new HttpError(403);
  };
}

function isAllowed<State>(
  origin: string,
  ctx: Context<State>,
  { origin: allowed = ctx.url.origin }: CsrfOptions<State>,
): boolean {
  if (typeof allowed === "function") return allowed(origin, ctx);
  return [allowed].flat().includes(origin);
}
