import type { JSX } from "preact";
import type { HandlerFn } from "./handlers.ts";
import type { Method, Route } from "./types.ts";
import {
  type Context,
  getInherited,
  pageProps,
  setInherited,
} from "./context.ts";
import { HttpError } from "./error.ts";
import { renderComponent } from "./_render_page.ts";

/** Runs a route's handler and renders its page with what it returned. */
export async function answerRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  defaultStatus = 200,
): Promise<Response> {
  const handler = handlerFor(route, ctx.req.method as Method);
  if (!handler) throw new HttpError(404);
  applyConfig(ctx, route);

  const result = await handler(ctx);
  if (result instanceof Response) return result;
  let element: JSX.Element | null = null;
  if (route.component) {
    const props = pageProps(ctx, result.data, () => null);
    const rendered = await renderComponent(route.component, props);
    if (rendered instanceof Response) return rendered;
    element = rendered;
  }
  return await ctx.render(element, {
    status: result.status ?? defaultStatus,
    ...(result.headers ? { headers: result.headers } : {}),
  });
}

function applyConfig<State>(ctx: Context<State>, route: Route<State>): void {
  const { app, layouts } = getInherited(ctx);
  setInherited(ctx, {
    app: route.config?.skipAppWrapper ? null : app,
    layouts: route.config?.skipInheritedLayouts ? [] : layouts,
  });
}

function handlerFor<State>(
  { handler, component }: Route<State>,
  method: Method,
): HandlerFn<unknown, State> | undefined {
  if (typeof handler === "function") return handler;
  const render = component && (() => ({ data: {} }));
  if (!handler) return render;
  const GET = handler.GET ?? render;
  if (method === "GET") return GET;
  return handler[method] ?? (method === "HEAD" ? GET : undefined);
}
