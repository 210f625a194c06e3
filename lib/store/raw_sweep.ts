import type { StreamName } from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import { commitAll } from "./_commit_all.ts";
import type { KvPort } from "./_kv.ts";
import type { Key, TenantKeys } from "./keys.ts";
import type { Lease } from "./lease.ts";
import type { RawChunk, RawManifest } from "./raw.ts";

/** What names a manifest. */
export type ManifestName = Pick<RawManifest, "fetchedAt" | "runId">;

export interface RawSweepOptions {
  /** What was fetched before may go, ISO 8601 UTC. */
  before: string;
  /** The manifest of the run that sweeps: what it names stays. */
  own: RawManifest;
  /** Streams whose newest baseline, and what follows it, must stay. */
  needed: readonly StreamName[];
  /** Sets and deletes that the sweep may make. */
  allowance: number;
  /** Look at every manifest, not only at the oldest few. */
  deep: boolean;
  /** Look at every chunk for those that nothing names: a run may have died before its manifest named them. */
  orphans: boolean;
}

export interface RawSwept {
  /** To be dropped by the run's last commit, together with the note of `keptFrom`. */
  expired: ManifestName[];
  /** Raw that was fetched before is no longer complete; null where nothing was dropped. */
  keptFrom: string | null;
  /** Whether nothing is left to be done. */
  done: boolean;
}

/** Of the oldest so many manifests the light sweep drops so few. */
const LIGHT_SIGHT = 6;
const LIGHT_DROPS = 3;
/** Two days of hourly runs, in which every stream has left a baseline if all is well. */
const RECENT = 50;
const PAGE = 100;

/**
 * Drops raw that has expired: manifests older than `before`, but never the newest baseline of a stream with what
 * follows it; and the chunks that only they named. A manifest goes before its chunks, so that no kept one ever
 * names a missing chunk; where the allowance does not reach for all of its chunks it is rewritten to name the rest.
 *
 * The light sweep is cheap enough for every hour: it reads the oldest manifests and drops those that name no
 * chunk, as most of a quiet tenant do.
 */
export async function sweepRaw(
  port: KvPort,
  k: TenantKeys,
  lease: Pick<Lease, "commit">,
  options: RawSweepOptions,
): Promise<RawSwept> {
  if (!options.orphans) {
    const [oldest] = await oldestManifests(port, k, 1);
    const young = !oldest || oldest.fetchedAt >= options.before;
    if (young) return { expired: [], keptFrom: null, done: true };
    if (!options.deep) return await light(port, k, options);
  }
  const sweep = new DeepSweep(port, k, lease, options);
  await sweep.read();
  const keptFrom = options.deep ? await sweep.dropExpired() : null;
  if (options.orphans) await sweep.dropOrphans();
  return { expired: [], keptFrom, done: sweep.done };
}

async function oldestManifests(
  port: KvPort,
  k: TenantKeys,
  limit: number,
): Promise<RawManifest[]> {
  const manifests: RawManifest[] = [];
  const prefix = k.rawSnapshots();
  const list = port.list<RawManifest>({ prefix }, { limit });
  for await (const { value } of list) manifests.push(value);
  return manifests;
}

async function light(
  port: KvPort,
  k: TenantKeys,
  { before, own, needed, allowance }: RawSweepOptions,
): Promise<RawSwept> {
  const bare = (await oldestManifests(port, k, LIGHT_SIGHT)).filter((
    manifest,
  ) => manifest.fetchedAt < before && chunksOf(manifest).length === 0);
  const nothing = { expired: [], keptFrom: null, done: true };
  if (bare.length === 0) return nothing;
  const bound = new Bound(needed);
  const newest = port.list<RawManifest>({ prefix: k.rawSnapshots() }, {
    limit: RECENT,
    reverse: true,
  });
  for await (const { value } of newest) bound.see(value, own);
  const from = bound.within(before);
  // A baseline that was not among them may be older than all of these.
  if (!bound.complete) return nothing;
  const expired = bare.filter(({ fetchedAt }) => fetchedAt < from)
    .slice(0, Math.min(LIGHT_DROPS, Math.max(0, allowance)));
  return { expired, keptFrom: expired.length > 0 ? from : null, done: true };
}

/** The oldest of the newest baselines of each stream: raw from there on says what is in place. */
class Bound {
  readonly #baselines = new Map<StreamName, string>();

  constructor(private readonly needed: readonly StreamName[]) {}

  /** The run's own manifest may yet be lost, and is not counted on. */
  see(manifest: RawManifest, own: RawManifest): void {
    if (manifest.runId === own.runId) return;
    for (const stream of this.needed) {
      const raw = manifest.streams[stream];
      if (raw?.kind !== "baseline" || !raw.applied) continue;
      const known = this.#baselines.get(stream) ?? "";
      if (manifest.fetchedAt > known) {
        this.#baselines.set(stream, manifest.fetchedAt);
      }
    }
  }

