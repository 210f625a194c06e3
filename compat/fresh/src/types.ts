import type { AnyComponent, JSX } from "preact";
import type { HandlerByMethod, HandlerFn } from "./handlers.ts";
import type { Context, PageProps } from "./context.ts";

/** The verbs that a handler can be written for. */
export type Method =
  | "HEAD"
  | "GET"
  | "POST"
  | "PATCH"
  | "PUT"
  | "DELETE"
  | "OPTIONS";

/** Settings of the {@linkcode App}. */
export interface FreshConfig {
  mode?: "development" | "production";
  /** Believe X-Forwarded-Proto and X-Forwarded-Host. Default false. */
  trustProxy?: boolean;
}

/** The settings in force. */
export interface ResolvedFreshConfig {
  /** The project's directory. */
  root: string;
  basePath: string;
  mode: "development" | "production";
  trustProxy: boolean;
}

/** What a layout file may export as `config`. */
export interface LayoutConfig {
  /** Render without the layouts of the folders above. Default false. */
  skipInheritedLayouts?: boolean;
  /** Render without `routes/_app`. Default false. */
  skipAppWrapper?: boolean;
}

/** What a route file may export as `config`. */
export type RouteConfig = LayoutConfig;

/** Makes its value when it is first needed. */
export type Lazy<T> = () => Promise<T>;
export type MaybeLazy<T> = T | Lazy<T>;

/**
 * Answers a request, or passes it on by `ctx.next()` and may change what comes
 * back.
 */
export type Middleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response>;

/** A middleware, or a function that makes it at the first request. */
export type MaybeLazyMiddleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response | Middleware<State>>;

/** A component that the server may await, unlike those inside it. */
export type RouteComponent<State> =
  | AnyComponent<PageProps<unknown, State>>
  | ((
    props: PageProps<unknown, State>,
  ) => Promise<JSX.Element | Response | null>);

/** A page: what answers, what is rendered, inside what. */
export interface Route<State> {
  component?: RouteComponent<State>;
  config?: RouteConfig;
  handler?: HandlerFn<unknown, State> | HandlerByMethod<unknown, State>;
}
