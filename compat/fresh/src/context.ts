import { type FunctionComponent, isValidElement, type JSX } from "preact";
import type {
  LayoutConfig,
  ResolvedFreshConfig,
  RouteComponent,
} from "./types.ts";
import type { Snapshot } from "./_snapshot.ts";
import { renderPage } from "./_render_page.ts";

/** What the folders above a route lend to its page. */
export interface Inherited<State> {
  app: RouteComponent<State> | null;
  layouts: readonly RouteComponent<State>[];
}

/** @internal */
export let getInherited: <State>(ctx: Context<State>) => Inherited<State>;
/** @internal */
export let setInherited: <State>(
  ctx: Context<State>,
  inherited: Inherited<State>,
) => void;
/** @internal */
export let getSnapshot: <State>(ctx: Context<State>) => Snapshot | null;

interface ContextInit<State> {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  config: ResolvedFreshConfig;
  snapshot: Snapshot | null;
  next: () => Promise<Response>;
}

/** One request on its way through middleware and route. */
export class Context<State> {
  readonly config: ResolvedFreshConfig;
  /** The request's address, with repeated slashes collapsed. */
  readonly url: URL;
  req: Request;
  /** The pattern that matched, e.g. "/blog/:id". */
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Shared by all middleware of this request. */
  readonly state: State = {} as State;
  data: unknown = undefined;
  /** What was thrown, null if nothing was. */
  error: unknown | null = null;
  readonly info: Deno.ServeHandlerInfo;
  readonly isPartial: boolean = false;
  /** Passes the request on. Call it once only. */
  next: () => Promise<Response>;
  Component!: FunctionComponent;

  #inherited: Inherited<State> = { app: null, layouts: [] };
  #snapshot: Snapshot | null;

  static {
    getInherited = (ctx) => ctx.#inherited;
    setInherited = (ctx, inherited) => ctx.#inherited = inherited;
    getSnapshot = (ctx) => ctx.#snapshot;
  }

  constructor(init: ContextInit<State>) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.config = init.config;
    this.next = init.next;
    this.#snapshot = init.snapshot;
  }

  /**
   * Makes an answer that sends the client elsewhere. A path keeps to this
   * host: `//evil.example` becomes `/evil.example`.
   */
  redirect(pathOrUrl: string, status = 302): Response {
    const location = pathOrUrl.startsWith("/")
      ? pathOrUrl.replace(/^[^?#]*/, (path) => path.replaceAll(/\/+/g, "/"))
      : pathOrUrl;
    return new Response(null, { status, headers: { location } });
  }

  /** Renders a whole document inside the layouts and the app's wrapper. */
  async render(
    vnode: JSX.Element | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) {
      throw new TypeError("Cannot render: the argument is not an element");
    }
    return await renderPage(this, vnode, init, {
      app: config.skipAppWrapper ? null : this.#inherited.app,
      layouts: config.skipInheritedLayouts ? [] : this.#inherited.layouts,
    }, this.#snapshot);
  }

  /** Answers plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** Answers HTML. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** Answers JSON. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}

/** What a page, a layout or the app's wrapper receives. */
export type PageProps<Data = unknown, T = unknown> =
  & Pick<
    Context<T>,
    | "config"
    | "url"
    | "req"
    | "params"
    | "info"
    | "state"
    | "isPartial"
    | "Component"
    | "error"
    | "route"
  >
  & { data: Data };

/** The props of a component of this request. */
export function pageProps<Data, State>(
  ctx: Context<State>,
  data: Data,
  Component: FunctionComponent,
): PageProps<Data, State> {
  const { config, url, req, params, info, state, isPartial, error, route } =
    ctx;
  return {
    config,
    url,
    req,
    params,
    info,
    state,
    isPartial,
    error,
    route,
    data,
    Component,
  };
}
