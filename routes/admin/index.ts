import { defineSignedIn } from "../../lib/web/mod.ts";

/** The agency begins with its brands. */
export const handler = defineSignedIn.handlers({
  GET: (ctx) => ctx.redirect("/admin/tenants", 303),
});
