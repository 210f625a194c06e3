import type {
  Lead,
  Recent,
  SalesCycle,
  StandingChange,
  StreamName,
} from "../../domain/mod.ts";
import { lastNotesAt, newestChanges } from "../_history.ts";
import { readAll, readDocs, recordsOf } from "../_read.ts";
import { readRecent } from "../_recent.ts";
import { recordKey, type StoredOpportunity } from "../_records.ts";
import { ContactNotes } from "../contact_notes.ts";
import { ErasedPeople } from "../erased.ts";
import { type Quarantined, readQuarantine } from "../quarantine.ts";
import { type RawChunk, readRawChunk } from "../raw.ts";
import { readStreamIndex, type StreamIndex } from "../sync_index.ts";
import type { Leased } from "./leased.ts";

/** What a sync needs to know of what is stored. */
export class SyncReader {
  #erased: Promise<ErasedPeople> | undefined;

  protected constructor(protected readonly at: Leased) {}

  /** What syncs of the last days found to be new, as the rows say by now. */
  recent(computedAt: string): Promise<Recent> {
    return readRecent(this.at.port, this.at.k, computedAt);
  }

  /** The same as it was last summed up; null where it never was: earlier releases did not. */
  async storedRecent(): Promise<Recent | null> {
    const [stored] = await readDocs(this.at.port, [this.at.k.recent()]);
    return stored as Recent | null;
  }

  /** Whether some text of the notes is stored. */
  async hasNotesText(): Promise<boolean> {
    const { port, k } = this.at;
    const rows = port.list({ prefix: k.notesTexts() }, { limit: 1 });
    return !(await rows.next()).done;
  }

  /** The people whom syncs leave out; read once. */
  erasedPeople(): Promise<ErasedPeople> {
    const { port, k, tenantId } = this.at;
    return this.#erased ??= ErasedPeople.read(port, k, tenantId);
  }

  /** What is stored of a stream. */
  readIndex(stream: StreamName): Promise<StreamIndex> {
    return readStreamIndex(this.at.port, this.at.k, stream);
  }

  readRaw(chunk: RawChunk): Promise<string[]> {
    return readRawChunk(this.at.port, this.at.k, chunk);
  }

  /** Rows in quarantine of a stream, by encoded id. */
  readQuarantine(stream: StreamName): Promise<Map<string, Quarantined>> {
    return readQuarantine(this.at.port, this.at.k, stream);
  }

  /** When a stored record (by its encoded id) was last changed upstream; null where that is not known. */
  async updatedAt(stream: StreamName, part: string): Promise<string | null> {
    const { port, k } = this.at;
    const { value } = await port.get<{ updatedAt?: string | null }>(
      recordKey(k, stream, part),
    );
    return value?.updatedAt ?? null;
  }

  cycles(): Promise<SalesCycle[]> {
    return readAll<SalesCycle>(this.at.port, this.at.k.cycles());
  }

  async *leads(): AsyncGenerator<Lead> {
    const prefix = this.at.k.leads();
    const list = this.at.port.list<Lead>({ prefix });
    for await (const { value } of list) yield value;
  }

  async *opportunities(): AsyncGenerator<StoredOpportunity> {
    const prefix = this.at.k.opportunities();
    const list = this.at.port.list<StoredOpportunity>({ prefix });
    for await (const { value } of list) yield value;
  }

  /** Leads by their ids, as far as they are stored. */
  leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>> {
    return recordsOf<Lead>(this.at.port, ids, this.at.k.lead);
  }

  /** The newest changes of opportunities, the newest first. */
  newestChanges(limit: number): AsyncGenerator<StandingChange> {
    return newestChanges(this.at.port, this.at.k, limit);
  }

  /** When the last note about each of these people was written, ISO 8601 UTC, as far as there is one. */
  lastNotesAt(contactIds: Iterable<string>): Promise<Map<string, string>> {
    return lastNotesAt(this.at.port, this.at.k, contactIds);
  }

  /** The stored notes by their contacts. */
  get contactNotes(): ContactNotes {
    return new ContactNotes(this.at.port, this.at.k);
  }

  /** Encoded ids of the activities between two instants, `from` included (ISO 8601 UTC). */
  async activitiesBetween(from: string, to: string): Promise<string[]> {
    const prefix = this.at.k.activitiesByDate();
    const parts: string[] = [];
    const list = this.at.port.list({
      start: [...prefix, from],
      end: [...prefix, to],
    });
    for await (const { key } of list) parts.push(String(key.at(-1)));
    return parts;
  }
}
