import {
  contentHash,
  newerOf,
  normalizeRow,
  parseRawLine,
  rawLine,
  type RawRow,
  rulesKey,
} from "../clienttether/mod.ts";
import {
  type Clock,
  isoNow,
  localDay,
  type RecordOf,
  type StreamName,
  STREAMS,
  type SyncState,
} from "../domain/mod.ts";
import {
  type ApplyOptions,
  hashText,
  idPart,
  openTenant,
  type Quarantined,
  type Store,
  type StreamIndex,
  type SyncWriter,
  type TenantStore,
} from "../store/mod.ts";
import { computeFigures, createHotFinder, figuresKey } from "./_figures.ts";
import { FIGURE_STREAMS } from "./_outcome.ts";
import { underLease } from "./_under_lease.ts";

/** What became of the rows in quarantine of one stream. */
export interface RetryCounts {
  /** Good by today's rules: written, and out of quarantine. */
  written: number;
  /** Good, but what is stored is newer: out of quarantine, nothing written. */
  superseded: number;
  /** Still odd; they hold their newest reason. */
  kept: number;
  /** Of `kept`: rows of which only a beginning is stored. */
  truncated: number;
}

export type RetryOutcome = Partial<Record<StreamName, RetryCounts>>;

export interface RetryDeps {
  store: Store;
  clock: Clock;
}

/** Rows that are read and written at a time. */
const ROWS = 200;

/**
 * Normalizes what is in quarantine by today's rules. What is good now is written with its index rows, as a sync
 * would, unless what is stored was changed later upstream; then today's figures are computed anew.
 *
 * @returns the counts of each stream that has rows; null when a sync is under way or the tenant is not active
 * @throws {NotFoundError} when there is no such tenant.
 * @throws {LeaseLostError} when the tenant's status changed meanwhile.
 * @throws {TransientError} when the database does not answer.
 */
export async function retryQuarantine(
  deps: RetryDeps,
  tenantId: string,
  streams: readonly StreamName[] = STREAMS,
): Promise<RetryOutcome | null> {
  const reader = await openTenant(deps.store, tenantId);
  return await underLease(
    deps,
    tenantId,
    ({ writer, runId }) =>
      new Retry(writer, reader, deps.clock, runId).run(streams),
  );
}

/** A row in quarantine that can be read now. */
interface Good<S extends StreamName> {
  kept: Quarantined;
  row: RawRow;
  record: RecordOf[S];
}

class Retry {
  #state: SyncState | null = null;

  constructor(
    private readonly writer: SyncWriter,
    private readonly reader: TenantStore,
    private readonly clock: Clock,
    private readonly runId: string,
  ) {}

  async run(streams: readonly StreamName[]): Promise<RetryOutcome> {
    const outcome: RetryOutcome = {};
    for (const stream of STREAMS) {
      if (!streams.includes(stream)) continue;
      const rows = [...(await this.writer.readQuarantine(stream)).values()];
      if (rows.length > 0) outcome[stream] = await this.#stream(stream, rows);
    }
    await this.#finish();
    return outcome;
  }

