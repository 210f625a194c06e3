import { page } from "fresh";
import {
  adminTenantPath,
  streamWord,
} from "../../../../../components/admin_words.ts";
import { AccountHead } from "../../../../../components/AccountHead.tsx";
import { Card } from "../../../../../components/Card.tsx";
import { ScrollBox } from "../../../../../components/ScrollBox.tsx";
import {
  formatDateTime,
  NotFoundError,
  STREAMS,
} from "../../../../../lib/domain/mod.ts";
import { getQuarantined } from "../../../../../lib/store/mod.ts";
import { defineSignedIn, tenantFor } from "../../../../../lib/web/mod.ts";

export const handler = defineSignedIn.handlers({
  async GET({ params, url, state: { services: { store } } }) {
    const { tenant: { id, slug, name } } = await tenantFor(
      store,
      params.slug ?? "",
    );
    const asked = url.searchParams.get("stream");
    const stream = STREAMS.find((one) => one === asked);
    const recordId = url.searchParams.get("id") ?? "";
    const row = stream && recordId
      ? await getQuarantined(store, id, stream, recordId)
      : null;
    if (!row) throw new NotFoundError("Cannot find this record in quarantine");
    const { reason, raw, truncated = false, lastSeenAt } = row;
    return page({
      tenant: { id, slug, name },
      record: { id: row.id, stream: row.stream, reason, raw, truncated },
      lastSeenAt,
    });
  },
});

export default defineSignedIn.page<typeof handler>(
  function AdminQuarantined({ data: { tenant, record, lastSeenAt } }) {
    return (
      <>
        <AccountHead
          title={`${streamWord(record.stream)}: ${record.id}`}
          back={{
            href: `${adminTenantPath(tenant)}/quarantine`,
            text: `Quarantine of ${tenant.name}`,
          }}
        />
        <Card
          title={record.reason}
          says={`As ClientTether sent it; last seen ${
            formatDateTime(lastSeenAt, "UTC")
          } (UTC).${record.truncated ? " Only its beginning is kept." : ""}`}
        >
          <ScrollBox label="The record">
            <pre class="px-3 text-small">{record.raw}</pre>
          </ScrollBox>
        </Card>
      </>
    );
  },
);
