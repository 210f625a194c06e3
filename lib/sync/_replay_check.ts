import {
  type RecordOf,
  type StreamName,
  STREAMS,
  type SyncState,
} from "../domain/mod.ts";
import type { DayViews, RawManifest, TenantStore } from "../store/mod.ts";
import { figuresOf, withStoredTimes } from "./_figures.ts";
import { appliedEntries } from "./_fold.ts";
import { DayFold, type DayPlan, planDays } from "./_replay_days.ts";
import { type Difference, Findings } from "./_replay_findings.ts";
import {
  type Judged,
  judgeStream,
  type ReplayContext,
} from "./_replay_stream.ts";

/** An earlier day whose figures were looked at. */
export interface ReplayedDay {
  /** YYYY-MM-DD in the tenant's zone. */
  day: string;
  /**
   * `rewritten`: by a replay that does not only check. `beyond`: raw of that day is no longer kept. `unsettled`: a
   * run that ended on its way had left its mark. In these two the frozen figures stand.
   */
  status: "same" | "different" | "rewritten" | Exclude<DayPlan["kind"], "told">;
}

export interface Range {
  from?: string | undefined;
  to?: string | undefined;
  signal?: AbortSignal;
  onProgress?: (what: string) => void;
}

/** What was found. */
export interface Found {
  records: number;
  notCovered: number;
  differences: Difference[];
  differenceCount: number;
  days: ReplayedDay[];
}

/** The view documents of a day as they are stored. */
export type StoredViews = { [V in keyof DayViews]: DayViews[V] | null };

/** One replay that only compares; what it shares with one that puts things right is open to that. */
export class ReplayCheck {
  protected readonly findings = new Findings();
  protected records = 0;
  protected notCovered = 0;

  constructor(
    protected readonly context: ReplayContext,
    protected readonly reader: TenantStore,
    protected readonly state: SyncState,
    protected readonly manifests: readonly RawManifest[],
  ) {}

  async check(range: Range): Promise<Found> {
    const { viewDay } = this.state;
    if (viewDay !== null) await this.#figures(viewDay, range);
    const rest = viewDay === null ? STREAMS : ["notes", "activities"] as const;
    for (const stream of rest) await drained(this.judged(stream, range));
    return this.found(await this.days(range));
  }

  /** Compares the records that figures are computed from, and the figures of the newest day. */
  async #figures(day: string, range: Range): Promise<void> {
    const cycles = await Array.fromAsync(this.#right("cycles", range));
    const source = {
      cycles: () => Promise.resolve(cycles),
      opportunities: () => this.#right("opportunities", range),
      leads: () => this.#right("leads", range),
    };
    const stored = await this.reader.views(day);
    const at = { day, computedAt: this.computedAt(stored) };
    const { views } = await figuresOf(source, this.context.tenant, at);
    this.findings.addViews(day, withStoredTimes(views, stored), stored);
  }

  protected found(days: ReplayedDay[]): Found {
    const { records, notCovered, findings } = this;
    const { differences, count: differenceCount } = findings;
    return { records, notCovered, differences, differenceCount, days };
  }

  /** When the stored figures were computed: those to compare them with are for the same moment. */
  protected computedAt({ leads, pipeline, kpis }: StoredViews): string {
    return (leads ?? pipeline ?? kpis)?.computedAt ??
      this.state.finishedAt ?? "1970-01-01T00:00:00.000Z";
  }

  /** The records of a stream as they should be; on the way they are compared. */
  async *#right<S extends StreamName>(
    stream: S,
    range: Range,
  ): AsyncGenerator<RecordOf[S]> {
    for await (const { right } of this.judged(stream, range)) {
      if (right) yield right.record;
    }
  }

  protected async *judged<S extends StreamName>(
    stream: S,
    { signal, onProgress }: Range,
  ): AsyncGenerator<Judged<S>> {
    onProgress?.(stream);
    const entries = appliedEntries(this.manifests, stream);
    for await (const judged of judgeStream(this.context, stream, entries)) {
      signal?.throwIfAborted();
      const { part, covered, stored, same, right } = judged;
      this.records++;
      if (!covered) this.notCovered++;
      if (!same) {
        this.findings.addRecord(stream, part, right?.form ?? null, stored);
      }
      yield judged;
    }
  }

  /** Looks at the earlier days of the range that have figures, or should have. */
  protected async days(range: Range): Promise<ReplayedDay[]> {
    const { context, reader, manifests, state } = this;
    const days: ReplayedDay[] = [];
    const { rawKeptFrom = null } = state.cursor;
    const plans = planDays(manifests, await this.#daysOf(range), rawKeptFrom);
    let fold: DayFold | null = null;
    for (const plan of plans) {
      range.signal?.throwIfAborted();
      const { day } = plan;
      const stored = await reader.views(day);
      const frozen = stored.leads ?? stored.pipeline ?? stored.kpis;
      if (plan.kind !== "told") {
        if (frozen) days.push({ day, status: plan.kind });
        continue;
      }
      range.onProgress?.(day);
      fold ??= new DayFold(
        context,
        manifests,
        plan.cut,
        rawKeptFrom,
      );
      await fold.advance(plan.cut);
      const computedAt = frozen?.computedAt ??
        manifests[plan.cut]!.fetchedAt;
      const told = await fold.views(context.tenant, { day, computedAt });
      const views = withStoredTimes(told, stored);
      const same = this.findings.addViews(day, views, stored);
      if (!same) await this.onOtherViews(views);
      days.push({ day, status: same ? "same" : this.whenOther });
    }
    return days;
  }

  protected readonly whenOther: "different" | "rewritten" = "different";

  /** The figures of an earlier day are others. */
  protected onOtherViews(_views: DayViews): Promise<void> {
    return Promise.resolve();
  }

  /** Days with figures, and days with a run that came to its end; not the newest, which is looked at in any case. */
  async #daysOf({ from, to }: Range): Promise<string[]> {
    const { viewDay } = this.state;
    if (from === undefined || viewDay === null) return [];
    const days = new Set([
      ...(await this.reader.kpiHistory(Infinity)).map(({ day }) => day),
      ...this.manifests.flatMap(({ day, finished }) => finished ? [day] : []),
    ]);
    return [...days].filter((day) =>
      day >= from && day < viewDay && (to === undefined || day <= to)
    ).sort();
  }
}

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
