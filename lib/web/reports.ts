import type { Context } from "fresh";
import { canAdminister, roleIn } from "../auth/mod.ts";
import {
  formatCount,
  formatMoney,
  formatWeek,
  NotFoundError,
  type ReportChange,
  type ReportText,
  visibleVersions,
  type WeeklyReport,
} from "../domain/mod.ts";
import {
  changeReport,
  correctedFigures,
  findReport,
  findUser,
  listEarlierReports,
  listMemberships,
  listReportSubscribers,
  markReportMailed,
  type StoredReport,
} from "../store/mod.ts";
import { recordAudit } from "./audit.ts";
import { later } from "./later.ts";
import type { Mail } from "./mail.ts";
import { publicOrigin } from "./origin.ts";
import type { WorkspaceState } from "./state.ts";
import { inWorkspace } from "./next.ts";

/** A request in a workspace. */
export type ReportRequest = Pick<Context<WorkspaceState>, "url" | "state">;

/** Whether the reader of this request writes and publishes reports, and sees drafts. */
export function editsReports(
  { state: { workspace: { role } } }: Pick<ReportRequest, "state">,
): boolean {
  return canAdminister(role);
}

/**
 * The versions of a week's report that this reader may look at, newest first: at least one. Two reads.
 *
 * @throws {NotFoundError} when there is none: a draft and nothing look the same to those who may not see it.
 */
export async function visibleReports(
  ctx: Pick<ReportRequest, "state">,
  week: string,
): Promise<[WeeklyReport, ...WeeklyReport[]]> {
  const { services: { store }, workspace: { tenant } } = ctx.state;
  const stored = await findReport(store, tenant.id, week);
  const earlier = stored
    ? await listEarlierReports(store, tenant.id, stored.report)
    : [];
  const [newest, ...others] = stored
    ? visibleVersions(stored.report, earlier, editsReports(ctx))
    : [];
  if (!newest) throw new NotFoundError("Cannot show the report: no such one");
  return [newest, ...others];
}

/** What a form of the agency asks for, of the report as it was when the form was made. */
export interface ReportOrder {
  week: string;
  stamp: string;
}

/**
 * Saves title and summary, and publishes where that is asked for.
 *
 * @throws {NotFoundError | ReportChangedError} as `changeReport()` does.
 */
export async function saveReport(
  ctx: ReportRequest,
  order: ReportOrder,
  text: ReportText,
  publish: boolean,
): Promise<void> {
  const change = publish ? { text, publish } : { text };
  const stored = await changed(ctx, order, change, "edited");
  if (!publish) return;
  await record(ctx, "published", stored.report);
  announce(ctx, stored);
}

/** Takes a report from its readers. */
export async function unpublishReport(
  ctx: ReportRequest,
  order: ReportOrder,
): Promise<void> {
  await changed(ctx, order, { publish: false }, "unpublished");
}

/**
 * Computes the figures anew; where they differ they become a new version.
 *
 * @returns Whether they differ.
 */
export async function correctReport(
  ctx: ReportRequest,
  order: ReportOrder,
): Promise<boolean> {
  const { services, workspace } = ctx.state;
  const stored = await findReport(
    services.store,
    workspace.tenant.id,
    order.week,
  );
  if (!stored) {
    throw new NotFoundError(`Cannot correct report '${order.week}'`);
  }
  const figures = await correctedFigures(workspace.store, stored.report);
  if (!figures) return false;
  await changed(ctx, order, { figures }, "corrected");
  return true;
}

async function changed(
  ctx: ReportRequest,
  order: ReportOrder,
  change: ReportChange,
  verb: string,
): Promise<StoredReport> {
  const { services: { store, clock }, workspace: { tenant } } = ctx.state;
  const stored = await changeReport(store, tenant.id, order, change, clock);
  await record(ctx, verb, stored.report);
  return stored;
}

async function record(
  ctx: ReportRequest,
  verb: string,
  { week, version }: WeeklyReport,
): Promise<void> {
  await recordAudit(ctx, `report.${verb}`, {
    tenantId: ctx.state.workspace.tenant.id,
    target: week,
    detail: { version },
  });
}

/** Sends a version that was published, once, to those who asked for it and may still read it. */
function announce(ctx: ReportRequest, stored: StoredReport): void {
  const { services, workspace: { tenant } } = ctx.state;
  const { mail, store, clock } = services;
  if (!mail) return;
  const { week } = stored.report;
  const path = inWorkspace(`/reports/${week}`, tenant.slug);
  const link = publicOrigin(ctx) + path;
  later(services, `send the report of ${week}`, async () => {
    if (!await markReportMailed(store, tenant.id, stored, clock)) return;
    for (const id of await listReportSubscribers(store, tenant.id)) {
      later(services, `send the report of ${week} to user ${id}`, async () => {
        const user = await findUser(store, id);
        const memberships = await listMemberships(store, id);
        if (user?.status !== "active" || !roleIn(tenant.id, memberships)) {
          return;
        }
        const { name, currency } = tenant;
        const brand = { name, currency };
        await mail.send(reportMail(stored.report, brand, user.email, link));
      });
    }
  });
}

/** The letter about a report: its figures and its link. */
export function reportMail(
  { week, title, summary = "", version, figures }: WeeklyReport,
  { name, currency }: { name: string; currency: string },
  to: string,
  link: string,
): Mail {
  const { newLeads, newLeadsBefore } = figures;
  const what = version > 1 ? "Corrected weekly report" : "Weekly report";
  const text = `${name}: ${title}
Week of ${formatWeek(week)}

New leads             ${formatCount(newLeads)} (the week before: ${
    formatCount(newLeadsBefore)
  })
Leads in pipeline     ${formatCount(figures.inPipeline)}
Qualified candidates  ${formatCount(figures.qualifiedLeads)}
Pipeline value        ${formatMoney(figures.totalValueCents, currency)}
Weighted              ${formatMoney(figures.weightedValueCents, currency)}
Hot list              ${formatCount(figures.hotList)}
${summary === "" ? "" : `\n${summary}\n`}
The whole report:
${link}

You get this because you asked for it. The reports page of ${name} ends it.
`;
  return { to, subject: `${what}, ${name}, ${formatWeek(week)}`, text };
}
