import { type Context, HttpError, page } from "fresh";
import { CalendarFeed } from "../../components/CalendarFeed.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { NotConnected } from "../../components/NotConnected.tsx";
import { NotKept } from "../../components/NotKept.tsx";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { ScheduleGroups } from "../../components/ScheduleGroups.tsx";
import { hereHref, pageHref, placeOf } from "../../components/links.ts";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { ScheduleMonth } from "../../components/ScheduleMonth.tsx";
import { Segments } from "../../components/Segments.tsx";
import {
  addMonths,
  dayStart,
  localDay,
  monthOf,
} from "../../lib/domain/mod.ts";
import { calendarFeedSince, issueCalendarFeed } from "../../lib/auth/mod.ts";
import { deleteCalendarFeed } from "../../lib/store/mod.ts";
import {
  choiceParam,
  defineInWorkspace,
  monthParam,
  newIds,
  publicOrigin,
  readForm,
  readQuery,
  recordAudit,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

const QUERY = {
  view: choiceParam(["list", "month"], "list"),
  month: monthParam(),
};
const LIMIT = 200;
const MONTH_LIMIT = 1000;

export const handler = defineInWorkspace.handlers({
  GET: (ctx) => show(ctx),

  /** Makes the calendar address, or ends it. */
  async POST(ctx) {
    const { workspace: { tenant }, services, signedIn } = ctx.state;
    const { store, clock } = services;
    const form = await readForm(ctx.req, ["do"]);
    if (form.do === "end") {
      await deleteCalendarFeed(store, tenant.id, signedIn.user.id);
      await recordAudit(ctx, "calendar.ended", { tenantId: tenant.id });
      return ctx.redirect(pageHref("/schedule", tenant.slug), 303);
    }
    if (form.do !== "make") {
      throw new HttpError(400, "The form asks for nothing known");
    }
    const { user } = signedIn;
    const token = await issueCalendarFeed(store, tenant.id, user, clock);
    await recordAudit(ctx, "calendar.made", { tenantId: tenant.id });
    return await show(
      ctx,
      `${publicOrigin(ctx)}/calendar/${tenant.slug}/${token}.ics`,
    );
  },
});

/** @param address the calendar address, where it has just been made */
async function show(
  { url, state }: Context<WorkspaceState>,
  address: string | null = null,
) {
  const { workspace, services, signedIn } = state;
  const { store, tenant } = workspace;
  const now = services.clock.now();
  const { timezone } = tenant;
  const { values: { view, ...given }, problems } = readQuery(url, QUERY);
  const month = given.month ?? monthOf(localDay(now, timezone));
  const untold = await store.untold("activities");
  const [{ rows, total }, since, fresh] = await Promise.all([
    untold
      ? { rows: [], total: 0 }
      : view === "list"
      ? store.listSchedule({ now, limit: LIMIT })
      : store.scheduleBetween({
        from: Math.max(now + 1, dayStart(`${month}-01`, timezone)),
        to: dayStart(`${addMonths(month, 1)}-01`, timezone),
        limit: MONTH_LIMIT,
      }),
    calendarFeedSince(services.store, tenant.id, signedIn.user),
    newIds(workspace, services.clock, "planned"),
  ]);
  const calendar = { since, address };
  const shown = { view, month, rows, total, untold, fresh, now };
  return page({ ...shown, problems, calendar });
}

export default defineInWorkspace.page<typeof handler>(
  function Schedule({ data, state }) {
    const { view, month, rows, total, untold, fresh, now } = data;
    const { problems, calendar } = data;
    const { tenant, sync } = state.workspace;
    const place = placeOf(state);
    const isMonth = view === "month";
    const choices = [
      { label: "List", href: hereHref(place), chosen: !isMonth },
      {
        label: "Month",
        href: hereHref(place, { view: "month" }),
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
          {untold && <NotKept what="schedule" why={untold} />}
          {!connected && <NotConnected kept={rows.length > 0} />}
          {isMonth && !untold && (connected || rows.length > 0) && (
            <ScheduleMonth
              month={month}
              rows={rows}
              total={total}
              now={now}
              workspace={place}
              timezone={tenant.timezone}
            />
          )}
          {!isMonth && rows.length > 0 && (
            <ScheduleGroups
              rows={rows}
              total={total}
              now={now}
              workspace={place}
              timezone={tenant.timezone}
              fresh={fresh}
            />
          )}
          {!isMonth && !untold && connected && rows.length === 0 && (
            <EmptyState title="Nothing is scheduled from now on.">
              {state.travel?.past
                ? "As far as was known that day."
                : sync.lastSyncAt === null
                ? "First import is running. Activities appear after its first complete update."
                : "What is planned in ClientTether appears here with the next update."}
            </EmptyState>
          )}
          {connected && !state.travel?.past && (
            <CalendarFeed
              action={pageHref("/schedule", tenant.slug) + "#calendar"}
              {...calendar}
              timezone={tenant.timezone}
            />
          )}
        </div>
      </>
    );
  },
);
