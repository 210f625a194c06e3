import { page } from "fresh";
import { EmptyState } from "../../components/EmptyState.tsx";
import { NotConnected } from "../../components/NotConnected.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { ScheduleGroups } from "../../components/ScheduleGroups.tsx";
import { defineInWorkspace } from "../../lib/web/mod.ts";

const LIMIT = 200;

export const handler = defineInWorkspace.handlers({
  async GET({ state: { workspace: { store }, services } }) {
    const now = services.clock.now();
    const { rows, total } = await store.listSchedule({ now, limit: LIMIT });
    return page({ rows, total, now });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Schedule({ data: { rows, total, now }, state }) {
    const { tenant, sync } = state.workspace;
    const connected = sync.streams.activities?.status !== "not_connected";
    return (
      <>
        <PageHead title="Schedule" {...pageHeadProps(state)} />
        <div class="grid gap-4">
          {!connected && <NotConnected kept={rows.length > 0} />}
          {rows.length > 0 && (
            <ScheduleGroups
              rows={rows}
              total={total}
              now={now}
              timezone={tenant.timezone}
            />
          )}
          {connected && rows.length === 0 && (
            <EmptyState title="Nothing is scheduled from now on.">
              {sync.lastSyncAt === null
                ? "First import is running. Activities appear after its first complete update."
                : "What is planned in ClientTether appears here with the next update."}
            </EmptyState>
          )}
        </div>
      </>
    );
  },
);
