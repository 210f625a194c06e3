import { page } from "fresh";
import { EmptyState } from "../../components/EmptyState.tsx";
import { NotConnected } from "../../components/NotConnected.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { ScheduleGroups } from "../../components/ScheduleGroups.tsx";
import { hereHref } from "../../components/links.ts";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { ScheduleMonth } from "../../components/ScheduleMonth.tsx";
import { Segments } from "../../components/Segments.tsx";
import {
  addMonths,
  dayStart,
  localDay,
  monthOf,
} from "../../lib/domain/mod.ts";
import {
  choiceParam,
  defineInWorkspace,
  monthParam,
  readQuery,
} from "../../lib/web/mod.ts";

const QUERY = {
  view: choiceParam(["list", "month"], "list"),
  month: monthParam(),
};
const LIMIT = 200;
const MONTH_LIMIT = 1000;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace: { store, tenant }, services } }) {
    const now = services.clock.now();
    const { timezone } = tenant;
    const { values: { view, ...given }, problems } = readQuery(url, QUERY);
    const month = given.month ?? monthOf(localDay(now, timezone));
    const { rows, total } = view === "list"
      ? await store.listSchedule({ now, limit: LIMIT })
      : await store.scheduleBetween({
        from: Math.max(now + 1, dayStart(`${month}-01`, timezone)),
        to: dayStart(`${addMonths(month, 1)}-01`, timezone),
        limit: MONTH_LIMIT,
      });
    return page({ view, month, rows, total, now, problems });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function Schedule({ data, state }) {
    const { view, month, rows, total, now, problems } = data;
    const { tenant, sync } = state.workspace;
    const isMonth = view === "month";
    const choices = [
      { label: "List", href: hereHref(tenant.slug), chosen: !isMonth },
      {
        label: "Month",
        href: hereHref(tenant.slug, { view: "month" }),
        chosen: isMonth,
      },
    ];
    const connected = sync.streams.activities?.status !== "not_connected";
    return (
      <>
        <PageHead title="Schedule" {...pageHeadProps(state)}>
          <Segments label="Show as" choices={choices} />
        </PageHead>
        <QueryNotice problems={problems} />
        <div class="grid gap-4">
          {!connected && <NotConnected kept={rows.length > 0} />}
          {isMonth && (connected || rows.length > 0) && (
            <ScheduleMonth
              month={month}
              rows={rows}
              total={total}
              now={now}
              workspace={tenant.slug}
              timezone={tenant.timezone}
            />
          )}
          {!isMonth && rows.length > 0 && (
            <ScheduleGroups
              rows={rows}
              total={total}
              now={now}
              workspace={tenant.slug}
              timezone={tenant.timezone}
            />
          )}
          {!isMonth && connected && rows.length === 0 && (
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
