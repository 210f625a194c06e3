import { type StreamName, STREAMS, type SyncState } from "../domain/mod.ts";
import type {
  DayViews,
  HotFinder,
  RawManifest,
  StreamIndex,
  SyncWriter,
  TenantStore,
  Upsert,
} from "../store/mod.ts";
import { computeFigures, createHotFinder, figuresKey } from "./_figures.ts";
import { type Found, type Range, ReplayCheck } from "./_replay_check.ts";
import type { Judged, ReplayContext } from "./_replay_stream.ts";

/** Records written at a time. */
const WRITE_SIZE = 500;
/** Stands for a record that the sync index has lost, until the record is written or removed. */
const NO_HASH = "\0".repeat(16);

export interface RebuildRun {
  writer: SyncWriter;
  runId: string;
  /** Now, ISO 8601 UTC. */
  at: string;
}

/** What was found and put right. */
export interface Rebuilt extends Found {
  written: number;
  removed: number;
}

/** A replay that puts right what it finds. Killed anywhere and run again, it ends in the same place. */
export class ReplayRebuild extends ReplayCheck {
  protected override readonly whenOther = "rewritten";
  #written = 0;
  #removed = 0;
  #rewritten = 0;
  #begun = false;

  constructor(
    context: ReplayContext,
    reader: TenantStore,
    state: SyncState,
    manifests: readonly RawManifest[],
    private readonly run: RebuildRun,
  ) {
    super(context, reader, state, manifests);
  }

  async rebuild(range: Range): Promise<Rebuilt> {
    const { context: { tenant, rules }, state, run: { writer, runId } } = this;
    const counts: SyncState["counts"] = { ...state.counts };
    for (const stream of STREAMS) {
      const size = await this.#rebuildStream(stream, range);
      if (counts[stream] !== undefined || size > 0) counts[stream] = size;
    }
    const figures = await this.#figures();
    const days = await this.days(range);
    const changed = this.#written + this.#removed + this.#rewritten +
      (figures?.moved ?? 0) + (figures?.views ? 1 : 0);
    const next: SyncState = {
      ...state,
      dataVersion: state.dataVersion + (changed > 0 ? 1 : 0),
      counts,
      prospects: figures?.prospects ?? state.prospects,
      cursor: {
        ...state.cursor,
        rulesKey: rules,
        figuresKey: figures ? figuresKey(tenant) : state.cursor.figuresKey,
        ...this.#begun ? { rewrittenBy: runId } : {},
      },
    };
    const same = !this.#begun && JSON.stringify(next) === JSON.stringify(state);
    if (this.#written + this.#removed > 0) {
      await writer.putRecent(await writer.recent(this.run.at), runId);
    }
    await writer.finishReplay({
      state: same ? null : next,
      views: figures?.views ?? null,
      version: runId,
    });
    const { written, removed } = {
      written: this.#written,
      removed: this.#removed,
    };
    return { ...this.found(days), written, removed };
  }

  /** Whoever takes over after a crash has to compute the figures anew. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const cursor = {
      ...this.state.cursor,
      figuresKey: null,
      rewrittenBy: this.run.runId,
    };
    await this.run.writer.putState({ ...this.state, cursor });
  }

  /** The number of records that are stored now. */
  async #rebuildStream(stream: StreamName, range: Range): Promise<number> {
    const { context, run: { writer } } = this;
    const index = await writer.readIndex(stream);
    const hotOf = stream === "opportunities"
      ? await createHotFinder(writer, context.tenant)
      : null;
    let inPlace = 0;
    let upserts: Upsert<StreamName>[] = [];
    let removals: string[] = [];
    for await (const judged of this.judged(stream, range)) {
      const { part, stored, right } = judged;
      if (right) inPlace++;
      if (isRight(judged, index)) continue;
      // The old rows of a record are found by the index alone.
      if (stored && !index.has(part)) index.set(part, NO_HASH);
      if (right) {
        const hash = right.hash ?? index.get(part)!;
        upserts.push({ record: right.record, hash });
      } else removals.push(part);
      if (upserts.length + removals.length < WRITE_SIZE) continue;
      await this.#apply(index, upserts, removals, hotOf);
      [upserts, removals] = [[], []];
    }
    await this.#apply(index, upserts, removals, hotOf);
    if (index.size > inPlace) {
      await this.#apply(index, [], await this.#namedOnly(stream, index), hotOf);
    }
    return index.size;
  }

  /** What the index names, but neither raw nor the records know. */
  async #namedOnly(stream: StreamName, index: StreamIndex): Promise<string[]> {
    const named = new Set(index.parts());
    for await (const { part } of this.context.stored.forms(stream)) {
      named.delete(part);
    }
    return [...named];
  }

  async #apply(
    index: StreamIndex,
    upserts: Upsert<StreamName>[],
    removals: string[],
    hotOf: HotFinder | null,
  ): Promise<void> {
    if (upserts.length + removals.length === 0) return;
    await this.#begin();
    const { writer, runId, at } = this.run;
    await writer.apply(index, upserts, removals, {
      runId,
      at,
      ...(hotOf ? { hotOf } : {}),
    });
    this.#written += upserts.length;
    this.#removed += removals.length;
  }

  /** The figures of the newest day; `views` is null where they stand already. Null: there were none so far. */
  async #figures() {
    const { context: { tenant }, reader, state: { viewDay }, run } = this;
    if (viewDay === null) return null;
    const stored = await reader.views(viewDay);
    const at = { day: viewDay, computedAt: this.computedAt(stored) };
    const { views, ...rest } = await computeFigures(run.writer, tenant, at);
    const same = this.findings.addViews(viewDay, views, stored);
    return { ...rest, views: same ? null : views };
  }

  protected override async onOtherViews(views: DayViews): Promise<void> {
    await this.run.writer.putViews(views, this.run.runId);
    this.#rewritten++;
  }
}

function isRight(
  { part, same, right }: Judged<StreamName>,
  index: StreamIndex,
): boolean {
  if (!same || !right) return false;
  return right.hash === null || index.get(part) === right.hash;
}
