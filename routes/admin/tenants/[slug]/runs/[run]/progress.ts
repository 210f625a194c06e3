import { adminTenantPath } from "../../../../../../components/admin_words.ts";
import { runWatchView } from "../../../../../../components/run_watch.ts";
import { NotFoundError } from "../../../../../../lib/domain/mod.ts";
import {
  defineSignedIn,
  jsonAnswer,
  localUrl,
  methods,
  NEXT_RUN,
  runStanding,
  type SignedInState,
  tenantFor,
} from "../../../../../../lib/web/mod.ts";

/** How far a sync has come, as JSON for the page that watches it. */
export const handler = defineSignedIn.handlers(methods<SignedInState>({
  async GET({ req, url, params, state: { services: { store, clock } } }) {
    const { tenant } = await tenantFor(store, params.slug ?? "");
    const now = clock.now();
    const runId = params.run ?? "";
    const after = url.searchParams.get("after") ?? "";
    const standing = await runStanding(store, tenant.id, { runId, after, now });
    if (!standing) throw new NotFoundError(`Cannot find run '${runId}'`);
    const path = `${adminTenantPath(tenant)}/runs`;
    const asked = localUrl(`${path}/${NEXT_RUN}`, { after, watch: "1" });
    return jsonAnswer(req, runWatchView(standing, { path, asked, now }));
  },
}));
