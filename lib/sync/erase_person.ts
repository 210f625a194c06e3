import { normalizeRow, personOf } from "../clienttether/mod.ts";
import {
  type Clock,
  isoNow,
  type KnownPerson,
  localDay,
  NotFoundError,
  type StreamName,
  STREAMS,
  type SyncState,
} from "../domain/mod.ts";
import {
  type AuditActor,
  type ErasureMarker,
  findErasure,
  idPart,
  type IdsByStream,
  openTenant,
  PersonErasure,
  personHash,
  type Store,
  type SyncWriter,
  type TenantStore,
} from "../store/mod.ts";
import {
  certificateOf,
  detailOf,
  type ErasureCertificate,
} from "./_erasure_certificate.ts";
import { computeFigures, figuresKey } from "./_figures.ts";
import { isAbout, isViewAbout, rowCounts, rowOf } from "./_about_person.ts";
import { FIGURE_STREAMS } from "./_outcome.ts";
import { underLease } from "./_under_lease.ts";

export type { ErasureCertificate };

export interface EraseDeps {
  store: Store;
  clock: Clock;
}

export interface EraseOptions {
  /** Leave the person out of later syncs, with opportunities, notes and activities. */
  keepOut?: boolean;
  /** Who asked for it, for the audit log; an operator unless told. */
  actor?: AuditActor;
  requestId?: string | null;
  /** Told what is being done. */
  onProgress?: (what: string) => void;
}

const OPERATOR: AuditActor = { kind: "operator", id: null, name: null };

/**
 * Erases a person: the lead with opportunities, notes and activities, their index rows, rows in quarantine,
 * tombstones and stage changes, saved views that search for them, and every raw line about them; then computes today's figures anew. Frozen figures of
 * earlier days name nobody and stand.
 *
 * Works under the tenant's lease. Cut off and run again it goes on and ends the same, with the same counts; run again
 * after its end it answers the same certificate, unless the person has come back.
 *
 * @param personId the lead's id at ClientTether
 * @returns null when a sync is under way or the tenant is not active
 * @throws {NotFoundError} when there is no such tenant, or nothing is known of such a person.
 * @throws {LeaseLostError} when the tenant's status changed meanwhile.
 * @throws {TransientError} when the database does not answer.
 */
export async function erasePerson(
  deps: EraseDeps,
  tenantId: string,
  personId: string,
  options: EraseOptions = {},
): Promise<ErasureCertificate | null> {
  const { store, clock } = deps;
  const reader = await openTenant(store, tenantId);
  return await underLease(deps, tenantId, async ({ writer, runId }) => {
    const hash = personHash(tenantId, personId);
    const erasure = PersonErasure.of(store, tenantId, writer.lease, hash);
    const erase = new Erase(erasure, writer, reader, clock, personId, options);
    const before = await findErasure(store, tenantId, hash);
    const marker = await erase.begin(before !== null);
    if (marker) return await erase.run(marker, hash, runId);
    if (!before) {
      throw new NotFoundError(
        `Cannot erase lead '${personId}': tenant '${reader.tenant.slug}' holds nothing about it`,
      );
    }
    // A release that does not know of it has left what it erased.
    await erasure.removeNotesText();
    await writer.lease.release({ sets: [], deletes: [] });
    return certificateOf(before);
  });
}

class Erase {
  readonly #person: string;

  constructor(
    private readonly erasure: PersonErasure,
    private readonly writer: SyncWriter,
    private readonly reader: TenantStore,
    private readonly clock: Clock,
    private readonly personId: string,
    private readonly options: EraseOptions,
  ) {
    this.#person = idPart(personId);
  }

  /**
   * Finds out what there is to remove and writes it down; null where there is nothing to do.
   *
   * @param known whether the person was erased before, and may thus be kept out though nothing is left
   */
  async begin(known: boolean): Promise<ErasureMarker | null> {
    const { erasure, options } = this;
    const before = await erasure.marker();
    const keepOut = before?.keepOut || (options.keepOut ?? false);
    const { ids, counts, views = [] } = await this.#find();
    const isLeft = Object.values(counts).some((count) => count > 0);
    const isNew = keepOut && known && !await erasure.isKeptOut();
    if (!before && !isLeft && !isNew) return null;
    const marker: ErasureMarker = {
      startedAt: before?.startedAt ?? isoNow(this.clock),
      keepOut,
      ids: mergedIds(before?.ids ?? {}, ids),
      counts: mergedCounts(before?.counts ?? {}, counts),
      views: [...before?.views ?? [], ...views],
    };
    const state = await this.reader.syncState();
    await erasure.begin(marker, {
      ...state,
      cursor: { ...state.cursor, figuresKey: null },
    });
    return marker;
  }

