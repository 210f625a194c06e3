import type { LayoutConfig, MaybeLazyMiddleware } from "./types.ts";
import type { Route, RouteComponent } from "./types.ts";
import { type Context, getInherited, setInherited } from "./context.ts";
import { HttpError } from "./error.ts";
import { answerRoute } from "./_route.ts";

/** A folder of the route tree: what the routes inside it inherit. */
export class Scope<State> {
  readonly middlewares: MaybeLazyMiddleware<State>[] = [];
  app: RouteComponent<State> | undefined;
  layout:
    | { component: RouteComponent<State>; config: LayoutConfig }
    | undefined;
  errorPage: Route<State> | undefined;
  readonly #parent: Scope<State> | undefined;
  readonly #children = new Map<string, Scope<State>>();

  constructor(parent?: Scope<State>) {
    this.#parent = parent;
  }

  /** The scope of a folder below this one. */
  at(folders: readonly string[]): Scope<State> {
    const [name, ...rest] = folders;
    if (name === undefined) return this;
    let child = this.#children.get(name);
    if (!child) this.#children.set(name, child = new Scope(this));
    return child.at(rest);
  }

  /** The middleware of a route of this scope, as it stands now. */
  chain(): MaybeLazyMiddleware<State>[] {
    const { app, layout, errorPage } = this;
    const lends = app || layout || errorPage;
    return [
      ...(this.#parent?.chain() ?? []),
      ...(lends
        ? [(ctx: Context<State>) => runInside(ctx, { app, layout, errorPage })]
        : []),
      ...this.middlewares,
    ];
  }
}

/** Lends the scope's wrapper and layout, and answers what is thrown in it. */
async function runInside<State>(
  ctx: Context<State>,
  { app, layout, errorPage }: Pick<
    Scope<State>,
    "app" | "layout" | "errorPage"
  >,
): Promise<Response> {
  const outer = getInherited(ctx);
  const { skipAppWrapper, skipInheritedLayouts } = layout?.config ?? {};
  const inner = {
    app: skipAppWrapper ? null : app ?? outer.app,
    layouts: [
      ...(skipInheritedLayouts ? [] : outer.layouts),
      ...(layout ? [layout.component] : []),
    ],
  };
  setInherited(ctx, inner);
  try {
    return await ctx.next();
  } catch (error) {
    if (!errorPage) throw error;
    ctx.error = error;
    setInherited(ctx, inner);
    const status = error instanceof HttpError ? error.status : 500;
    return await answerRoute(ctx, errorPage, status);
  } finally {
    setInherited(ctx, outer);
  }
}

/** What a chain of middleware becomes: it ends with `last`. */
export type Handler<State> = (
  ctx: Context<State>,
  last: () => Promise<Response>,
) => Promise<Response>;

/** Makes one function of a chain of middleware. */
export function compose<State>(
  chain: readonly MaybeLazyMiddleware<State>[],
): Handler<State> {
  const steps = [...chain];
  const run: (
    ctx: Context<State>,
    last: () => Promise<Response>,
    index: number,
  ) => Promise<Response> = async (ctx, last, index) => {
    const step = steps[index];
    if (!step) return await last();
    ctx.next = () => run(ctx, last, index + 1);
    try {
      const result = await step(ctx);
      if (typeof result !== "function") return result;
      steps[index] = result;
      return await result(ctx);
    } catch (error) {
      ctx.error = error;
      throw error;
    }
  };
  return (ctx, last) => run(ctx, last, 0);
}
