/**
 * The part of Fresh 2 that this repository uses, for places where JSR cannot
 * be reached.
 *
 * @module
 */
export { App, type ListenOptions } from "./app.ts";
export { createDefine, type Define } from "./define.ts";
export {
  type HandlerByMethod,
  type HandlerFn,
  page,
  type PageResponse,
  type RouteData,
  type RouteHandler,
} from "./handlers.ts";
export type {
  FreshConfig,
  LayoutConfig,
  Lazy,
  MaybeLazy,
  Method,
  Middleware,
  ResolvedFreshConfig,
  RouteConfig,
} from "./types.ts";
export type { Context, PageProps } from "./context.ts";
export { HttpError } from "./error.ts";
export { staticFiles } from "./static_files.ts";
export { csp, type CSPOptions } from "./csp.ts";
export { csrf, type CsrfOptions } from "./csrf.ts";
