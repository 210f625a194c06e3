import {
  type ApiError,
  contentHash,
  ENDPOINTS,
  newerOf,
  type NormalizeContext,
  normalizeRow,
  parseRawLine,
  personOf,
  rawLine,
  type RawRow,
  readList,
  refusalOf,
} from "../clienttether/mod.ts";
import { createHash } from "node:crypto";
import type { StreamName } from "../domain/mod.ts";
import {
  giveWay,
  hashText,
  idPart,
  isTimeToGiveWay,
  type Quarantined,
  type RawChunk,
  type RawWriter,
  type StreamIndex,
} from "../store/mod.ts";
import type { StreamPlan } from "./_plan.ts";
import type { RunContext } from "./_run.ts";

/**
 * Characters of a raw record whose stored form surely fits into one value (60 KiB): it holds the raw text once and
 * each field at most twice, at up to two bytes a character, and a preview.
 */
const SURELY_FITS = 8_000;

/** What reading a stream brought, before a record of it is written. */
export interface Collected {
  /** Distinct records, and rows without an id. */
  fetched: number;
  unchanged: number;
  /** Encoded ids of every record that was in the list. */
  seen: Set<string>;
  /** Encoded id -> content hash of what is new or changed. */
  changed: Map<string, string>;
  /** Rows that could not be normalized, by encoded id. */
  odd: Map<string, Quarantined>;
  /** False where the list moved, or a row had no id: what it lacks is then not taken for removed. */
  removalsSafe: boolean;
  /** All chunks kept, and those of them that hold changed records. */
  raw: { chunks: RawChunk[]; marked: RawChunk[] };
  /** The newest row of each record that came more than once, by encoded id. */
  newest: Map<string, RawRow>;
  warnings: string[];
}

export type CollectOutcome =
  | { ok: true; data: Collected }
  | { ok: false; error: ApiError };

/**
 * Steps 3 to 5 of a stream: reads every page, keeps the raw records (all of them for a baseline, else those
 * that changed) and finds out which can be normalized. Holds ids and hashes, one page of records at a time.
 */
export async function collect<S extends StreamName>(
  run: RunContext,
  plan: StreamPlan<S>,
  index: StreamIndex,
  quarantine: Map<string, Quarantined>,
): Promise<CollectOutcome> {
  const collector = new Collector(run, plan, index, quarantine);
  const { stream } = plan;
  const list = await readList(run.client, stream, plan.params, {
    onPage: async (rows) => {
      await collector.add(rows);
      const { records } = collector;
      run.onProgress({ stream, phase: "reading", records });
    },
    onRestart: () => collector.restart(),
  });
  if (!list.ok) return list;
  const { removalsSafe, warnings } = list.data;
  return {
    ok: true,
    data: await collector.result(removalsSafe, warnings),
  };
}

/** Takes the rows of a stream, keeps the raw records, and finds out which are new, changed or odd. */
export class Collector<S extends StreamName> {
  #seen = new Set<string>();
  #changed = new Map<string, string>();
  #odd = new Map<string, Quarantined>();
  #repeated = new Set<string>();
  #unchanged = 0;
  #nameless = 0;
  readonly #raw: RawWriter;

  constructor(
    private readonly run: RunContext,
    private readonly plan: StreamPlan<S>,
    private readonly index: StreamIndex,
    private readonly quarantine: Map<string, Quarantined>,
  ) {
    // A baseline is shared by days without changes.
    this.#raw = run.writer.rawWriter({ small: !plan.baseline });
  }

  /** Distinct records so far. */
  get records(): number {
    return this.#seen.size;
  }

  restart(): void {
    this.#seen = new Set();
    this.#changed = new Map();
    this.#odd = new Map();
    this.#repeated = new Set();
    this.#unchanged = 0;
    this.#nameless = 0;
    this.#raw.restart();
  }

  async add(rows: RawRow[]): Promise<void> {
    const erased = await this.run.writer.erasedPeople();
    for (const row of rows) {
      if (isTimeToGiveWay()) await giveWay();
      const isErased = erased.size > 0 &&
        erased.has(personOf(this.plan.stream, row));
      if (isErased) this.#leaveOut(row);
      else await this.#addRow(row);
    }
  }

  /** Of a person who was erased nothing is kept, not even raw. Counts as unchanged, since nothing follows from it. */
  #leaveOut(row: RawRow): void {
    const part = idPart(row.id ?? standInId(row));
    if (this.#seen.has(part)) return;
    this.#seen.add(part);
    this.#unchanged++;
  }

