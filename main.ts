import { h } from "preact";
import { ErrorPage } from "./components/ErrorPage.tsx";
import { registerCrons } from "./lib/sync/mod.ts";
import {
  configureLogging,
  createApp,
  openPortal,
  readConfig,
} from "./lib/web/mod.ts";

const config = readConfig((name) => Deno.env.get(name));
await configureLogging(config);
const portal = await openPortal(config, { patient: true });

export const app = createApp(portal.services, {
  renderError: (ctx, view) =>
    ctx.render(h(ErrorPage, view), { status: view.status }),
});

if (config.role !== "web") {
  registerCrons({
    deps: portal.sync,
    worker: portal.worker,
    cron: Deno.cron,
    timeline: config.timeline,
    watch: portal.watch,
  });
}

/** A server with a cron outlives its first signal: it is ended here, after what it is doing (5 s at most). */
const STOP_MS = 4_500;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    setTimeout(() => Deno.exit(1), STOP_MS);
    portal.close().finally(() => Deno.exit(0));
  });
}
