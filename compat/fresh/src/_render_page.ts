import { type AnyComponent, type FunctionComponent, h, type JSX } from "preact";
import {
  type Context,
  type Inherited,
  type PageProps,
  pageProps,
} from "./context.ts";
import type { RouteComponent } from "./types.ts";
import type { Snapshot } from "./_snapshot.ts";
import { renderDocument } from "./_document.ts";
import { setNonce } from "./_nonce.ts";

/** Renders a page inside its layouts and the app's wrapper. */
export async function renderPage<State>(
  ctx: Context<State>,
  page: JSX.Element | null,
  init: ResponseInit,
  inherited: Inherited<State>,
  snapshot: Snapshot | null,
): Promise<Response> {
  let content = page;
  for (const layout of inherited.layouts.toReversed()) {
    const inner = content;
    const result = await renderComponent(
      layout,
      pageProps(ctx, null, () => inner),
    );
    if (result instanceof Response) return result;
    content = result;
  }
  const wrap = inherited.app && await wrapper(ctx, inherited.app);
  if (wrap instanceof Response) return wrap;

  const { html, nonce, links } = renderDocument(
    content,
    wrap,
    ctx.url,
    snapshot,
  );
  const response = pageResponse(html, init);
  if (links.length > 0) response.headers.append("link", links.join(", "));
  setNonce(response, nonce);
  return response;
}

const HTML_TYPE = { "content-type": "text/html; charset=utf-8" };

/**
 * Its type is all that is known of most pages. Deno keeps the text of such a response as it is, while it copies one
 * with more headers at once, in vain where middleware sets others.
 */
function pageResponse(html: string, init: ResponseInit): Response {
  const { status = 200, headers, ...others } = init;
  const response = new Response(html, {
    ...others,
    status,
    headers: HTML_TYPE,
  });
  if (headers) {
    for (const [name, value] of new Headers(headers)) {
      if (name !== "content-type") response.headers.append(name, value);
    }
  }
  return response;
}

/** An element inside which the page is put once it is known. */
export interface Wrapper {
  element: JSX.Element | null;
  setPage(page: JSX.Element): void;
}

async function wrapper<State>(
  ctx: Context<State>,
  app: RouteComponent<State>,
): Promise<Wrapper | Response> {
  let page: JSX.Element | null = null;
  const Component: FunctionComponent = () => page;
  const element = await renderComponent(app, pageProps(ctx, null, Component));
  if (element instanceof Response) return element;
  return { element, setPage: (value) => page = value };
}

/** The element of a component; what is async must be awaited for it. */
export async function renderComponent<State>(
  component: RouteComponent<State>,
  props: PageProps<unknown, State>,
): Promise<JSX.Element | Response | null> {
  return isAsync(component)
    ? await component(props)
    : h(component as AnyComponent<PageProps<unknown, State>>, props);
}

/** Calling a component that is not async would take its hooks from it. */
function isAsync<State>(component: RouteComponent<State>): component is (
  props: PageProps<unknown, State>,
) => Promise<JSX.Element | Response | null> {
  return component.constructor.name === "AsyncFunction";
}