  async #addRow(row: RawRow): Promise<void> {
    if (row.id === null) this.#nameless++;
    const id = row.id ?? standInId(row);
    const part = idPart(id);
    const again = this.#seen.has(part);
    this.#seen.add(part);
    const hash = hashOf(this.run, row);
    if (again && !await this.#adds(row, part, hash)) return;
    if (this.index.get(part) === hash && !again) {
      this.#unchanged++;
      if (this.plan.baseline) await this.#raw.add(rawLine(row), false);
      return;
    }
    if (again) {
      this.#repeated.add(part);
      this.#forget(part);
    }
    const reason = this.#reasonToRefuse(row);
    if (reason === null) this.#changed.set(part, hash);
    else this.#odd.set(part, this.#quarantined(id, row, hash, reason));
    const known = this.quarantine.get(part)?.hash === hash;
    if (this.plan.baseline || !known) {
      await this.#raw.add(rawLine(row), reason === null);
    }
  }

  /**
   * Whether a row says more than the one of the same id that came before in this list: not where it is the
   * same, nor where it is older than what is stored and was just seen again.
   */
  async #adds(row: RawRow, part: string, hash: string): Promise<boolean> {
    const before = this.#changed.get(part) ?? this.#odd.get(part)?.hash;
    if (before !== undefined) return before !== hash;
    if (this.index.get(part) === hash) return false;
    const { stream } = this.plan;
    const result = normalize(this.run, stream, row);
    if (!result.ok || !("updatedAt" in result.record)) return true;
    const stored = await this.run.writer.updatedAt(stream, part);
    return (result.record.updatedAt ?? "") >= (stored ?? "");
  }

  /** A record that came before in this list: this one is counted in its place. */
  #forget(part: string): void {
    if (!this.#changed.delete(part) && !this.#odd.delete(part)) {
      this.#unchanged--;
    }
  }

  #reasonToRefuse(row: RawRow): string | null {
    const { run, plan: { stream } } = this;
    if (row.raw.length <= SURELY_FITS) {
      return refusalOf(stream, row, run.tenant, contextOf(run));
    }
    const result = normalize(run, stream, row);
    if (!result.ok) return result.reason;
    return run.writer.fits(stream, result.record)
      ? null
      : "record is larger than the portal keeps";
  }

  #quarantined(
    id: string,
    row: RawRow,
    hash: string,
    reason: string,
  ): Quarantined {
    const before = this.quarantine.get(idPart(id));
    const at = this.run.startedAt;
    return {
      id,
      stream: this.plan.stream,
      reason,
      raw: rawLine({ raw: row.raw, rawBytes: row.rawBytes }),
      hash,
      firstSeenAt: before?.firstSeenAt ?? at,
      lastSeenAt: at,
      ...(row.contactId === undefined ? {} : { contactId: row.contactId }),
    };
  }

  async result(safe: boolean, warnings: string[]): Promise<Collected> {
    const raw = await this.#raw.close();
    const newest = await this.#newestOfRepeated(raw.marked);
    return {
      fetched: this.#seen.size,
      unchanged: this.#unchanged,
      seen: this.#seen,
      changed: this.#changed,
      odd: this.#odd,
      removalsSafe: safe && this.#nameless === 0,
      raw,
      newest,
      warnings,
    };
  }

  /**
   * The newest row of every record that the list held more than once; such records are few. One whose newest
   * row is stored already is unchanged.
   */
  async #newestOfRepeated(marked: RawChunk[]): Promise<Map<string, RawRow>> {
    const newest = new Map<string, RawRow>();
    if (this.#repeated.size === 0) return newest;
    for (const chunk of marked) {
      for (const line of await this.run.writer.readRaw(chunk)) {
        const row = parseRawLine(this.plan.stream, line);
        const part = row.id === null ? null : idPart(row.id);
        if (part === null || !this.#repeated.has(part)) continue;
        const before = newest.get(part);
        newest.set(part, before ? newerOf(before, row) : row);
      }
    }
    for (const [part, row] of newest) {
      const hash = hashOf(this.run, row);
      if (this.index.get(part) !== hash) continue;
      if (this.#changed.delete(part)) this.#unchanged++;
    }
    return newest;
  }
}

/** A row as a record of its stream, by the settings of the tenant. */
export function normalize<S extends StreamName>(
  run: RunContext,
  stream: S,
  row: RawRow,
) {
  return normalizeRow(stream, row, run.tenant, contextOf(run));
}

function contextOf({ startedAt }: RunContext): NormalizeContext {
  return { firstStoredAt: startedAt };
}

/** A row without an id is known by its text. */
function standInId(row: RawRow): string {
  const hash = createHash("sha256").update(row.raw).digest("hex");
  return `no id, ${hash.slice(0, 16)}`;
}

/** Names the endpoint of a stream in the manifest. */
export function endpointOf(stream: StreamName): string {
  return ENDPOINTS[stream].path;
}

/** The content hash of a row by the rules of this run. */
export function hashOf(run: RunContext, row: RawRow): string {
  return hashText(contentHash(row.value, run.rulesKey));
}
