import type { Middleware } from "./types.ts";
import type { StaticFile } from "./_snapshot.ts";
import { ASSET_KEY } from "./_asset.ts";
import { BUILD_ID } from "./_build_id.ts";
import { type Context, getSnapshot } from "./context.ts";

/** Serves the project's static files and the modules of its islands. */
export function staticFiles<T>(): Middleware<T> {
  return async (ctx) => {
    const path = normalizePath(ctx.url.pathname);
    const file = path && await getSnapshot(ctx)?.findFile(path);
    if (file) return await serve(ctx, file);
    // Browsers ask for it on their own: spare them a rendered page.
    if (ctx.url.pathname === "/favicon.ico") {
      return new Response(null, { status: 404 });
    }
    return await ctx.next();
  };
}

/** A path that no escaping changes. */
const PLAIN = /^(?:\/[\w.-]+)+$/;

/** The path with each segment escaped in one way, null if it is malformed. */
function normalizePath(pathname: string): string | null {
  if (pathname === "/") return null;
  if (PLAIN.test(pathname)) return pathname;
  try {
    const names = decodeURIComponent(pathname).split("/").filter(Boolean);
    return `/${names.map(encodeURIComponent).join("/")}`;
  } catch {
    return null;
  }
}

async function serve<T>(ctx: Context<T>, file: StaticFile): Promise<Response> {
  const { req, url } = ctx;
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405 });
  }
  const key = url.searchParams.get(ASSET_KEY);
  if (key !== null && key !== BUILD_ID) {
    url.searchParams.delete(ASSET_KEY);
    const location = url.pathname + url.search;
    return new Response(null, { status: 307, headers: { location } });
  }

  const headers = new Headers({
    "content-type": file.contentType,
    vary: "If-None-Match",
  });
  const isProduction = ctx.config.mode === "production";
  if (isProduction && file.hash !== null) {
    const tag = `W/"${file.hash}"`;
    const known = req.headers.get("if-none-match");
    if (known === tag || known === file.hash) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("etag", tag);
  }
  const isKeyed = key !== null ||
    url.pathname.startsWith(`/_fresh/js/${BUILD_ID}/`);
  headers.set(
    "cache-control",
    isProduction && isKeyed
      ? "public, max-age=31536000, immutable"
      : "no-cache, no-store, max-age=0, must-revalidate",
  );
  const content = await file.read();
  headers.set("content-length", String(content.byteLength));
  return new Response(req.method === "HEAD" ? null : content, { headers });
}
