import { encodeTime } from "ulid";
import {
  type ActivityRow,
  addDays,
  ColumnTable,
  emptySyncState,
  type FollowedStream,
  HOT_LIST,
  type HotItem,
  isOpenActivity,
  type Kpis,
  type Lead,
  LEAD_LIST,
  type LeadMetrics,
  type LeadRow,
  matches,
  type Note,
  type NoteRow,
  NotFoundError,
  type Opportunity,
  type PipelineView,
  type Position,
  PROSPECT,
  type Recent,
  type RecentChange,
  type RecentKind,
  type SalesCycle,
  type ShownReport,
  shownReport,
  type StageChange,
  stageChangesOf,
  type StandingChange,
  type StreamName,
  type SyncRun,
  type SyncState,
  type Trail,
  TransientError,
  type VisitMark,
  type WeeklyReport,
} from "../domain/mod.ts";
import { decodeCursor, encodeCursor } from "./_cursor.ts";
import { decodeParts, isDocHead, joinBytes } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import { listingKeys, listingsOf } from "./_listings.ts";
import {
  notesKnownAt,
  type PersonQuery,
  type PersonRecords,
  readAll,
  readPerson,
  recordsOf,
  withoutPlace,
} from "./_person.ts";
import type { StoredNote, StoredOpportunity } from "./_records.ts";
import { changeRows, named } from "./_recent.ts";
import { standingChange } from "./_standing_change.ts";
import { kvOf, listsOf, type Store } from "./_store.ts";
import { type Weighed, weighed } from "./_weighed.ts";
import {
  datePart,
  idPart,
  type Key,
  keys,
  type TenantKeys,
  tenantKeys,
} from "./keys.ts";
import type { ListCache, ListName, Sized } from "./list_cache.ts";
import { RawReader } from "./raw_reader.ts";
import { StoredReader } from "./stored_reader.ts";
import type { Tenant, TenantListing, TenantStatus } from "./tenants.ts";

/** Rows of one kind that a page marks as new. */
const MOST_IDS = 1000;
/** No sync begins later. */
const FOREVER = "9999-01-01T00:00:00.000Z";

/** What an id of a run can be, so that nothing else becomes a key. */
const RUN_ID = /^[\w-]{1,64}$/;

/**
 * Why the records of an earlier day are not known: raw of that day is no longer kept, or a run that ended on its way
 * has left its mark on it.
 */
export type Untold = "beyond" | "unsettled";

/** One page of a list. `total` counts every row of the list, not only this page's. */
export interface Page<T> {
  rows: T[];
  total: number;
  hasMore: boolean;
  /** Where the next page begins; null when there is none or the list has no cursor. */
  cursor: string | null;
}

/** The three view documents of one day. */
export interface DayViews {
  leads: LeadMetrics;
  pipeline: PipelineView;
  kpis: Kpis;
}

/** What dashboards show, each null where there is none yet. Shared by requests, and frozen. */
export type ShownViews =
  & { readonly [V in keyof DayViews]: DayViews[V] | null }
  & {
    /** What is new by then, summed up. */
    readonly recent: Recent | null;
  };

/** The ETag that an answer was given. */
export interface AnswerTag {
  etag: string;
  /** From when on the same data answers otherwise, epoch milliseconds; null where the time makes no difference. */
  until: number | null;
}

export interface LeadsQuery {
  limit: number;
  /** Only what comes after this place. */
  after?: Position | undefined;
  /** Created in [from, to), epoch milliseconds. */
  created?: { from: number; to: number } | undefined;
}

/** A page of leads; `end` is where it ends, null when nothing follows. */
export interface LeadsPage {
  rows: LeadRow[];
  total: number;
  end: Position | null;
}

export interface NotesQuery {
  limit: number;
  offset?: number;
  cursor?: string;
  /** Case-insensitive part of content or author, after NFC. */
  search?: string;
  /** Case-insensitive part of the author, after NFC. */
  author?: string;
  /** Id of the person. */
  contact?: string;
  /** Of [from, to), epoch milliseconds. */
  dates?: { from: number; to: number };
  /** From the oldest to the newest; those without a date last both ways. */
  oldestFirst?: boolean;
  /**
   * Only notes that the portal knew by then, epoch milliseconds, as they are now. `total` then counts later ones of
   * an earlier date too, and a page may have fewer rows than its limit.
   */
  knownAt?: number;
}

