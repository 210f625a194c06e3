import { print } from "../../cli/_io.ts";

/** Serves what the build exports, as a platform does whose entry point it is. */
const { default: server } = await import(
  new URL("../../_fresh/deploy.js", import.meta.url).href
);
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => print(`Tetherboard on http://127.0.0.1:${port}`),
}, server.fetch);
