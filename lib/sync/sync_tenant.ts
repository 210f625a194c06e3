import { ulid } from "ulid";
import { createClient, rulesKey } from "../clienttether/mod.ts";
import {
  carryForward,
  type Clock,
  isoNow,
  localDay,
  type Recent,
  type RunProgress,
  type StreamName,
  type StreamResult,
  type StreamResults,
  STREAMS,
  type SyncRun,
  UsageError,
} from "../domain/mod.ts";
import {
  type DayViews,
  LeaseLostError,
  openTenant,
  type RawManifest,
  type Store,
  SyncWriter,
  type Tenant,
  type TenantStore,
} from "../store/mod.ts";
import {
  computeFigures,
  createHotFinder,
  figuresKey,
  withLastNotes,
} from "./_figures.ts";
import { changesOf, FIGURE_STREAMS, stateAfter } from "./_outcome.ts";
import {
  afterInterruption,
  type RunContext,
  type SyncProgress,
} from "./_run.ts";
import type { SyncObserver } from "./observer.ts";
import { syncNotes } from "./_notes.ts";
import { SliceEndedError } from "./_slice.ts";
import { type StreamOutcome, type StreamSteps, syncStream } from "./_stream.ts";
import { sweepAfterRun } from "./_sweep.ts";
import { dueWeek } from "./_week.ts";

export { figuresKey };

/** What a sync needs from the world around it. */
export interface SyncDeps {
  store: Store;
  clock: Clock;
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Opens a tenant's sealed keys. */
  openKeys(
    tenant: Tenant,
  ): Promise<{ webKey: string; accessToken: string | null }>;
  /** Origin of ClientTether. */
  baseUrl?: string | undefined;
  /** Requests per second of one tenant; 0 is no limit. */
  maxRps?: number | undefined;
  /** Told of runs, streams and requests. */
  observer?: SyncObserver | undefined;
  /** Days for which raw is kept, 90 unless told. */
  snapshotRetentionDays?: number | undefined;
}

export interface SyncOptions {
  /** Read everything whole, as once a day. */
  full?: boolean;
  /** An operator has said that a much shorter list is right. */
  acceptRemovals?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
}

/** What `portal sync --json` prints of one tenant. */
export interface SyncReport {
  /** Slug. */
  tenant: string;
  runId: string | null;
  /** `busy`: another sync of the tenant is under way. */
  status: "success" | "failed" | "busy";
  recordsUpdated: number;
  errorMessage: string | null;
  streams: StreamResults;
}

/**
 * Syncs one tenant: lease, run record, raw, records, figures, in this order (docs/architecture.md numbers the steps).
 * Upstream failures end in the report and in the run, never in an exception.
 *
 * @throws {NotFoundError} when there is no such tenant.
 * @throws {UsageError} when it has no web key.
 * @throws {TransientError} when the database does not answer.
 */
export async function syncTenant(
  deps: SyncDeps,
  tenantId: string,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { store, clock } = deps;
  const reader = await openTenant(store, tenantId);
  const { tenant } = reader;
  if (!tenant.clienttetherWebKey) {
    throw new UsageError(
      `Cannot sync tenant '${tenant.slug}': it has no web key`,
    );
  }
  // Before the lease: keys that cannot be opened or used must not leave it taken.
  const { webKey, accessToken } = await deps.openKeys(tenant);
  const lost = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, lost.signal])
    : lost.signal;
  const client = createClient({
    webKey,
    accessToken,
    fetch: deps.fetch,
    clock,
    timezone: tenant.timezone,
    baseUrl: deps.baseUrl,
    maxRps: deps.maxRps,
    signal,
    onRequest: deps.observer?.request,
  });
  const runId = ulid(clock.now());
  const writer = await SyncWriter.open(store, tenantId, clock, {
    owner: runId,
    runId,
  });
  if (!writer) return busy(tenant.slug);
  writer.lease.start((error) => lost.abort(error));
  try {
    const startedMs = clock.now();
    const progress: RunProgress = {};
    const onProgress = ({ stream, ...now }: SyncProgress) => {
      progress[stream] = now;
      writer.lease.note(progress);
      options.onProgress?.({ stream, ...now });
    };
    const run = new TenantSync(deps, reader, {
      runId,
      startedMs,
      startedAt: new Date(startedMs).toISOString(),
      day: localDay(startedMs, tenant.timezone),
      tenant,
      writer,
      before: afterInterruption(await reader.syncState()),
      rulesKey: rulesKey(tenant),
      full: options.full ?? false,
      acceptRemovals: options.acceptRemovals ?? false,
      onProgress,
      signal,
      client,
    });
    const { observer } = deps;
    const work = () => run.sync();
    return await (observer ? observer.run(tenant.slug, work) : work());
  } finally {
    writer.lease.stop();
  }
}

