import { App, type Context, type PageProps } from "fresh";
import { type FunctionComponent, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { createSecrets } from "../lib/auth/mod.ts";
import { systemClock } from "../lib/domain/mod.ts";
import { openStore } from "../lib/store/mod.ts";
import {
  pageGuard,
  session,
  type State,
  timeTravel,
  type WorkspaceState,
} from "../lib/web/mod.ts";
import { PIECES } from "../components/kept.ts";
import Wrapper from "../routes/_app.tsx";
import * as dashboard from "../routes/(workspace)/dashboard.tsx";
import * as hotList from "../routes/(workspace)/hot-list.tsx";
import Layout from "../routes/(workspace)/_layout.tsx";
import * as leads from "../routes/(workspace)/leads.tsx";
import * as notes from "../routes/(workspace)/notes/index.tsx";
import * as pipeline from "../routes/(workspace)/pipeline.tsx";
import * as reports from "../routes/(workspace)/reports/index.tsx";
import * as schedule from "../routes/(workspace)/schedule.tsx";
import { print } from "../cli/_io.ts";
import type { BenchUser } from "./_serve_data.ts";

/** What the bare server is told. */
export interface BareJob {
  path: string;
  secret: string;
  user: BenchUser;
}

interface PageModule {
  handler: unknown;
  default: unknown;
}

const PAGES: Record<string, PageModule> = {
  "/dashboard": dashboard,
  "/reports": reports,
  "/leads": leads,
  "/pipeline": pipeline,
  "/hot-list": hotList,
  "/notes": notes,
  "/schedule": schedule,
};

type Props = PageProps<unknown, State>;
type Page = FunctionComponent<Props>;
type Load = (ctx: Context<State>) => Promise<{ data: unknown }>;

/** What the portal's own guard and handler give a page, kept; and the page with all that stands around it. */
async function treeOf(
  ctx: Context<State>,
  { handler, default: page }: PageModule,
): Promise<() => VNode> {
  const { GET } = handler as { GET: Load };
  const { data } = await GET(ctx);
  const { config, url, req, params, info, state, isPartial, error, route } =
    ctx;
  const shared = { config, url, req, params, info, state, isPartial, error };
  const props = (inner: FunctionComponent): Props => ({
    ...shared,
    route,
    data,
    Component: inner,
  });
  const inside = (component: unknown, inner: FunctionComponent) => () =>
    h(component as Page, props(inner));
  const whole = inside(
    Wrapper,
    inside(Layout, inside(page, () => null)),
  );
  return () => h(whole, null) as VNode;
}

async function trees({ path, secret, user }: BareJob) {
  const store = await openStore({ path });
  const found = new Map<string, () => VNode>();
  const app = new App<State>()
    .use((ctx) => {
      Object.assign(ctx.state, {
        services: {
          store,
          clock: systemClock,
          version: "bench",
          requestSync: () => Promise.resolve(),
          secrets: createSecrets(secret, []),
          upstream: { fetch, baseUrl: "http://127.0.0.1:1", accessToken: null },
        },
        requestId: "bench",
        signedIn: null,
        user: null,
        apiToken: null,
        workspaces: [],
        workspace: null,
        travel: null,
      });
      return ctx.next();
    })
    .use(session)
    .use(pageGuard)
    // Behind the guard, which has put in place what it asks for.
    .use((ctx) => timeTravel(ctx as Context<WorkspaceState>));
  for (const [address, module] of Object.entries(PAGES)) {
    app.get(address, async (ctx) => {
      found.set(address, await treeOf(ctx, module));
      return ctx.text("kept");
    });
  }
  const handler = app.handler();
  for (const address of Object.keys(PAGES)) {
    const answer = await handler(
      new Request(`http://localhost${address}?w=${user.workspace}`, {
        headers: { cookie: user.cookie },
      }),
    );
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  }
  store.close();
  return found;
}

/** Serves the portal's pages with nothing but a renderer: what they show was read at the start, and no piece is kept. */
if (import.meta.main) {
  PIECES.enabled = false;
  const pages = await trees(JSON.parse(Deno.args[0]!));
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    automaticCompression: true,
    onListen: ({ port }) => print(`Bare pages on http://127.0.0.1:${port}`),
  }, (request) => {
    const tree = pages.get(new URL(request.url).pathname);
    return tree
      ? new Response("<!DOCTYPE html>" + renderToString(tree()), {
        headers: { "content-type": "text/html; charset=utf-8" },
      })
      : new Response(null, { status: 404 });
  });
}
