import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { type TenantKeys, tenantKeys } from "./keys.ts";
import { type RawChunk, type RawManifest, readRawChunk } from "./raw.ts";

/** Manifests read at a time: that of a large baseline is as large as a value can be. */
const PAGE = 100;
/** A day of hourly runs, in which every stream has left a baseline if all is well. */
const FEW = 26;

/** Reads what a tenant's runs have kept of ClientTether's answers. Takes no lease. */
export class RawReader {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
  ) {}

  static of(store: Store, tenantId: string): RawReader {
    return RawReader.under(kvOf(store), tenantKeys(tenantId));
  }

  /** Of whoever holds the tenant's keys already; private to lib/store. */
  static under(port: KvPort, k: TenantKeys): RawReader {
    return new RawReader(port, k);
  }

  /** Every manifest that is kept, oldest first. */
  async manifests(): Promise<RawManifest[]> {
    const manifests: RawManifest[] = [];
    const list = this.port.list<RawManifest>(
      { prefix: this.k.rawSnapshots() },
      {
        pageSize: PAGE,
      },
    );
    for await (const { value } of list) manifests.push(value);
    return manifests;
  }

  /** Manifests of runs that began up to an instant (ISO 8601 UTC), newest first. */
  async *manifestsUntil(instant: string): AsyncGenerator<RawManifest> {
    const prefix = this.k.rawSnapshots();
    const end = [...prefix, instant + "~"];
    const list = this.port.list<RawManifest>({ prefix, end }, {
      reverse: true,
      pageSize: FEW,
    });
    for await (const { value } of list) yield value;
  }

  /**
   * The lines of a chunk, one a record.
   *
   * @throws {TerminalError} when a part of it is missing
   */
  lines(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.port, this.k, chunk);
  }
}