  async #find(): Promise<Pick<ErasureMarker, "ids" | "counts" | "views">> {
    const { erasure, options } = this;
    options.onProgress?.("looking for what there is");
    const stored = await erasure.storedOf(this.#person);
    const ids: Record<StreamName, Set<string>> = {
      cycles: new Set(),
      leads: new Set([this.#person]),
      opportunities: new Set(stored.opportunities),
      notes: new Set(stored.notes),
      activities: new Set(stored.activities),
    };
    const people: KnownPerson[] = [];
    let rawLines = 0;
    for (const { stream, chunk } of await erasure.chunks()) {
      if (stream === "cycles") continue;
      for (const line of await erasure.lines(chunk)) {
        const id = this.#idOfOwn(stream, line);
        if (id === undefined) continue;
        rawLines++;
        if (stream === "leads") people.push(...this.#leadOf(line));
        if (id !== null) await this.#add(ids[stream], stream, idPart(id));
      }
    }
    const quarantine = await this.#quarantined(ids);
    const all = toLists(ids);
    const traces = await erasure.tracesOf(all);
    const lead = await erasure.lead(this.#person);
    const views = (await erasure.savedViews()).filter((view) =>
      isViewAbout(lead ? [...people, lead] : people, view)
    );
    return {
      ids: all,
      views: views.map(({ userId, id }) => [userId, id]),
      counts: {
        ...rowCounts(stored, { ...traces, views, quarantine }),
        raw_lines: rawLines,
      },
    };
  }

  /** The person as a raw line knew them, under an earlier name perhaps. */
  #leadOf(line: string): KnownPerson[] {
    const row = rowOf("leads", line);
    if (!row) return [];
    const read = normalizeRow("leads", row, this.reader.tenant, {
      firstStoredAt: isoNow(this.clock),
    });
    return read.ok ? [read.record] : [];
  }

  /** An id that a raw line names; not where the record is by now somebody else's. */
  async #add(
    ids: Set<string>,
    stream: StreamName,
    part: string,
  ): Promise<void> {
    if (ids.has(part)) return;
    if (await this.erasure.isOthers(stream, part, this.#person)) return;
    ids.add(part);
  }

  async #quarantined(ids: Record<StreamName, Set<string>>): Promise<number> {
    let count = 0;
    for (const stream of STREAMS) {
      const rows = await this.writer.readQuarantine(stream);
      for (const [part, row] of rows) {
        if (!ids[stream].has(part) && !isAbout(this.personId, row)) continue;
        ids[stream].add(part);
        count++;
      }
    }
    return count;
  }

  /** The id of a raw line about the person, null where it has none; undefined where it is about somebody else. */
  #idOfOwn(stream: StreamName, line: string): string | null | undefined {
    const row = rowOf(stream, line);
    return row && personOf(stream, row) === this.personId ? row.id : undefined;
  }

  async run(
    marker: ErasureMarker,
    hash: string,
    runId: string,
  ): Promise<ErasureCertificate> {
    const { erasure, options, clock, reader } = this;
    const known = new Map(
      STREAMS.map((stream) => [stream, new Set(marker.ids[stream])]),
    );
    options.onProgress?.("rewriting raw records");
    await erasure.rewriteRaw((stream, line) => {
      const row = rowOf(stream, line);
      if (!row || stream === "cycles") return false;
      return personOf(stream, row) === this.personId ||
        (row.id !== null && known.get(stream)!.has(idPart(row.id)));
    }, marker.ids);
    options.onProgress?.("removing records");
    const counts = await this.#removeRecords(marker.ids, runId);
    await erasure.removeNotesText();
    await erasure.removeTraces(marker.ids, marker.views);
    await this.writer.putRecent(
      await this.writer.recent(isoNow(clock)),
      runId,
    );
    options.onProgress?.("computing today's figures");
    const state = await this.#figures(counts, runId);
    const entry = await erasure.finish(state, {
      actor: options.actor ?? OPERATOR,
      action: "person.erased",
      tenantId: reader.id,
      target: hash,
      requestId: options.requestId ?? null,
      detail: detailOf(marker),
    }, clock);
    return certificateOf(entry);
  }

  /** Removes the records with their index rows; how many are left of each stream. */
  async #removeRecords(
    ids: IdsByStream,
    runId: string,
  ): Promise<SyncState["counts"]> {
    const { writer, clock } = this;
    const counts: SyncState["counts"] = {};
    for (const stream of STREAMS) {
      const index = await writer.readIndex(stream);
      const gone = (ids[stream] ?? []).filter((part) => index.has(part));
      if (gone.length > 0) {
        await writer.apply(index, [], gone, {
          runId,
          at: isoNow(clock),
          forget: true,
        });
      }
      counts[stream] = index.size;
    }
    return counts;
  }

  /** Today's figures anew, and the state that goes with them. */
  async #figures(
    counts: SyncState["counts"],
    runId: string,
  ): Promise<SyncState> {
    const { writer, reader: { tenant }, clock } = this;
    const before = await this.reader.syncState();
    const { notesByContact = null } = before.cursor;
    const state: SyncState = {
      ...before,
      counts: { ...before.counts, ...counts },
      dataVersion: before.dataVersion + 1,
      cursor: {
        ...before.cursor,
        // Of earlier days raw tells less from here on than their frozen figures; the next run begins anew.
        rawKeptFrom: isoNow(clock),
        baselineDay: {},
        notesByContact: notesByContact && {
          ...notesByContact,
          pending: notesByContact.pending.filter((one) => one !== this.#person),
        },
      },
    };
    const known = FIGURE_STREAMS.every((stream) =>
      state.streams[stream]?.lastSuccessAt
    );
    if (!known) return state;
    const today = localDay(clock.now(), tenant.timezone);
    const day = today > (state.viewDay ?? "") ? today : state.viewDay!;
    const { views, prospects } = await computeFigures(writer, tenant, {
      day,
      computedAt: isoNow(clock),
    });
    await writer.putViews(views, runId);
    const cursor = { ...state.cursor, figuresKey: figuresKey(tenant) };
    return { ...state, viewDay: day, prospects, cursor };
  }
}

function toLists(ids: Record<StreamName, Set<string>>): IdsByStream {
  return Object.fromEntries(
    STREAMS.map((stream) => [stream, [...ids[stream]].sort()]),
  );
}

function mergedIds(one: IdsByStream, other: IdsByStream): IdsByStream {
  return Object.fromEntries(STREAMS.map((stream) => [
    stream,
    [...new Set([...one[stream] ?? [], ...other[stream] ?? []])].sort(),
  ]));
}

/** What was found first stands: some of it has gone since. */
function mergedCounts(
  one: Record<string, number>,
  other: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(other).map((
      [kind, count],
    ) => [kind, Math.max(count, one[kind] ?? 0)]),
  );
}
