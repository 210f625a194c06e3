import {
  FOLLOWED_STREAMS,
  type Lead,
  type StreamName,
  STREAMS,
} from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { arrivalKeys } from "./_recent.ts";
import { readAll } from "./_read.ts";
import { recordKey } from "./_records.ts";
import { kvOf, type Store } from "./_store.ts";
import { idPart, type Key, type TenantKeys, tenantKeys } from "./keys.ts";
import { type RawChunk, type RawManifest, readRawChunk } from "./raw.ts";
import type { SavedView } from "./saved_views.ts";

/** Encoded ids of what is stored about a person. */
export type IdsByStream = Partial<Record<StreamName, string[]>>;

/** What an erasure has to remove, kept until it is over so that it can be gone on with. */
export interface ErasureMarker {
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Whether later syncs are to leave the person out. */
  keepOut: boolean;
  /** Encoded ids of records, tombstones and rows in quarantine. */
  ids: IdsByStream;
  counts: Record<string, number>;
  /** Saved views that name the person or search for them: whose, and which. */
  views?: SavedViewName[];
}

/** A saved view by its user and its id. */
export type SavedViewName = [userId: string, id: string];

const PAGE = 100;

/** The field of a stored record that names its person. */
const OWNER_FIELDS = {
  opportunities: "clientId",
  notes: "contactId",
  activities: "contactId",
} as const;

/** Reads what a tenant holds of one person; what a row says is for the caller to read. Takes no lease. */
export class PersonRows {
  protected constructor(
    protected readonly port: KvPort,
    protected readonly k: TenantKeys,
    /** Of the person's id. */
    protected readonly hash: string,
  ) {}

  static read(store: Store, tenantId: string, hash: string): PersonRows {
    return new PersonRows(kvOf(store), tenantKeys(tenantId), hash);
  }

  /** What an erasure that was cut off has left. */
  async marker(): Promise<ErasureMarker | null> {
    const key = this.k.erasure(this.hash);
    return (await this.port.get<ErasureMarker>(key)).value;
  }

  /** Whether later syncs leave the person out. */
  async isKeptOut(): Promise<boolean> {
    const key = this.k.erased(this.hash);
    return (await this.port.get(key)).value !== null;
  }

  /** The stored lead, whom an encoded id names. */
  async lead(person: string): Promise<Lead | null> {
    const key = recordKey(this.k, "leads", person);
    return (await this.port.get<Lead>(key)).value;
  }

  /** The stored records of a person, whom an encoded id names. */
  async storedOf(person: string): Promise<Record<StreamName, string[]>> {
    const { k } = this;
    return {
      cycles: [],
      leads: await this.lead(person) === null ? [] : [person],
      opportunities: await this.#lastParts([
        ...k.opportunitiesByClient(),
        person,
      ]),
      notes: await this.#lastParts([...k.notesByContact(), person]),
      activities: await this.#lastParts([...k.activitiesByContact(), person]),
    };
  }

  /** Whether a record is stored as somebody else's. */
  async isOthers(
    stream: StreamName,
    part: string,
    person: string,
  ): Promise<boolean> {
    if (stream === "cycles") return true;
    if (stream === "leads") return part !== person;
    const { value } = await this.port.get<Record<string, string | null>>(
      recordKey(this.k, stream, part),
    );
    if (value === null) return false;
    const owner = value[OWNER_FIELDS[stream]] ?? null;
    return owner === null || idPart(owner) !== person;
  }

  async #lastParts(prefix: Key): Promise<string[]> {
    const parts: string[] = [];
    for await (const { key } of this.port.list({ prefix })) {
      parts.push(String(key.at(-1)));
    }
    return parts;
  }

  /** Keys of tombstones, stage changes and arrivals of these records. */
  async tracesOf(
    ids: IdsByStream,
  ): Promise<{ tombstones: Key[]; stageChanges: Key[]; arrivals: Key[] }> {
    const { port, k } = this;
    const tombstones: Key[] = [];
    for (const stream of STREAMS) {
      const wanted = new Set(ids[stream]);
      const list = port.list({ prefix: k.tombstones(stream) });
      for await (const { key } of list) {
        if (wanted.has(String(key.at(-1)))) tombstones.push(key);
      }
    }
    const stageChanges: Key[] = [];
    for (const stream of FOLLOWED_STREAMS) {
      const wanted = new Set(ids[stream]);
      if (wanted.size === 0) continue;
      const list = port.list({ prefix: k.standingChanges(stream) });
      for await (const { key } of list) {
        if (wanted.has(String(key.at(-1)))) stageChanges.push(key);
      }
    }
    const arrivals = await arrivalKeys(port, k, ids);
    return { tombstones, stageChanges, arrivals };
  }

  /** What all users have saved of lists. */
  async savedViews(): Promise<SavedView[]> {
    return await readAll(this.port, this.k.allSavedViews());
  }

  /** Every chunk that a manifest names, once for each stream. */
  async chunks(): Promise<{ stream: StreamName; chunk: RawChunk }[]> {
    const found = new Map<string, { stream: StreamName; chunk: RawChunk }>();
    for await (const { value } of this.manifests()) {
      for (const stream of STREAMS) {
        for (const chunk of value.streams[stream]?.chunks ?? []) {
          found.set(`${stream} ${chunk.sha256}`, { stream, chunk });
        }
      }
    }
    return [...found.values()];
  }

  lines(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.port, this.k, chunk);
  }

  protected manifests() {
    return this.port.list<RawManifest>({ prefix: this.k.rawSnapshots() }, {
      pageSize: PAGE,
    });
  }
}

/** An erasure that was cut off and is to be gone on with. */
export interface OpenErasure {
  /** Encoded id of the lead: the id itself unless the database could not hold it as a key. */
  person: string;
  /** ISO 8601 UTC. */
  startedAt: string;
}

/** The erasures of a tenant that were begun and have not come to their end. */
export async function listOpenErasures(
  store: Store,
  tenantId: string,
): Promise<OpenErasure[]> {
  const open: OpenErasure[] = [];
  const prefix = tenantKeys(tenantId).erasures();
  for await (const { value } of kvOf(store).list<ErasureMarker>({ prefix })) {
    const person = value.ids.leads?.[0];
    if (person !== undefined) {
      open.push({ person, startedAt: value.startedAt });
    }
  }
  return open;
}
