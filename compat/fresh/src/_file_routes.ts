import type { HandlerFn, RouteHandler } from "./handlers.ts";
import type {
  Middleware,
  Route,
  RouteComponent,
  RouteConfig,
} from "./types.ts";
import type { RouteTable } from "./app.ts";
import type { RouteFile } from "./_snapshot.ts";
import { foldersOf, isSpecial, patternOf, sortRoutes } from "./_route_files.ts";
import { answerRoute } from "./_route.ts";
import { ALL_METHODS } from "./_router.ts";
import { compose } from "./_scope.ts";

/** What a file under routes/ may export. */
interface RouteModule<State> {
  default?: unknown;
  config?: RouteConfig;
  handler?: RouteHandler<unknown, State> | Middleware<State>[];
  handlers?: RouteHandler<unknown, State> | Middleware<State>[];
}

/** Registers the middleware, layouts and pages of a project's files. */
export function addFileRoutes<State>(
  table: RouteTable<State>,
  files: readonly RouteFile[],
): void {
  for (const file of files.filter(({ id }) => isSpecial(id))) {
    addSpecialFile(table, file.id, file.module as RouteModule<State>);
  }
  for (const file of sortRoutes(files.filter(({ id }) => !isSpecial(id)))) {
    const chain = table.root.at(foldersOf(file.id)).chain();
    const load = lazyRoute<State>(file);
    chain.push(async (ctx) => await answerRoute(ctx, await load()));
    table.router.add(ALL_METHODS, patternOf(file.id), compose(chain));
  }
}

function addSpecialFile<State>(
  { root }: RouteTable<State>,
  id: string,
  module: RouteModule<State>,
): void {
  const scope = root.at(foldersOf(id));
  const component = componentOf(id, module);
  switch (id.slice(id.lastIndexOf("/") + 1)) {
    case "_middleware":
      scope.middlewares.push(...middlewaresOf(id, module));
      return;
    case "_app":
      if (component) root.app = component;
      return;
    case "_layout":
      if (component) {
        scope.layout = { component, config: module.config ?? {} };
      }
      return;
    case "_error":
    case "_500":
      scope.errorPage = routeOf(id, module);
  }
}

/** Loads a route's module once, at its first request. */
function lazyRoute<State>(file: RouteFile): () => Promise<Route<State>> {
  let route: Route<State> | undefined;
  return async () => {
    if (route) return route;
    const module = typeof file.module === "function"
      ? await file.module()
      : file.module;
    return route = routeOf(file.id, module);
  };
}

function routeOf<State>(id: string, module: RouteModule<State>): Route<State> {
  const component = componentOf(id, module);
  const handler = module.handlers ?? module.handler;
  if (!component && !handler) {
    throw new TypeError(
      `Cannot use routes${id}: it exports no page or handler`,
    );
  }
  if (Array.isArray(handler)) {
    throw new TypeError(`Cannot use routes${id}: its handler is a list`);
  }
  if (typeof handler === "function" && handler.length > 1) {
    throw new TypeError(
      `Cannot use routes${id}: its handler takes more than one argument`,
    );
  }
  return {
    ...(component ? { component } : {}),
    ...(handler ? { handler } : {}),
    ...(module.config ? { config: module.config } : {}),
  };
}

function componentOf<State>(
  id: string,
  module: RouteModule<State>,
): RouteComponent<State> | undefined {
  for (const name of ["css", "routeOverride"]) {
    if (name in module || name in (module.config ?? {})) {
      throw new TypeError(`Cannot use routes${id}: no support for '${name}'`);
    }
  }
  return typeof module.default === "function"
    ? module.default as RouteComponent<State>
    : undefined;
}

function middlewaresOf<State>(
  id: string,
  module: RouteModule<State>,
): Middleware<State>[] {
  const given = module.handlers ?? module.handler ?? module.default;
  const list = [given].flat() as HandlerFn<unknown, State>[];
  if (list.some((middleware) => typeof middleware !== "function")) {
    throw new TypeError(`Cannot use routes${id}: it exports no function`);
  }
  return list as Middleware<State>[];
}