  /** Whether every stream has shown a baseline. */
  get complete(): boolean {
    return this.#baselines.size === this.needed.length;
  }

  /** The earlier of the bound and `before`. */
  within(before: string): string {
    return [before, ...this.#baselines.values()].sort()[0]!;
  }
}

class DeepSweep {
  done = true;
  #left: number;
  readonly #bound: Bound;
  /** How many manifests name a chunk; the run's own among them. */
  readonly #names = new Map<string, number>();
  readonly #old: ManifestName[] = [];

  constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly lease: Pick<Lease, "commit">,
    private readonly options: RawSweepOptions,
  ) {
    this.#left = options.allowance;
    this.#bound = new Bound(options.needed);
  }

  /** Learns what every manifest names. */
  async read(): Promise<void> {
    const { own, before } = this.options;
    const list = this.port.list<RawManifest>({
      prefix: this.k.rawSnapshots(),
    }, { pageSize: PAGE });
    for await (const { value } of list) {
      if (value.runId === own.runId) continue;
      this.#bound.see(value, own);
      this.#count(value, 1);
      const { fetchedAt, runId } = value;
      if (fetchedAt < before) this.#old.push({ fetchedAt, runId });
    }
    this.#count(own, 1);
  }

  #count(manifest: RawManifest, by: 1 | -1): void {
    for (const { sha256 } of chunksOf(manifest)) {
      this.#names.set(sha256, (this.#names.get(sha256) ?? 0) + by);
    }
  }

  /** Oldest first, so that what is kept is always whole from some moment on. */
  async dropExpired(): Promise<string | null> {
    const from = this.#bound.within(this.options.before);
    let dropped = false;
    for (const { fetchedAt, runId } of this.#old) {
      if (fetchedAt >= from) break;
      const key = this.k.rawSnapshot(fetchedAt, runId);
      const { value } = await this.port.get<RawManifest>(key);
      if (value) {
        const went = await this.#drop(key, value);
        dropped ||= went > 0;
      }
      if (!this.done) break;
    }
    return dropped ? from : null;
  }

  /** The number of writes that it took; 0 where the allowance does not reach for any. */
  async #drop(key: Key, manifest: RawManifest): Promise<number> {
    const alone = chunksOf(manifest).filter(({ sha256 }) =>
      this.#names.get(sha256) === 1
    );
    const going: RawChunk[] = [];
    let cost = 1;
    for (const chunk of alone) {
      if (cost + chunk.parts > this.#left) continue;
      going.push(chunk);
      cost += chunk.parts;
    }
    const whole = going.length === alone.length;
    if (!whole) this.done = false;
    if (cost > this.#left || (!whole && going.length === 0)) {
      this.done = false;
      return 0;
    }
    const gone = new Set(going.map(({ sha256 }) => sha256));
    const left = alone.filter(({ sha256 }) => !gone.has(sha256));
    const change: Change = whole
      ? { sets: [], deletes: [key] }
      : { sets: [{ key, value: naming(manifest, left) }], deletes: [] };
    await commitAll(this.lease, [
      change,
      ...going.flatMap((chunk) => this.#parts(chunk)),
    ]);
    this.#count(manifest, -1);
    if (!whole) { for (const { sha256 } of left) this.#names.set(sha256, 1); }
    this.#left -= cost;
    return cost;
  }

  /** Part 0 first: without it a chunk is not there, whatever else is left of it. */
  #parts({ sha256, parts }: RawChunk): Change[] {
    return Array.from({ length: parts }, (_, n) => ({
      sets: [],
      deletes: [this.k.rawChunk(sha256, n)],
    }));
  }

  async dropOrphans(): Promise<void> {
    const prefix = this.k.rawChunks();
    const orphans: Change[] = [];
    for await (
      const { key } of this.port.list({ prefix }, { pageSize: PAGE })
    ) {
      if (this.#names.get(String(key[prefix.length]))) continue;
      if (this.#left-- > 0) orphans.push({ sets: [], deletes: [key] });
      else this.done = false;
    }
    await commitAll(this.lease, orphans);
  }
}

/** The chunks with rows of their own that a manifest names, each once. Those that stand in it go with it. */
function chunksOf({ streams }: RawManifest): RawChunk[] {
  const chunks = new Map<string, RawChunk>();
  for (const raw of Object.values(streams)) {
    for (const chunk of raw.chunks) {
      if (!chunk.packed) chunks.set(chunk.sha256, chunk);
    }
  }
  return [...chunks.values()];
}

/** An expired manifest that names only chunks which are still to go: nothing can be told from it any more. */
function naming(manifest: RawManifest, left: RawChunk[]): RawManifest {
  const names = new Set(left.map(({ sha256 }) => sha256));
  const streams = Object.entries(manifest.streams).map(([name, raw]) => [name, {
    ...raw,
    chunks: raw.chunks.filter(({ sha256 }) => names.has(sha256)),
    applied: false,
  }]);
  return { ...manifest, streams: Object.fromEntries(streams) };
}
