import { defineInWorkspace, localUrl } from "../../../lib/web/mod.ts";

/** Leads to the newest report that readers see; to the list while there is none. */
export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const { tenant: { slug }, store } = ctx.state.workspace;
    const [newest] = await store.listReports();
    const path = newest ? `/reports/${newest.week}` : "/reports";
    return ctx.redirect(localUrl(path, { w: slug }), 303);
  },
});