function busy(slug: string): SyncReport {
  return {
    tenant: slug,
    runId: null,
    status: "busy",
    recordsUpdated: 0,
    errorMessage:
      `Another sync of '${slug}' is under way, or the tenant is not active`,
    streams: {},
  };
}

/** One run, after its lease was taken. */
class TenantSync {
  readonly #record: SyncRun;
  readonly #manifest: RawManifest;
  readonly #outcomes = new Map<StreamName, StreamOutcome>();

  constructor(
    private readonly deps: SyncDeps,
    private readonly reader: TenantStore,
    private readonly run: RunContext,
  ) {
    this.#record = {
      id: run.runId,
      startedAt: run.startedAt,
      finishedAt: null,
      status: "running",
      recordsUpdated: 0,
      errorMessage: null,
      streams: {},
    };
    this.#manifest = {
      runId: run.runId,
      fetchedAt: run.startedAt,
      day: run.day,
      finished: false,
      streams: {},
    };
  }

  async sync(): Promise<SyncReport> {
    const { run } = this;
    await run.writer.startRun(this.#record, {
      ...run.before,
      runId: run.runId,
      status: "running",
      startedAt: run.startedAt,
      finishedAt: null,
      errorMessage: null,
    }, this.#interrupted ? run.before.runId : null);
    if (this.#interrupted) await run.writer.sweepNoteBodies();
    const stopped = await this.#streams();
    const views = stopped ? null : await this.#figures();
    return await this.#finish(views, stopped);
  }

  /** Whether the latest run never came to its end. */
  get #interrupted(): boolean {
    return this.run.before.status === "running";
  }

  /** The sentence that says why the run stopped before its end, or null. */
  async #streams(): Promise<string | null> {
    let refused = false;
    for (const stream of STREAMS) {
      try {
        const outcome = await this.#observed(stream, refused);
        this.#outcomes.set(stream, outcome);
        const { fetched: records } = outcome.result;
        this.run.onProgress({ stream, phase: "done", records });
        if (outcome.raw) {
          const applied = outcome.raw.applied ||
            outcome.result.status === "success";
          this.#manifest.streams[stream] = { ...outcome.raw, applied };
        }
        if (outcome.stopped) this.run.signal?.throwIfAborted();
      } catch (error) {
        if (error instanceof LeaseLostError) throw error;
        if (!this.run.signal?.aborted) throw error;
        const { reason } = this.run.signal;
        if (reason instanceof LeaseLostError) throw reason;
        return reason instanceof SliceEndedError
          ? reason.message
          : "The sync was stopped before its end; the next one goes on";
      }
      refused ||= this.#outcomes.get(stream)?.result.status === "refused";
    }
    return null;
  }

  #observed(stream: StreamName, refused: boolean): Promise<StreamOutcome> {
    const { observer } = this.deps;
    const work = () => this.#stream(stream, refused);
    return observer
      ? observer.stream(this.run.tenant.slug, stream, work)
      : work();
  }

  #stream(stream: StreamName, refused: boolean): Promise<StreamOutcome> {
    if (refused) return Promise.resolve(notAsked("not_asked"));
    const { before, day, full } = this.run;
    const waits = stream === "activities" && !full &&
      before.streams.activities?.status === "not_connected" &&
      before.cursor.activitiesAskedDay === day;
    if (waits) return Promise.resolve(notAsked("not_connected"));
    const steps: StreamSteps = {
      onRawStored: async (name, raw, changesFollow) => {
        this.#manifest.streams[name] = raw;
        // Where nothing follows from it, the last commit of the run is early enough.
        if (changesFollow) await this.run.writer.putManifest(this.#manifest);
      },
      hotFinder: () => createHotFinder(this.run.writer, this.run.tenant),
      changedLeads: () => this.#outcomes.get("leads")?.changed ?? null,
    };
    return stream === "notes"
      ? syncNotes(this.run, steps)
      : syncStream(this.run, stream, steps);
  }

  /** Today's view documents; null when they stand already, or cannot be computed yet. */
  async #figures(): Promise<{ views: DayViews; prospects: number } | null> {
    const { before, day, writer, tenant } = this.run;
    const known = FIGURE_STREAMS.every((stream) =>
      this.#outcomes.get(stream)?.result.status === "success" ||
      before.streams[stream]?.lastSuccessAt
    );
    if (!known) return null;
    const at = { day, computedAt: isoNow(this.deps.clock) };
    const same = !this.#interrupted && before.viewDay !== null &&
      before.cursor.figuresKey === figuresKey(tenant) &&
      FIGURE_STREAMS.every((stream) =>
        changesOf(this.#outcomes.get(stream)) === 0
      );
    if (!same) return await computeFigures(writer, tenant, at);
    const notes = changesOf(this.#outcomes.get("notes")) > 0;
    if (before.viewDay === day && !notes) return null;
    const { leads, pipeline, kpis } = await this.reader.views(before.viewDay!);
    // A date that lay in the future may be today's by now.
    if (!leads || !pipeline || !kpis || leads.createdByDay.later) {
      return await computeFigures(writer, tenant, at);
    }
    const { prospects } = before;
    const noted = notes ? await withLastNotes(pipeline, writer) : pipeline;
    const views = { leads, pipeline: noted, kpis };
    if (before.viewDay === day) {
      return noted === pipeline ? null : { views, prospects };
    }
    return { views: carryForward(views, at), prospects };
  }

  /** What is new, summed up; null where it stands already. */
  async #recent(
    { recordsUpdated, finishedAt }: SyncRun,
  ): Promise<Recent | null> {
    const { writer, before: { cursor } } = this.run;
    // Without a key of the figures something else wrote records and did not come to its end.
    const same = recordsUpdated === 0 && !this.#interrupted &&
      cursor.figuresKey !== null &&
      this.#outcomes.size === STREAMS.length && await writer.hasRecent();
    return same ? null : await writer.recent(finishedAt!);
  }

  async #finish(
    figures: { views: DayViews; prospects: number } | null,
    stopped: string | null,
  ): Promise<SyncReport> {
    const { run } = this;
    const { viewDay, firstViewDay } = run.before;
    const { state, record } = stateAfter({
      run,
      outcomes: this.#outcomes,
      record: this.#record,
      figures,
      figuresKey: figuresKey(run.tenant),
      finishedAt: isoNow(this.deps.clock),
      // What an earlier release has left is looked up once.
      firstViewDay: viewDay === null
        ? null
        : firstViewDay ?? await this.reader.firstViewDay(),
      stopped,
    });
    const week = stopped === null
      ? await dueWeek(run, this.reader, figures?.views ?? null)
      : null;
    const reportWeek = week?.week ?? run.before.cursor.reportWeek ?? null;
    const recent = await this.#recent(record);
    const swept = await sweepAfterRun(run, {
      outcomes: this.#outcomes,
      manifest: this.#manifest,
      documents: (figures ? 3 : 0) + (week?.report ? 1 : 0) +
        (recent ? 1 : 0),
      interrupted: this.#interrupted,
      stopped: stopped !== null,
      retentionDays: this.deps.snapshotRetentionDays,
    });
    await run.writer.finish({
      run: record,
      state: {
        ...state,
        cursor: { ...state.cursor, reportWeek, ...swept.cursor },
      },
      expired: swept.expired,
      views: figures?.views ?? null,
      recent,
      manifest: Object.keys(this.#manifest.streams).length > 0
        ? { ...this.#manifest, finished: stopped === null }
        : null,
      report: week?.report ?? null,
      keepDue: stopped !== null,
    });
    return {
      tenant: this.reader.tenant.slug,
      runId: record.id,
      status: record.status === "success" ? "success" : "failed",
      recordsUpdated: record.recordsUpdated,
      errorMessage: record.errorMessage,
      streams: record.streams,
    };
  }
}

function notAsked(status: "not_asked" | "not_connected"): StreamOutcome {
  const result: Omit<StreamResult, "lastSuccessAt"> = {
    status,
    fetched: 0,
    written: 0,
    unchanged: 0,
    removed: 0,
    quarantined: 0,
    error: status === "not_asked"
      ? "Not asked, since ClientTether refused the key"
      : "ClientTether offers no list of scheduled activities for this account",
  };
  return { result, raw: null, plan: null, stored: null };
}