/** Which notes are read one after the other. */
export type EachNoteQuery = Omit<NotesQuery, "limit" | "offset" | "cursor">;

/** Changes that syncs found which began after `after` and not after `until`, ISO 8601 UTC. */
export interface RecentQuery {
  kind: RecentKind;
  after: string;
  until: string;
  limit: number;
  cursor?: string;
}

/** A weekly report as its readers see it in a list. */
export type PublishedReport = Pick<WeeklyReport, "week"> & ShownReport;

/**
 * One tenant's data for reading. Every key it touches is under the tenant's prefix;
 * there is no way to hand it a key.
 */
export interface TenantStore {
  readonly id: string;
  readonly tenant: Tenant;
  readonly status: TenantStatus;
  /** What the tenant's runs have kept of ClientTether's answers. */
  readonly raw: RawReader;
  /** The tenant's records as they are stored, all of them. */
  readonly stored: StoredReader;
  /** The sync state as it was when the tenant was opened: no read. */
  readonly opened: SyncState;
  /** As it is now. One read. */
  syncState(): Promise<SyncState>;
  /** Why the records of these streams are not known; null where they are, as in the present always. */
  untold(...streams: StreamName[]): Promise<Untold | null>;
  /** What was made of the tenant's data and never changes, kept in memory within the bound of all lists. */
  kept<T extends Sized>(list: string, make: () => Promise<T>): Promise<T>;
  /** View documents of a day, null where there are none. One read, two where one is chunked. */
  views(day: string): Promise<{ [V in keyof DayViews]: DayViews[V] | null }>;
  /** The tag that the answer at an address was given in the state that `opened` is; null where none was kept. */
  answerTag(address: string): Promise<AnswerTag | null>;
  /** Keeps it for as long as that state stands; not while a run changes the data record by record. */
  keepAnswerTag(address: string, tag: AnswerTag): void;
  /**
   * The newest view documents as `opened` names them, never older than it. One read for each state of the tenant, two
   * where a document is chunked; else none.
   */
  shown(): Promise<ShownViews>;
  /** What syncs of the last days found to be new, summed up; null before the first. One read. */
  recent(): Promise<Recent | null>;
  /** Changes of one kind, newest first. Two reads at most. */
  listRecent(query: RecentQuery): Promise<Page<RecentChange>>;
  /** Ids of what of one kind is new since (ISO 8601 UTC), the newest thousand. One read. */
  recentIds(kind: RecentKind, after: string): Promise<Set<string>>;
  /** Newest first. One read. */
  kpiHistory(limit: number): Promise<Kpis[]>;
  /**
   * Those of a day (YYYY-MM-DD) and the days before it that have any, newest first; frozen. One read for each state of
   * the tenant, else none.
   */
  kpisUntil(day: string, limit: number): Promise<readonly Kpis[]>;
  /** Prospects, newest first; those without a date last. One read. */
  listLeads(query: LeadsQuery): Promise<LeadsPage>;
  /** All prospects in the same order, read while they are asked for. One read. */
  eachLead(query?: Pick<LeadsQuery, "created">): AsyncGenerator<LeadRow>;
  /** Every prospect, for lists that are sorted, filtered or searched. One read for each version of the data, else none. */
  leadTable(): Promise<ColumnTable<LeadRow>>;
  /** The whole hot list, likewise. */
  hotTable(): Promise<ColumnTable<HotItem>>;
  /** Highest weighted IFF first; rows without one last. */
  listHotList(
    query: { limit: number; offset: number },
  ): Promise<Page<HotItem>>;
  /** Newest first; those without a date last. */
  listNotes(query: NotesQuery): Promise<Page<NoteRow>>;
  /** Every note that matches, each whole, read while they are asked for. */
  eachNote(
    query: EachNoteQuery,
  ): AsyncGenerator<NoteRow>;
  getNote(id: string): Promise<Note | null>;
  /** What is stored of a person; null where nothing is, and nothing tells that there was anything. */
  person(id: string, query: PersonQuery): Promise<PersonRecords | null>;
  /** The leads of these ids, as far as they are stored. One read. */
  leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>>;
  /** The opportunities of these ids, as far as they are stored. One read. */
  opportunitiesOf(ids: Iterable<string>): Promise<Map<string, Opportunity>>;
  /** The histories of these records of a stream, of those too that have left, as far as any are kept. One read. */
  trailsOf(
    stream: FollowedStream,
    ids: Iterable<string>,
  ): Promise<Map<string, Trail>>;
  /** Every opportunity, in no order. One read. */
  opportunities(): AsyncGenerator<Opportunity>;
  /** The stages of the sales cycles, in no order. One read. */
  cycles(): Promise<SalesCycle[]>;
  /** Open activities later than `now` (epoch milliseconds), soonest first. */
  listSchedule(
    query: { now: number; limit: number },
  ): Promise<Page<ActivityRow>>;
  /** Open activities of [from, to), epoch milliseconds, soonest first. One read. */
  scheduleBetween(
    query: { from: number; to: number; limit: number },
  ): Promise<Page<ActivityRow>>;
  /** The oldest day that has view documents. One read. */
  firstViewDay(): Promise<string | null>;
  /** The newest kpis of a day before this one (YYYY-MM-DD). One read. */
  kpisBefore(day: string): Promise<Kpis | null>;
  /** Opportunities' moves between stages that syncs saw in [from, to), ISO 8601 UTC, oldest first. One read. */
  listStageChanges(from: string, to: string): Promise<StageChange[]>;
  /** All that syncs saw change of leads or of opportunities in [from, to), ISO 8601 UTC, oldest first. One read. */
  listChanges(
    stream: FollowedStream,
    from: string,
    to: string,
  ): Promise<StandingChange[]>;
  /** Published reports, newest first. */
  listReports(): Promise<PublishedReport[]>;
  /** Newest first. */
  listRuns(limit: number): Promise<SyncRun[]>;
  /** Runs that began before an instant (epoch milliseconds), newest first. One read. */
  runsBefore(instant: number, limit: number): Promise<SyncRun[]>;
  /** The run with this id, or null. One read. */
  getRun(id: string): Promise<SyncRun | null>;
}

