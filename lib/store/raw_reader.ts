import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { type TenantKeys, tenantKeys } from "./keys.ts";
import { type RawChunk, type RawManifest, readRawChunk } from "./raw.ts";

/** Manifests read at a time: that of a large baseline is as large as a value can be. */
const PAGE = 100;

/** Reads what a tenant's runs have kept of ClientTether's answers. Takes no lease. */
export class RawReader {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
  ) {}

  static of(store: Store, tenantId: string): RawReader {
    return new RawReader(kvOf(store), tenantKeys(tenantId));
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

  /**
   * The lines of a chunk, one a record.
   *
   * @throws {TerminalError} when a part of it is missing
   */
  lines(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.port, this.k, chunk);
  }
}
