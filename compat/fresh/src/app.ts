import type {
  FreshConfig,
  MaybeLazy,
  MaybeLazyMiddleware,
  Method,
  Middleware,
  ResolvedFreshConfig,
} from "./types.ts";
import type { Snapshot } from "./_snapshot.ts";
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import { ERROR_TEXT } from "./_status.ts";
import { addFileRoutes } from "./_file_routes.ts";
import { ALL_METHODS, type Match, Router } from "./_router.ts";
import { compose, type Handler, Scope } from "./_scope.ts";

/** What Deno.serve accepts, and an address to show. */
export type ListenOptions =
  & Partial<Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem>
  & { remoteAddress?: string };

/** Where routes are collected when a handler is made. */
export interface RouteTable<State> {
  root: Scope<State>;
  router: Router<Handler<State>>;
}

/** Gives an app what a build made of its project. @internal */
export let attachSnapshot: <State>(
  app: App<State>,
  snapshot: Snapshot,
  mode: ResolvedFreshConfig["mode"],
) => void;

const UNKNOWN_PEER: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

/**
 * A web application: middleware and routes in the order of registration.
 *
 * ```ts
 * import { App, staticFiles } from "fresh";
 *
 * export const app = new App().use(staticFiles()).fsRoutes();
 * ```
 */
export class App<State> {
  config: ResolvedFreshConfig;
  #registrations: ((table: RouteTable<State>) => void)[] = [];
  #snapshot: Snapshot | null = null;

  static {
    attachSnapshot = (app, snapshot, mode) => {
      app.#snapshot = snapshot;
      app.config.root = snapshot.root;
      app.config.mode = mode;
    };
  }

  constructor(config: FreshConfig = {}) {
    this.config = {
      root: ".",
      basePath: "",
      mode: config.mode ?? "production",
      trustProxy: config.trustProxy ?? false,
    };
  }

  /** Adds middleware for the routes registered after it. */
  use(...middleware: MaybeLazyMiddleware<State>[]): this {
    this.#registrations.push(({ root }) =>
      root.middlewares.push(...middleware)
    );
    return this;
  }

  get(path: string, ...steps: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(["GET"], path, steps);
  }

  post(path: string, ...steps: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(["POST"], path, steps);
  }

  put(path: string, ...steps: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(["PUT"], path, steps);
  }

  delete(path: string, ...steps: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(["DELETE"], path, steps);
  }

  /** Answers every verb. */
  all(path: string, ...steps: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(ALL_METHODS, path, steps);
  }

  #handle(
    methods: readonly Method[],
    path: string,
    steps: MaybeLazy<Middleware<State>>[],
  ): this {
    this.#registrations.push(({ root, router }) => {
      const scope = root.at(path.split("/").filter((name) => name !== ""));
      router.add(methods, path, compose([...scope.chain(), ...steps]));
    });
    return this;
  }

  /** Adds the routes of the project's files here. */
  fsRoutes(): this {
    this.#registrations.push((table) =>
      addFileRoutes(table, this.#snapshot?.routes ?? [])
    );
    return this;
  }

  /** Makes the function that answers requests, of what is registered now. */
  handler(): (
    request: Request,
    info?: Deno.ServeHandlerInfo,
  ) => Promise<Response> {
    const snapshot = this.#snapshot;
    if (!snapshot && Deno.env.has("DENO_DEPLOYMENT_ID")) {
      throw new Error("Cannot serve: run the build, then _fresh/server.js");
    }
    const table = {
      root: new Scope<State>(),
      router: new Router<Handler<State>>(),
    };
    for (const register of this.#registrations) register(table);
    const unmatched = compose(table.root.chain());

    return async (req, info = UNKNOWN_PEER) => {
      const url = this.#urlOf(req);
      if (!url) return errorResponse(new HttpError(400));
      const { match, last } = find(table.router, req.method, url);
      const ctx = new Context<State>({
        req,
        url,
        info,
        route: match?.route ?? null,
        params: match?.params ?? Object.create(null),
        config: this.config,
        snapshot,
        next: last,
      });
      try {
        const response: unknown = await (match?.item ?? unmatched)(ctx, last);
        if (!(response instanceof Response)) {
          throw new TypeError(
            `Cannot answer: handler returned ${response}, not a Response`,
          );
        }
        return req.method === "HEAD" ? new Response(null, response) : response;
      } catch (error) {
        return errorResponse(error);
      }
    };
  }

  /** Null where it is none: who asks for a tunnel (CONNECT) names any host. */
  #urlOf(req: Request): URL | null {
    const url = URL.parse(req.url);
    if (!url) return null;
    const { pathname } = url;
    // To set it parses the whole address again.
    if (pathname.includes("//")) {
      url.pathname = pathname.replaceAll(/\/+/g, "/");
    }
    if (this.config.trustProxy) {
      const protocol = req.headers.get("x-forwarded-proto");
      const host = req.headers.get("x-forwarded-host");
      if (protocol) url.protocol = protocol;
      if (host) url.host = host;
    }
    return url;
  }

  /** Serves the app; without a port, on the first free one of 8000 to 8019. */
  listen(options: ListenOptions = {}): Promise<void> {
    return Promise.try(() => serve(options, this.handler()));
  }
}

function serve(options: ListenOptions, handler: Deno.ServeHandler): void {
  const ports = options.port === undefined
    ? Array.from({ length: 20 }, (_, i) => 8000 + i)
    : [options.port];
  for (const port of ports) {
    try {
      Deno.serve({ ...options, port }, handler);
      return;
    } catch (error) {
      const isTaken = error instanceof Deno.errors.AddrInUse;
      if (!isTaken || port === ports.at(-1)) throw error;
    }
  }
}

/** Finds the route of a request, and what ends its chain if none answers. */
function find<State>(
  router: Router<Handler<State>>,
  method: string,
  url: URL,
): { match?: Match<Handler<State>>; last: () => Promise<Response> } {
  let match: Match<Handler<State>> | undefined;
  try {
    match = router.match(method, url);
  } catch (error) {
    return { last: () => Promise.reject(error) };
  }
  if (!match || match.item) {
    const last = () => Promise.reject(new HttpError(404));
    return match ? { match, last } : { last };
  }
  if (method !== "OPTIONS") {
    return { match, last: () => Promise.reject(new HttpError(405)) };
  }
  const headers = { allow: match.methods.join(", ") };
  const response = () => new Response(null, { status: 204, headers });
  return { match, last: () => Promise.resolve(response()) };
}

/** The answer to what no error page answered. */
function errorResponse(error: unknown): Response {
  const isHttp = error instanceof HttpError;
  if (!isHttp || error.status >= 500) {
    // As in the real package: what no error page answered reaches the log.
    globalThis.console.error(error);
  }
  return isHttp
    ? new Response(error.message || ERROR_TEXT[error.status], {
      status: error.status,
    })
    : new Response("Internal server error", { status: 500 });
}