  async #stream<S extends StreamName>(
    stream: S,
    rows: Quarantined[],
  ): Promise<RetryCounts> {
    const counts: RetryCounts = {
      written: 0,
      superseded: 0,
      kept: 0,
      truncated: 0,
    };
    const index = await this.writer.readIndex(stream);
    rows.sort((a, b) => a.lastSeenAt < b.lastSeenAt ? -1 : 1);
    while (rows.length > 0) {
      await this.#some(stream, index, rows.splice(0, ROWS), counts);
    }
    if (this.#state && counts.written > 0) {
      this.#state.counts = { ...this.#state.counts, [stream]: index.size };
    }
    return counts;
  }

  async #some<S extends StreamName>(
    stream: S,
    index: StreamIndex & { stream: S },
    rows: Quarantined[],
    counts: RetryCounts,
  ): Promise<void> {
    const good = new Map<string, Good<S>>();
    const release: string[] = [];
    const put: Quarantined[] = [];
    for (const kept of rows) {
      const read = this.#read(stream, kept);
      if (typeof read === "string") {
        counts.kept++;
        if (kept.truncated) counts.truncated++;
        if (read !== kept.reason) put.push({ ...kept, reason: read });
        continue;
      }
      release.push(kept.id);
      const part = idPart(read.record.id);
      const before = good.get(part);
      if (!before || newerOf(before.row, read.row) === read.row) {
        good.set(part, read);
      }
      if (before) counts.superseded++;
    }
    for (const [part, read] of good) {
      if (!await this.#isOlder(stream, index, part, read)) continue;
      good.delete(part);
      counts.superseded++;
    }
    counts.written += good.size;
    await this.#write(stream, index, [...good.values()]);
    await this.writer.changeQuarantine(stream, put, release);
  }

  /** The row as a record, or the reason why it still is none. */
  #read<S extends StreamName>(
    stream: S,
    kept: Quarantined,
  ): Good<S> | string {
    if (kept.truncated) return kept.reason;
    const row = rowOf(stream, kept);
    if (!row) return "raw text cannot be read";
    const { tenant } = this.reader;
    const result = normalizeRow(stream, row, tenant, {
      firstStoredAt: isoNow(this.clock),
      contactId: row.contactId,
    });
    if (!result.ok) return result.reason;
    return this.writer.fits(stream, result.record)
      ? { kept, row, record: result.record }
      : "record is larger than the portal keeps";
  }

  /**
   * Whether what is stored says more. By the time of its last change where there is one; a row whose id could not be
   * told before may be older than whatever is stored.
   */
  async #isOlder<S extends StreamName>(
    stream: S,
    index: StreamIndex,
    part: string,
    { kept, record }: Good<S>,
  ): Promise<boolean> {
    if (!index.has(part)) return false;
    if (!("updatedAt" in record)) return idPart(kept.id) !== part;
    const stored = await this.writer.updatedAt(stream, part);
    return (stored ?? "") > (record.updatedAt ?? "");
  }

  async #write<S extends StreamName>(
    stream: S,
    index: StreamIndex & { stream: S },
    good: Good<S>[],
  ): Promise<void> {
    if (good.length === 0) return;
    await this.#openState();
    const { tenant } = this.reader;
    const rules = rulesKey(tenant);
    const upserts = good.map(({ row, record }) => ({
      record,
      hash: hashText(contentHash(row.value, rules)),
    }));
    const options: ApplyOptions = {
      runId: this.runId,
      at: isoNow(this.clock),
      lastSnapshotAt: this.#state?.streams[stream]?.lastSuccessAt ?? null,
      ...(stream === "opportunities"
        ? { hotOf: await createHotFinder(this.writer, tenant) }
        : {}),
    };
    await this.writer.apply(index, upserts, [], options);
  }

  /** Before the first record: should this end on its way, the next sync computes the figures anew. */
  async #openState(): Promise<void> {
    if (this.#state) return;
    const state = await this.reader.syncState();
    this.#state = {
      ...state,
      cursor: { ...state.cursor, figuresKey: null },
    };
    await this.writer.putState(this.#state);
  }

  async #finish(): Promise<void> {
    const { writer, reader: { tenant }, runId: version } = this;
    if (!this.#state) {
      return await writer.finishReplay({ state: null, views: null, version });
    }
    const computedAt = isoNow(this.clock);
    await writer.putRecent(await writer.recent(computedAt), version);
    const state = {
      ...this.#state,
      dataVersion: this.#state.dataVersion + 1,
    };
    const known = FIGURE_STREAMS.every((stream) =>
      state.streams[stream]?.lastSuccessAt
    );
    if (!known) {
      return await writer.finishReplay({ state, views: null, version });
    }
    const today = localDay(this.clock.now(), tenant.timezone);
    const day = today > (state.viewDay ?? "") ? today : state.viewDay!;
    const { views, prospects } = await computeFigures(writer, tenant, {
      day,
      computedAt,
    });
    await writer.finishReplay({
      state: {
        ...state,
        viewDay: day,
        prospects,
        cursor: { ...state.cursor, figuresKey: figuresKey(tenant) },
      },
      views,
      version,
    });
  }
}

/** The row as ClientTether sent it; null where its text is damaged. */
function rowOf(stream: StreamName, kept: Quarantined): RawRow | null {
  const { contactId } = kept;
  try {
    const line = contactId === undefined
      ? kept.raw
      : rawLine({ raw: kept.raw, rawBytes: null, contactId });
    return parseRawLine(stream, line);
  } catch {
    return null;
  }
}