/**
 * Opens one tenant's data.
 *
 * @throws {NotFoundError} when there is no such tenant.
 */
export async function openTenant(
  store: Store,
  tenantId: string,
): Promise<TenantStore> {
  return (await openTenantBeside(store, tenantId, [])).data;
}

/**
 * Opens one tenant's data, and says in the same read what the tenants of the other ids are, which a menu
 * shows, and where the visits of a user stand.
 *
 * @param others Only what the reader may open too.
 * @throws {NotFoundError} when there is no such tenant.
 */
export async function openTenantBeside(
  store: Store,
  tenantId: string,
  others: readonly string[],
  userId = "",
): Promise<{
  data: TenantStore;
  visit: VisitMark | null;
  others: Array<Pick<TenantListing, "tenant" | "status">>;
}> {
  const port = kvOf(store);
  const k = tenantKeys(tenantId);
  const [tenant, status, state, visit, ...rest] = await port.getMany<unknown>([
    keys.tenant(tenantId),
    k.state(),
    k.syncState(),
    k.visit(userId),
    ...listingKeys(others),
  ]);
  if (!tenant?.value || !status?.value) {
    throw new NotFoundError(`Cannot open tenant '${tenantId}': no such tenant`);
  }
  const data = new KvTenantStore(
    port,
    k,
    tenant.value as Tenant,
    status.value as TenantStatus,
    state?.value as SyncState ?? emptySyncState(),
    state?.versionstamp ?? "",
    listsOf(store),
  );
  return {
    data,
    visit: visit?.value as VisitMark | null,
    others: listingsOf(others, rest),
  };
}

class KvTenantStore implements TenantStore {
  readonly raw: RawReader;
  readonly stored: StoredReader;

  constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    readonly tenant: Tenant,
    readonly status: TenantStatus,
    readonly opened: SyncState,
    /** The versionstamp of `opened`: every run writes it at its beginning and at its end. */
    private readonly stamp: string,
    private readonly lists: ListCache,
  ) {
    this.raw = RawReader.under(port, k);
    this.stored = StoredReader.under(port, k);
  }

  get id(): string {
    return this.tenant.id;
  }

  async syncState(): Promise<SyncState> {
    const { value } = await this.port.get<SyncState>(this.k.syncState());
    return value ?? emptySyncState();
  }

  untold(): Promise<null> {
    return Promise.resolve(null);
  }

  kept<T extends Sized>(list: string, make: () => Promise<T>): Promise<T> {
    return this.lists.get({ tenantId: this.id, list, version: 0 }, make);
  }

  async views(day: string) {
    return viewsOf(await this.#docs(this.#viewKeys(day)));
  }

  async shown(): Promise<ShownViews> {
    const day = this.opened.viewDay;
    if (day === null) return NOTHING_SHOWN;
    return await this.#standing("shown", async () => {
      const docs = await this.#docs([...this.#viewKeys(day), this.k.recent()]);
      return { ...viewsOf(docs), recent: docs[3] as Recent | null };
    });
  }

  async answerTag(address: string): Promise<AnswerTag | null> {
    const name = this.#standingName(`answer ${address}`);
    return (await this.lists.peek<Weighed<AnswerTag>>(name))?.value ?? null;
  }

  keepAnswerTag(address: string, tag: AnswerTag): void {
    if (this.opened.status === "running") return;
    const name = this.#standingName(`answer ${address}`);
    this.lists.put(name, weighed(tag));
  }

  /** What is read for as long as the state that the tenant was opened with stands. */
  async #standing<T>(list: string, read: () => Promise<T>): Promise<T> {
    const { value } = await this.lists.get<Weighed<T>>(
      this.#standingName(list),
      async () => weighed(await read()),
    );
    return value;
  }

  #standingName(list: string): ListName {
    return { tenantId: this.id, list, version: this.stamp };
  }

  async recent(): Promise<Recent | null> {
    const [recent] = await this.#docs([this.k.recent()]);
    return recent as Recent | null;
  }

  #viewKeys(day: string): Key[] {
    return [
      this.k.leadMetrics(day),
      this.k.pipelineView(day),
      this.k.kpis(day),
    ];
  }

  async #docs(keys: Key[]): Promise<unknown[]> {
    return await reread(async () => {
      const heads = await this.port.getMany<unknown>(keys);
      return await Promise.all(
        heads.map(({ key, value }) => this.#doc(key, value)),
      );
    });
  }

  async listRecent(
    { kind, limit, cursor, ...range }: RecentQuery,
  ): Promise<Page<RecentChange>> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const rows: RecentChange[] = [];
    let total = 0;
    let last: Key | null = null;
    let hasMore = false;
    for await (
      const { key, change } of changeRows(this.port, this.k, kind, range)
    ) {
      total++;
      if (after && !isBefore(key, after)) continue;
      if (rows.length === limit) {
        hasMore = true;
        continue;
      }
      rows.push(change);
      last = key;
    }
    return {
      rows: await named(this.port, this.k, rows),
      total,
      hasMore,
      cursor: hasMore && last
        ? encodeCursor([String(last.at(-2)), String(last.at(-1))])
        : null,
    };
  }

  async recentIds(kind: RecentKind, after: string): Promise<Set<string>> {
    const range = { after, until: FOREVER };
    const ids = new Set<string>();
    const rows = changeRows(this.port, this.k, kind, range);
    for await (const { change } of rows) {
      ids.add(change.id);
      if (ids.size === MOST_IDS) break;
    }
    return ids;
  }

  async #doc(key: Key, head: unknown): Promise<unknown> {
    if (!isDocHead(head)) return head;
    if ("packed" in head) return decodeParts([head.packed]);
    const pieces: Uint8Array[] = [];
    const { version, parts } = head.chunked;
    const list = this.port.list<Uint8Array>({ prefix: [...key, version] });
    for await (const { value } of list) pieces.push(value);
    if (pieces.length < parts) throw new ChangedMeanwhile();
    return decodeParts(pieces);
  }

  async kpiHistory(limit: number): Promise<Kpis[]> {
    return await this.#newest<Kpis>(this.k.kpiDays(), limit);
  }

  async listRuns(limit: number): Promise<SyncRun[]> {
    return await this.#newest<SyncRun>(this.k.syncRuns(), limit);
  }

  async runsBefore(instant: number, limit: number): Promise<SyncRun[]> {
    const prefix = this.k.syncRuns();
    // The id of a run begins with the time of its start.
    const end = [...prefix, encodeTime(instant)];
    return await this.#newest<SyncRun>(prefix, limit, end);
  }

  async getRun(id: string): Promise<SyncRun | null> {
    if (!RUN_ID.test(id)) return null;
    return (await this.port.get<SyncRun>(this.k.syncRun(id))).value;
  }

  async listReports(): Promise<PublishedReport[]> {
    const all = await this.#newest<WeeklyReport>(this.k.reports(), Infinity);
    return all.flatMap((report) => {
      const shown = shownReport(report);
      return shown ? [{ week: report.week, ...shown }] : [];
    });
  }

  async firstViewDay(): Promise<string | null> {
    const prefix = this.k.kpiDays();
    const list = this.port.list<Kpis>({ prefix }, { limit: 1 });
    for await (const { value } of list) return value.day;
    return null;
  }

  kpisUntil(day: string, limit: number): Promise<readonly Kpis[]> {
    const prefix = this.k.kpiDays();
    const end = [...prefix, addDays(day, 1)];
    return this.#standing(
      `kpis until ${day}, ${limit}`,
      () => this.#newest<Kpis>(prefix, limit, end),
    );
  }

  async kpisBefore(day: string): Promise<Kpis | null> {
    const prefix = this.k.kpiDays();
    const [newest] = await this.#newest<Kpis>(prefix, 1, [...prefix, day]);
    return newest ?? null;
  }

  async listStageChanges(from: string, to: string): Promise<StageChange[]> {
    return stageChangesOf(await this.listChanges("opportunities", from, to));
  }

  async listChanges(
    stream: FollowedStream,
    from: string,
    to: string,
  ): Promise<StandingChange[]> {
    const prefix = this.k.standingChanges(stream);
    const changes: StandingChange[] = [];
    const list = this.port.list<StandingChange | StageChange>({
      start: [...prefix, from],
      end: [...prefix, to],
    });
    for await (const { value } of list) changes.push(standingChange(value));
    return changes;
  }

  /** @param end only what stands before this key */
  async #newest<T>(prefix: Key, limit: number, end?: Key): Promise<T[]> {
    const rows: T[] = [];
    const selector = end ? { prefix, end } : { prefix };
    const list = this.port.list<T>(selector, { limit, reverse: true });
    for await (const { value } of list) rows.push(value);
    return rows;
  }

  async listLeads({ limit, after, created }: LeadsQuery): Promise<LeadsPage> {
    const rows: LeadRow[] = [];
    let total = 0;
    let end: Position | null = null;
    // With a span every row of it is looked at, since the total counts them all.
    const selector = created
      ? datesOf(this.k.leadsByCreated(), created)
      : this.#leadsAfter(after);
    const from = created && after ? positionParts(after) : null;
    for await (
      const { key, value } of this.#prospects(
        selector,
        created ? 1000 : limit + 1,
      )
    ) {
      total++;
      if (from && !isBefore(key, from)) continue;
      if (rows.length === limit) {
        const last = rows.at(-1)!;
        end = { key: last.createdAt, id: idPart(last.id) };
        if (!created) break;
        continue;
      }
      if (rows.length < limit) rows.push(value);
    }
    return {
      rows,
      total: created ? total : Math.max(this.opened.prospects, rows.length),
      end,
    };
  }

  async *eachLead(
    { created }: Pick<LeadsQuery, "created"> = {},
  ): AsyncGenerator<LeadRow> {
    const selector = created
      ? datesOf(this.k.leadsByCreated(), created)
      : this.#leadsAfter();
    for await (const { value } of this.#prospects(selector, 1000)) yield value;
  }

  #leadsAfter(after?: Position): Deno.KvListSelector {
    const prefix = this.k.leadsByCreated();
    return after
      ? { prefix, end: [...prefix, ...positionParts(after)] }
      : { prefix };
  }

  /** Newest first; a row that an older release wrote lacks what came later. */
  async *#prospects(
    selector: Deno.KvListSelector,
    pageSize: number,
  ): AsyncGenerator<{ key: Key; value: LeadRow }> {
    const list = this.port.list<LeadRow>(selector, { reverse: true, pageSize });
    for await (const { key, value } of list) {
      if (value.contactType === PROSPECT) yield { key, value: wholeRow(value) };
    }
  }

  leadTable(): Promise<ColumnTable<LeadRow>> {
    return this.#table(
      "leads",
      () => ColumnTable.from(LEAD_LIST.kinds, this.eachLead(), idPart),
    );
  }

  hotTable(): Promise<ColumnTable<HotItem>> {
    return this.#table(
      "hot-list",
      () => ColumnTable.from(HOT_LIST.kinds, this.#hotItems(), idPart),
    );
  }

  /** The state was read before the rows are: a run that ends in between makes a newer version. */
  #table<Row extends { id: string }>(
    list: string,
    read: () => Promise<ColumnTable<Row>>,
  ): Promise<ColumnTable<Row>> {
    const version = this.opened.dataVersion;
    return this.lists.get({ tenantId: this.id, list, version }, read);
  }

  async *#hotItems(): AsyncGenerator<HotItem> {
    const list = this.port.list<HotItem>({ prefix: this.k.hotListItems() });
    for await (const { value } of list) yield value;
  }

  async listNotes({ limit, offset, cursor, ...which }: NotesQuery) {
    const { search, author, contact, dates, knownAt } = which;
    const isWhole = !search && !author && contact === undefined && !dates;
    const upwards = which.oldestFirst ?? false;
    const list = await this.#datedPage<NoteRow>(this.#notesOf(contact), {
      limit,
      ...offset === undefined ? {} : { offset },
      ...cursor === undefined ? {} : { cursor },
      ...dates ? { dates } : {},
      upwards,
      accepts: (row) => this.#isSelected(which, row),
      total: isWhole ? this.opened.counts.notes ?? 0 : null,
      begin: beginOf(knownAt, upwards),
    });
    if (knownAt === undefined) return list;
    const { port, k } = this;
    return { ...list, rows: await notesKnownAt(port, k, list.rows, knownAt) };
  }

  async *eachNote(which: EachNoteQuery): AsyncGenerator<NoteRow> {
    const { contact, dates, oldestFirst = false, knownAt } = which;
    const rows = this.#dated<NoteRow>(this.#notesOf(contact), {
      upwards: oldestFirst,
      after: beginOf(knownAt, oldestFirst),
      ...dates ? { dates } : {},
    });
    for await (const { value: row } of rows) {
      if (!await this.#isSelected(which, row)) continue;
      if (knownAt !== undefined && !await this.#isKnownAt(row, knownAt)) {
        continue;
      }
      const note = row.truncated ? await this.getNote(row.id) : null;
      yield note ? { ...row, content: note.content, truncated: false } : row;
    }
  }

  /** The index that holds the notes of a person, or all of them. */
  #notesOf(contact: string | undefined): Key {
    return contact === undefined
      ? this.k.notesByDate()
      : [...this.k.notesByContact(), idPart(contact)];
  }

  #isSelected(
    { search, author, knownAt }: EachNoteQuery,
    row: NoteRow,
  ): boolean | Promise<boolean> {
    if (!isDatedBy(row, knownAt)) return false;
    if (author && !matches(author, row.author)) return false;
    return !search || this.#noteMatches(search, row);
  }

  async #isKnownAt(row: NoteRow, instant: number): Promise<boolean> {
    if (!isDatedBy(row, instant)) return false;
    const { port, k } = this;
    return (await notesKnownAt(port, k, [row], instant)).length > 0;
  }

  async #noteMatches(search: string, row: NoteRow): Promise<boolean> {
    if (matches(search, row.content, row.author)) return true;
    if (!row.truncated) return false;
    const note = await this.getNote(row.id);
    return note !== null && matches(search, note.content);
  }

  /**
   * A page of a dated index. With a `total` that is known the reading stops after the page, else every row is looked
   * at, since the total counts them all.
   */
  async #datedPage<T>(prefix: Key, query: {
    limit: number;
    offset?: number;
    cursor?: string;
    upwards: boolean;
    /** Only rows of [from, to), epoch milliseconds. */
    dates?: { from: number; to: number };
    accepts: (row: T) => boolean | Promise<boolean>;
    total: number | null;
    /** Where the list begins; what comes before is not looked at. */
    begin?: DatedPlace | null;
  }): Promise<Page<T>> {
    const { upwards, dates } = query;
    const after = query.cursor === undefined
      ? null
      : decodeCursor(query.cursor, upwards);
    const rows: T[] = [];
    let last: Key | null = null;
    let matched = 0;
    let skip = after ? 0 : query.offset ?? 0;
    let hasMore = false;
    const begin = query.begin ?? null;
    const list = this.#dated<T>(prefix, {
      upwards,
      ...dates ? { dates } : {},
      ...(query.total !== null
        ? { after: after ?? begin, pageSize: skip + query.limit + 1 }
        : { after: begin }),
    });
    for await (const { key, value } of list) {
      if (!await query.accepts(value)) continue;
      matched++;
      if (after && !comesAfter(key, after, upwards)) continue;
      if (skip-- > 0) continue;
      if (rows.length < query.limit) {
        rows.push(value);
        last = key;
        continue;
      }
      hasMore = true;
      if (query.total !== null) break;
    }
    return {
      rows,
      total: query.total === null ? matched : Math.max(query.total, matched),
      hasMore,
      cursor: hasMore && last
        ? encodeCursor([String(last.at(-2)), String(last.at(-1))], upwards)
        : null,
    };
  }

  /** The rows of a dated index after a place, those without a date last both ways. */
  async *#dated<T>(
    prefix: Key,
    { upwards, dates, after = null, ...options }: {
      upwards: boolean;
      dates?: { from: number; to: number };
      after?: DatedPlace | null;
      pageSize?: number;
    },
  ): AsyncGenerator<Deno.KvEntry<T>> {
    const selectors = dates
      ? [datesOf(prefix, dates)]
      : upwards
      ? upFrom(prefix, after)
      : downFrom(prefix, after);
    for (const selector of selectors) {
      yield* this.port.list<T>(selector, { reverse: !upwards, ...options });
    }
  }

  async listHotList({ limit, offset }: { limit: number; offset: number }) {
    const all = await Array.fromAsync(this.#hotItems());
    return {
      rows: all.slice(offset, offset + limit),
      total: all.length,
      hasMore: offset + limit < all.length,
      cursor: null,
    };
  }

  getNote(id: string): Promise<Note | null> {
    return reread(() => this.#note(id));
  }

  async #note(id: string): Promise<Note | null> {
    const { value } = await this.port.get<StoredNote>(this.k.note(id));
    if (!value) return null;
    const { body, preview: _preview, truncated: _truncated, ...note } = value;
    if (!body) return note;
    const parts = await this.port.getMany<Uint8Array>(
      Array.from(
        { length: body.parts },
        (_, n) => this.k.noteBody(value.id, body.version, n),
      ),
    );
    const pieces = parts.flatMap((part) => part.value ?? []);
    if (pieces.length < body.parts) throw new ChangedMeanwhile();
    const text = new TextDecoder().decode(joinBytes(pieces));
    return { ...note, ...JSON.parse(text) };
  }

  person(id: string, query: PersonQuery): Promise<PersonRecords | null> {
    return readPerson(this.port, this.k, id, query);
  }

  leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>> {
    return recordsOf(this.port, ids, this.k.lead);
  }

  async opportunitiesOf(ids: Iterable<string>) {
    const found = await recordsOf<StoredOpportunity>(
      this.port,
      ids,
      this.k.opportunity,
    );
    return new Map(
      [...found].map(([id, stored]) => [id, withoutPlace(stored)]),
    );
  }

  async trailsOf(stream: FollowedStream, ids: Iterable<string>) {
    const wanted = [...new Set(ids)];
    const trails = new Map<string, Trail>();
    if (wanted.length === 0) return trails;
    const { k } = this;
    const recordOf = stream === "leads" ? k.lead : k.opportunity;
    const found = await this.port.getMany<{ trail?: Trail }>([
      ...wanted.map((id) => recordOf(id)),
      ...wanted.map((id) => k.tombstone(stream, idPart(id))),
    ]);
    wanted.forEach((id, at) => {
      const trail = found[at]?.value?.trail ??
        found[wanted.length + at]?.value?.trail;
      if (trail) trails.set(id, trail);
    });
    return trails;
  }

  async *opportunities(): AsyncGenerator<Opportunity> {
    const prefix = this.k.opportunities();
    for await (
      const { value } of this.port.list<StoredOpportunity>({ prefix })
    ) yield withoutPlace(value);
  }

  async cycles(): Promise<SalesCycle[]> {
    return await readAll<SalesCycle>(this.port, this.k.cycles());
  }

  listSchedule({ now, limit }: { now: number; limit: number }) {
    const prefix = this.k.activitiesByDate();
    const start = [...prefix, new Date(now + 1).toISOString()];
    return this.#openActivities({ prefix, start }, limit);
  }

  scheduleBetween(
    { from, to, limit }: { from: number; to: number; limit: number },
  ) {
    const dates = datesOf(this.k.activitiesByDate(), { from, to });
    return this.#openActivities(dates, limit);
  }

  async #openActivities(
    selector: Deno.KvListSelector,
    limit: number,
  ): Promise<Page<ActivityRow>> {
    const rows: ActivityRow[] = [];
    let total = 0;
    const list = this.port.list<ActivityRow>(selector);
    for await (const { value } of list) {
      if (!isOpenActivity(value.status)) continue;
      total++;
      if (rows.length < limit) rows.push(value);
    }
    return { rows, total, hasMore: total > rows.length, cursor: null };
  }
}

