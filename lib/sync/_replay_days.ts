import { parseRawLine } from "../clienttether/mod.ts";
import type {
  CountedLead,
  CountedOpportunity,
  RecordOf,
  SalesCycle,
  TenantSettings,
} from "../domain/mod.ts";
import {
  type DayViews,
  idPart,
  type RawManifest,
  type RawStream,
} from "../store/mod.ts";
import { figuresOf } from "./_figures.ts";
import {
  appliedEntries,
  type FoldContext,
  isUnsettled,
  type RawEntry,
  recordOf,
  rowsOfSome,
  StreamFold,
  winnerOf,
} from "./_fold.ts";
import { FIGURE_STREAMS } from "./_outcome.ts";

type FigureStream = typeof FIGURE_STREAMS[number];

/** The part of a record that figures need. */
interface Counted {
  cycles: SalesCycle;
  leads: CountedLead;
  opportunities: CountedOpportunity;
}

const COUNTED: { [S in FigureStream]: (record: RecordOf[S]) => Counted[S] } = {
  cycles: (cycle) => cycle,
  leads: ({ id, stage, contactType, source, createdAt }) => ({
    id,
    stage,
    contactType,
    source,
    createdAt,
  }),
  opportunities: ({ id, stage, contactType, dealSizeCents }) => ({
    id,
    stage,
    contactType,
    dealSizeCents,
  }),
};

/** What of a day's figures can be told from raw. */
export type DayPlan =
  /** Everything up to and with the manifest at `cut`. */
  | { day: string; kind: "told"; cut: number }
  /** Raw of that day is no longer kept. */
  | { day: string; kind: "beyond" }
  /** A run that ended on its way had left its mark on the day's figures. */
  | { day: string; kind: "unsettled" };

/**
 * Which days can be told from the manifests that are kept.
 *
 * @param days YYYY-MM-DD, ascending
 * @param keptFrom what was fetched before is no longer complete
 */
export function planDays(
  manifests: readonly RawManifest[],
  days: readonly string[],
  keptFrom: string | null,
): DayPlan[] {
  return days.map((day) => {
    const cut = manifests.findLastIndex((manifest) =>
      manifest.finished && manifest.day <= day
    );
    const until = manifests.slice(0, cut + 1);
    const isCovered = FIGURE_STREAMS.every((stream) =>
      startOf(until, stream, keptFrom) !== undefined
    );
    if (!isCovered) return { day, kind: "beyond" };
    const isSettled = FIGURE_STREAMS.every((stream) =>
      !isUnsettled(until, stream)
    );
    return isSettled ? { day, kind: "told", cut } : { day, kind: "unsettled" };
  });
}

/** From where on raw tells every record that is in place after the last of `manifests`; nothing where it cannot. */
function startOf(
  manifests: readonly RawManifest[],
  stream: FigureStream,
  keptFrom: string | null,
): RawEntry | undefined {
  const baselines = appliedEntries(manifests, stream).filter(({ raw }) =>
    raw.kind === "baseline"
  );
  return baselines.findLast(({ raw, fetchedAt }) =>
    raw.whole && fetchedAt >= (keptFrom ?? "")
    // What lists left out that were not whole stands in the first.
  ) ?? (keptFrom === null ? baselines[0] : undefined);
}

/**
 * The records that figures are computed from, manifest by manifest: as they stood after each run. Holds them all,
 * but only the fields that figures need.
 */
export class DayFold {
  readonly #streams: { [S in FigureStream]: StreamDays<S> };
  #at: number;

  /**
   * @param first the manifest that the first day asked for ends with
   * @param keptFrom what was fetched before is no longer complete
   */
  constructor(
    context: FoldContext,
    private readonly manifests: readonly RawManifest[],
    first: number,
    keptFrom: string | null,
  ) {
    const daysOf = <S extends FigureStream>(stream: S) =>
      new StreamDays(context, stream, manifests, keptFrom !== null);
    this.#streams = {
      cycles: daysOf("cycles"),
      leads: daysOf("leads"),
      opportunities: daysOf("opportunities"),
    };
    const until = manifests.slice(0, first + 1);
    const starts = FIGURE_STREAMS.map((stream) => {
      const { fetchedAt } = startOf(until, stream, keptFrom)!;
      return manifests.findIndex((one) => one.fetchedAt === fetchedAt);
    });
    this.#at = Math.min(...starts);
  }

  /** Goes on to where the manifest at `cut` leaves the records. */
  async advance(cut: number): Promise<void> {
    for (; this.#at <= cut; this.#at++) {
      const { streams } = this.manifests[this.#at]!;
      for (const stream of FIGURE_STREAMS) {
        const raw = streams[stream];
        if (raw) await this.#streams[stream].take(this.#at, raw);
      }
    }
  }

  /** The figures of the records as they stand. */
  async views(
    settings: TenantSettings,
    at: { day: string; computedAt: string },
  ): Promise<DayViews> {
    const { cycles, leads, opportunities } = this.#streams;
    const source = {
      cycles: () => Promise.resolve([...cycles.records()]),
      leads: () => each(leads.records()),
      opportunities: () => each(opportunities.records()),
    };
    return (await figuresOf(source, settings, at)).views;
  }
}

