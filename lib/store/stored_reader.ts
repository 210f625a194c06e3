import {
  emptySyncState,
  type Note,
  type RecordOf,
  type StreamName,
  type SyncState,
} from "../domain/mod.ts";
import { joinBytes } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import { fitsValue, recordKey, type StoredNote, toStored } from "./_records.ts";
import { kvOf, type Store } from "./_store.ts";
import { type TenantKeys, tenantKeys } from "./keys.ts";
import type { LeaseValue } from "./lease.ts";
import { readStreamIndex, type StreamIndex } from "./sync_index.ts";

/**
 * What of a stored record comes from its raw record alone: neither its place in the hot list nor its history, nor when
 * it was first stored.
 */
export type RecordForm = Record<string, unknown>;

/** The state of a tenant's sync at a moment, to see later whether anything has changed. */
export interface Standing {
  state: SyncState;
  /** Another one for every change of the state. */
  version: string | null;
  /** Whether a run holds the lease. */
  busy: boolean;
}

/** Reads the records of a tenant as they are stored, all of them. Takes no lease. */
export class StoredReader {
  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
  ) {}

  static of(store: Store, tenantId: string): StoredReader {
    return StoredReader.under(kvOf(store), tenantKeys(tenantId));
  }

  /** Of whoever holds the tenant's keys already; private to lib/store. */
  static under(port: KvPort, k: TenantKeys): StoredReader {
    return new StoredReader(port, k);
  }

  /** @param now epoch milliseconds: an expired lease is held by nobody */
  async standing(now: number): Promise<Standing> {
    const [state, lease] = await this.port.getMany<unknown>([
      this.k.syncState(),
      this.k.syncLease(),
    ]);
    const held = lease?.value as LeaseValue | null | undefined;
    return {
      state: state?.value as SyncState | null ?? emptySyncState(),
      version: state?.versionstamp ?? null,
      busy: !!held?.owner && held.expiresAt > now,
    };
  }

  index(stream: StreamName): Promise<StreamIndex> {
    return readStreamIndex(this.port, this.k, stream);
  }

  /** Every stored record of a stream by its encoded id. */
  async *forms(
    stream: StreamName,
  ): AsyncGenerator<{ part: string; form: RecordForm }> {
    const [...prefix] = recordKey(this.k, stream, "").slice(0, -1);
    for await (const { key, value } of this.port.list<object>({ prefix })) {
      yield { part: String(key.at(-1)), form: formOf(stream, value) };
    }
  }

  /** The form of a stored record; null where there is none. */
  async form(stream: StreamName, part: string): Promise<RecordForm | null> {
    const key = recordKey(this.k, stream, part);
    const { value } = await this.port.get<object>(key);
    return value && formOf(stream, value);
  }

  /** A stored record as it was normalized, a large note whole; null where there is none. */
  async record<S extends StreamName>(
    stream: S,
    part: string,
  ): Promise<RecordOf[S] | null> {
    const key = recordKey(this.k, stream, part);
    const { value } = await this.port.get<RecordOf[S]>(key);
    return value && stream === "notes"
      ? await this.#note(value as unknown as StoredNote) as RecordOf[S]
      : value;
  }

  async #note({ body, ...note }: StoredNote): Promise<Note> {
    if (!body) return note;
    const keys = Array.from(
      { length: body.parts },
      (_, n) => this.k.noteBody(note.id, body.version, n),
    );
    const parts = await this.port.getMany<Uint8Array>(keys);
    const bytes = joinBytes(parts.flatMap(({ value }) => value ?? []));
    return { ...note, ...JSON.parse(new TextDecoder().decode(bytes)) };
  }

  /** The form that a normalized record would have; null where it is larger than the portal keeps. */
  formOfRecord<S extends StreamName>(
    stream: S,
    record: RecordOf[S],
  ): RecordForm | null {
    const { stored } = toStored(this.k, stream, record);
    return fitsValue(stored) ? formOf(stream, stored) : null;
  }
}

/** A lead's or an opportunity's own `createdAt` is ClientTether's, that of the others the portal's. */
function formOf(stream: StreamName, stored: object): RecordForm {
  const { hot: _hot, trail: _trail, ...form } = stored as RecordForm;
  if (stream === "notes" || stream === "activities") delete form.createdAt;
  return form;
}
