import { define, localUrl } from "../lib/web/mod.ts";

/** The portal's front door is the Dashboard. */
export const handler = define.handlers({
  GET: (ctx) =>
    ctx.redirect(
      localUrl("/dashboard", { w: ctx.url.searchParams.get("w") }),
      303,
    ),
});