const NOTHING_SHOWN: ShownViews = {
  leads: null,
  pipeline: null,
  kpis: null,
  recent: null,
};

function viewsOf([leads, pipeline, kpis]: unknown[]) {
  return {
    leads: leads as LeadMetrics | null,
    pipeline: pipeline as PipelineView | null,
    kpis: kpis as Kpis | null,
  };
}

/** A sync put a new version in place of the one whose parts are being read. */
class ChangedMeanwhile extends TransientError {
  override name = "ChangedMeanwhile";
  override message = "Cannot read the parts of this: they are being replaced";
}

/** Reads again, at most twice, what changed while it was read. */
async function reread<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === 3) throw error;
    }
  }
}

/** The place of a lead among the keys of the index. */
function positionParts({ key, id }: Position): [string, string] {
  return [datePart(key === null ? null : String(key)), id];
}

function wholeRow(row: LeadRow): LeadRow {
  const { updatedAt = null, assignedTo = null, dealSizeCents = null } = row;
  return { ...row, updatedAt, assignedTo, dealSizeCents };
}

function datesOf(
  prefix: Key,
  { from, to }: { from: number; to: number },
): { start: Key; end: Key } {
  const at = (time: number) => [...prefix, isoOf(time)];
  return { start: at(from), end: at(Math.max(from, to)) };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** Where notes begin that have a date up to an instant, of a list that runs downwards. */
function beginOf(
  instant: number | undefined,
  upwards: boolean,
): DatedPlace | null {
  return instant === undefined || upwards ? null : [isoOf(instant + 1), ""];
}

function isDatedBy(
  { noteDate }: NoteRow,
  instant: number | undefined,
): boolean {
  return instant === undefined || noteDate === null ||
    noteDate <= isoOf(instant);
}

/** The date part and the id part of a row in a dated index. */
type DatedPlace = [date: string, id: string];

function downFrom(
  prefix: Key,
  after: DatedPlace | null,
): Deno.KvListSelector[] {
  return [after ? { prefix, end: [...prefix, ...after] } : { prefix }];
}

function upFrom(prefix: Key, after: DatedPlace | null): Deno.KvListSelector[] {
  const undated = [...prefix, datePart(null)];
  // A longer key comes right after the one that it begins with, and `true` after every text.
  const next = after && [...prefix, ...after, ""];
  if (next && after[0] === datePart(null)) {
    return [{ prefix: undated, start: next }];
  }
  return [
    { prefix, start: next ?? [...undated, true] },
    { prefix: undated },
  ];
}

/** Whether a row stands after the place in a list that runs upwards or downwards. */
function comesAfter(key: Key, place: DatedPlace, upwards: boolean): boolean {
  if (!upwards) return isBefore(key, place);
  const [rowDate, id] = [String(key.at(-2)), String(key.at(-1))];
  const [undated, placeUndated] = [rowDate, place[0]].map((date) =>
    date === datePart(null)
  );
  if (undated !== placeUndated) return undated === true;
  return !isBefore(key, place) && !(rowDate === place[0] && id === place[1]);
}

/** Whether a row stands after the position in a list that runs downwards. */
function isBefore(key: Key, [date, id]: [string, string]): boolean {
  const rowDate = String(key.at(-2));
  return rowDate < date || (rowDate === date && String(key.at(-1)) < id);
}
