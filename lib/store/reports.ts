import {
  addDays,
  changedReport,
  type Clock,
  ConflictError,
  dayStart,
  isoNow,
  isReportWeek,
  type LeadMetrics,
  localDay,
  mondayOf,
  NotFoundError,
  type ReportChange,
  sameFigures,
  type WeekFigures,
  weekFigures,
  type WeeklyReport,
} from "../domain/mod.ts";
import { kvOf, type Store } from "./_store.ts";
import { tenantKeys } from "./keys.ts";
import type { TenantStore } from "./tenant_store.ts";

/** A report as it is stored, with the stamp that a change of it has to name. */
export interface StoredReport {
  report: WeeklyReport;
  stamp: string;
}

/** Somebody else has changed the report since it was read. */
export class ReportChangedError extends ConflictError {
  override name = "ReportChangedError";
}

/** The newest version of a week's report, or null. One read. */
export async function findReport(
  store: Store,
  tenantId: string,
  week: string,
): Promise<StoredReport | null> {
  if (!isReportWeek(week)) return null;
  const { value, versionstamp } = await kvOf(store).get<WeeklyReport>(
    tenantKeys(tenantId).report(week),
  );
  return versionstamp === null ? null : { report: value, stamp: versionstamp };
}

/** The versions before the newest, oldest first. One read, none where there is one version only. */
export async function listEarlierReports(
  store: Store,
  tenantId: string,
  { week, version }: Pick<WeeklyReport, "week" | "version">,
): Promise<WeeklyReport[]> {
  if (version === 1) return [];
  const prefix = tenantKeys(tenantId).reportVersions(week);
  const earlier: WeeklyReport[] = [];
  const rows = kvOf(store).list<WeeklyReport>({ prefix });
  for await (const { value } of rows) earlier.push(value);
  return earlier;
}

/** The newest version of every report, drafts too, newest week first. One read. */
export async function listAllReports(
  store: Store,
  tenantId: string,
): Promise<WeeklyReport[]> {
  const prefix = tenantKeys(tenantId).reports();
  const reports: WeeklyReport[] = [];
  const rows = kvOf(store).list<WeeklyReport>({ prefix }, { reverse: true });
  for await (const { value } of rows) reports.push(value);
  return reports;
}

/**
 * Changes a report where it still is what `stamp` says; the version that a new one replaces is kept.
 *
 * @throws {NotFoundError} when there is no such report, or the tenant was purged.
 * @throws {ReportChangedError} when somebody else has changed it meanwhile.
 */
export async function changeReport(
  store: Store,
  tenantId: string,
  { week, stamp }: { week: string; stamp: string },
  change: ReportChange,
  clock: Clock,
): Promise<StoredReport> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const [state, current] = await kv.getMany<unknown>([
    k.state(),
    k.report(week),
  ]);
  if (!state?.value || state.value === "purged" || !current?.value) {
    throw new NotFoundError(`Cannot change report '${week}': no such report`);
  }
  const { report, replaced } = changedReport(
    current.value as WeeklyReport,
    change,
    isoNow(clock),
  );
  const outcome = current.versionstamp === stamp && await kv.commit({
    checks: [
      { key: k.report(week), versionstamp: stamp },
      { key: k.state(), versionstamp: state.versionstamp },
    ],
    sets: [
      { key: k.report(week), value: report },
      ...replaced
        ? [{ key: k.reportVersion(week, replaced.version), value: replaced }]
        : [],
    ],
  });
  if (!outcome || !outcome.ok) {
    throw new ReportChangedError(
      "Somebody else has changed this report since you opened it",
    );
  }
  return { report, stamp: outcome.versionstamp };
}

/**
 * Notes that a version goes out by e-mail; false where it did before, or where the report was changed meanwhile.
 * It is noted before the first letter, so that nobody gets one twice.
 */
export async function markReportMailed(
  store: Store,
  tenantId: string,
  { report, stamp }: StoredReport,
  clock: Clock,
): Promise<boolean> {
  if (report.mailedAt !== undefined) return false;
  const key = tenantKeys(tenantId).report(report.week);
  const { ok } = await kvOf(store).commit({
    checks: [{ key, versionstamp: stamp }],
    sets: [{ key, value: { ...report, mailedAt: isoNow(clock) } }],
  });
  return ok;
}

/**
 * A week's figures from the views that are kept; null where there are none of the week.
 *
 * @param week its Monday
 * @param leadsAfter the view of a day after the week, which counts its new leads
 */
export async function computeWeek(
  reader: TenantStore,
  week: string,
  leadsAfter: LeadMetrics,
): Promise<WeekFigures | null> {
  const { timezone } = reader.tenant;
  const next = addDays(week, 7);
  const last = await reader.kpisBefore(next);
  if (!last || mondayOf(last.day) !== week) return null;
  const { leads, pipeline, kpis } = await reader.views(last.day);
  if (!leads || !pipeline || !kpis) return null;
  const iso = (day: string) => new Date(dayStart(day, timezone)).toISOString();
  return weekFigures({
    week,
    timezone,
    leads,
    pipeline,
    kpis,
    leadsAfter,
    before: await reader.kpisBefore(week),
    changes: await reader.listStageChanges(iso(week), iso(next)),
  });
}

/**
 * The figures of a report as the kept views give them now; null where they say what the report says, or where the
 * views are no longer kept.
 */
export async function correctedFigures(
  reader: TenantStore,
  { week, frozenAt, figures }: WeeklyReport,
): Promise<WeekFigures | null> {
  const frozenOn = localDay(Date.parse(frozenAt), reader.tenant.timezone);
  const { leads } = await reader.views(frozenOn);
  const now = leads && await computeWeek(reader, week, leads);
  return now && !sameFigures(figures, now) ? now : null;
}

/** Who asked for reports by e-mail: ids of users. */
export async function listReportSubscribers(
  store: Store,
  tenantId: string,
): Promise<string[]> {
  const prefix = tenantKeys(tenantId).reportSubscribers();
  const ids: string[] = [];
  const rows = kvOf(store).list<{ userId: string }>({ prefix });
  for await (const { value } of rows) ids.push(value.userId);
  return ids;
}

/** Whether this user gets the reports of this tenant by e-mail. One read. */
export async function isReportSubscriber(
  store: Store,
  tenantId: string,
  userId: string,
): Promise<boolean> {
  const key = tenantKeys(tenantId).reportSubscriber(userId);
  return (await kvOf(store).get(key)).versionstamp !== null;
}

/**
 * Begins or ends the sending of reports to a user.
 *
 * @throws {NotFoundError} when the tenant was purged.
 */
export async function setReportSubscriber(
  store: Store,
  tenantId: string,
  userId: string,
  wanted: boolean,
  clock: Clock,
): Promise<void> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const key = k.reportSubscriber(userId);
  const state = await kv.get<string>(k.state());
  const checks = [{ key: k.state(), versionstamp: state.versionstamp }];
  const { ok } = state.value === null || state.value === "purged"
    ? { ok: false }
    : await kv.commit(
      wanted
        ? { checks, sets: [{ key, value: { userId, since: isoNow(clock) } }] }
        : { checks, deletes: [key] },
    );
  if (!ok) {
    throw new NotFoundError("Cannot send reports of this brand: it is closing");
  }
}
