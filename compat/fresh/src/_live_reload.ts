import type { Middleware } from "./types.ts";

/** Tells pages which run of the server answers them. */
const RUN = crypto.randomUUID();

/** Keeps a socket open to each page, which reloads when the run changes. */
export function liveReload<State>(): Middleware<State> {
  return (ctx) => {
    if (ctx.url.pathname !== "/_frsh/alive") return ctx.next();
    if (ctx.req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return new Response("Expected a WebSocket", { status: 426 });
    }
    const { socket, response } = Deno.upgradeWebSocket(ctx.req);
    socket.addEventListener("open", () => socket.send(RUN));
    return response;
  };
}
