import { page } from "fresh";
import {
  adminTenantPath,
  durationText,
  runWord,
} from "../../../../../components/admin_words.ts";
import { AccountHead } from "../../../../../components/AccountHead.tsx";
import { AdminRunStreams } from "../../../../../components/AdminRunStreams.tsx";
import { Badge } from "../../../../../components/Badge.tsx";
import { Card } from "../../../../../components/Card.tsx";
import {
  formatCount,
  formatDateTime,
  NotFoundError,
} from "../../../../../lib/domain/mod.ts";
import { openTenant } from "../../../../../lib/store/mod.ts";
import { defineSignedIn, tenantFor } from "../../../../../lib/web/mod.ts";

export const handler = defineSignedIn.handlers({
  async GET({ params, state: { services: { store } } }) {
    const { tenant: { id, slug, name } } = await tenantFor(
      store,
      params.slug ?? "",
    );
    const run = await (await openTenant(store, id)).getRun(params.run ?? "");
    if (!run) throw new NotFoundError(`Cannot find run '${params.run}'`);
    return page({ tenant: { id, slug, name }, run });
  },
});

export default defineSignedIn.page<typeof handler>(
  function AdminTenantRun({ data: { tenant, run } }) {
    const { text, tone } = runWord(run.status);
    return (
      <>
        <AccountHead
          title={`Sync of ${formatDateTime(run.startedAt, "UTC")}`}
          back={{
            href: `${adminTenantPath(tenant)}/runs`,
            text: `Runs of ${tenant.name}`,
          }}
        />
        <Card
          title="Streams"
          says={`Took ${
            durationText(run.startedAt, run.finishedAt) ?? "so far: it runs"
          } · ${
            formatCount(run.recordsUpdated)
          } records updated · times in UTC`}
          aside={<Badge tone={tone}>{text}</Badge>}
        >
          {run.errorMessage && (
            <p class="mb-4 rounded-control bg-alarm text-alarm-ink px-4 py-2">
              {run.errorMessage}
            </p>
          )}
          <AdminRunStreams streams={run.streams} />
        </Card>
      </>
    );
  },
);