/** The records of a chunk; null where what was sent cannot be kept. */
type ChunkRows<S extends FigureStream> = {
  /** Encoded id. */
  part: string;
  record: Counted[S] | null;
}[];

/** One stream of it. */
class StreamDays<S extends FigureStream> {
  readonly #records = new Map<string, Counted[S]>();
  /** The chunks of the latest baseline: an unchanged one need not be read again. */
  #chunks = new Map<string, ChunkRows<S>>();
  #begun = false;
  /** Ids that were looked up in older raw: once is enough. */
  readonly #searched = new Set<string>();
  /** What a run wanted to remove that ended on its way. */
  #unsettled: string[] = [];

  constructor(
    private readonly context: FoldContext,
    private readonly stream: S,
    private readonly manifests: readonly RawManifest[],
    private readonly isCut: boolean,
  ) {}

  records(): Iterable<Counted[S]> {
    return this.#records.values();
  }

  /** Takes what the manifest at `at` says. */
  async take(at: number, raw: RawStream): Promise<void> {
    if (!raw.applied) {
      this.#unsettled.push(...raw.removed);
      return;
    }
    const isBaseline = raw.kind === "baseline";
    if (!isBaseline && !this.#begun) return;
    this.#begun = true;
    const { fetchedAt } = this.manifests[at]!;
    const found = await this.#read({ stream: this.stream, fetchedAt, raw });
    const gone = new Set([...raw.removed, ...this.#unsettled]);
    for (const part of gone) if (!found.has(part)) this.#records.delete(part);
    this.#unsettled = [];
    const unknown = new Set<string>();
    for (const [part, record] of found) {
      if (record) this.#records.set(part, record);
      else if (
        isBaseline && !this.#records.has(part) && !this.#searched.has(part)
      ) {
        unknown.add(part);
        this.#searched.add(part);
      }
    }
    await this.#findOlder(at, unknown);
  }

  /** The record of each id; null where what was sent cannot be kept. */
  async #read(entry: RawEntry<S>): Promise<Map<string, Counted[S] | null>> {
    const found = new Map<string, Counted[S] | null>();
    const repeated = new Set<string>();
    const chunks = new Map<string, ChunkRows<S>>();
    for (const chunk of entry.raw.chunks) {
      const { sha256 } = chunk;
      const rows = this.#chunks.get(sha256) ??
        await this.#rows(entry, await this.context.raw.lines(chunk));
      chunks.set(sha256, rows);
      for (const { part, record } of rows) {
        if (found.has(part)) repeated.add(part);
        found.set(part, record);
      }
    }
    if (entry.raw.kind === "baseline") this.#chunks = chunks;
    if (repeated.size === 0) return found;
    const several = await rowsOfSome(this.context, entry, repeated);
    for (const [part, rows] of several) {
      const told = winnerOf(this.context, entry, rows);
      found.set(part, told && COUNTED[this.stream](told.record));
    }
    return found;
  }

  #rows(
    { fetchedAt }: RawEntry,
    lines: readonly string[],
  ): ChunkRows<S> {
    const { context, stream } = this;
    const rows: ChunkRows<S> = [];
    for (const line of lines) {
      const row = parseRawLine(stream, line);
      if (row.id === null) continue;
      const told = recordOf(context, stream, row, fetchedAt);
      const record = told && COUNTED[stream](told.record);
      rows.push({ part: idPart(row.id), record });
    }
    return rows;
  }

  /** Records whose older versions stand before the first baseline that was read, or that raw no longer has. */
  async #findOlder(at: number, unknown: Set<string>): Promise<void> {
    if (unknown.size === 0) return;
    const { context, stream } = this;
    const before = this.manifests.slice(0, at + 1);
    const fold = new StreamFold(context, appliedEntries(before, stream));
    for await (const { part, record } of fold.older(unknown)) {
      this.#records.set(part, COUNTED[stream](record));
    }
    // Raw that begins with the first run knows all that was ever in place; what is stored by now came later.
    if (!this.isCut) return;
    for (const part of unknown) {
      if (fold.isGone(part)) continue;
      const record = await context.stored.record(stream, part);
      if (record) this.#records.set(part, COUNTED[stream](record));
    }
  }
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
