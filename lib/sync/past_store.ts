import { createHash } from "node:crypto";
import {
  type ActivityRow,
  addDays,
  buildStageModel,
  ColumnTable,
  createdIn,
  dayStart,
  type FollowedStream,
  HOT_LIST,
  type HotItem,
  hotItemOf,
  isOpenActivity,
  type Kpis,
  type Lead,
  LEAD_LIST,
  type LeadRow,
  type Note,
  type NoteRow,
  NotFoundError,
  type Opportunity,
  PROSPECT,
  type RankedHotItem,
  type RecentChange,
  type SalesCycle,
  type StageChange,
  type StandingChange,
  type StreamName,
  type SyncRun,
  type SyncState,
  type TenantSettings,
  type Trail,
  trailAt,
} from "../domain/mod.ts";
import {
  type DayViews,
  type EachNoteQuery,
  idPart,
  type LeadsPage,
  type LeadsQuery,
  type NotesQuery,
  type Page,
  type PersonQuery,
  type PersonRecords,
  type PublishedReport,
  type RawReader,
  type Sized,
  type StoredReader,
  type Tenant,
  type TenantStatus,
  type TenantStore,
  toActivityRow,
  toLeadRow,
  type Untold,
} from "../store/mod.ts";
import {
  type DayStream,
  type DayStreams,
  dayStreams,
  type RecordsOfDay,
} from "./day_records.ts";

/** An earlier day as its last sync left it. */
export interface DayStanding {
  /** YYYY-MM-DD. */
  day: string;
  /** When that sync had ended, epoch milliseconds. */
  moment: number;
  views: { [V in keyof DayViews]: DayViews[V] | null };
  settings: TenantSettings;
  /** The state that it left. */
  sync: SyncState;
}

/**
 * A tenant's data as it stood at the end of an earlier day, for reading. Nothing that came later is in it.
 *
 * Figures are those that were kept. Lists are told from raw, at the cost of one list read and one read for each
 * chunk, the first time that a day is asked for; where raw does not tell them, the page is empty and says so. Of notes
 * the portal keeps one version: those that it knew by then are shown as they are now.
 */
export class PastStore implements TenantStore {
  readonly tenant: Tenant;
  readonly #at: RecordsOfDay;
  readonly #found: Partial<DayStreams<StreamName>> = {};

  /** @param live the tenant as the guard has opened it */
  constructor(
    private readonly live: TenantStore,
    private readonly past: DayStanding,
  ) {
    this.tenant = { ...live.tenant, ...past.settings };
    this.#at = {
      day: past.day,
      until: isoOf(past.moment),
      settings: past.settings,
      keptFrom: past.sync.cursor.rawKeptFrom ?? null,
    };
  }

  get id(): string {
    return this.live.id;
  }

  get status(): TenantStatus {
    return this.live.status;
  }

  get raw(): RawReader {
    return this.live.raw;
  }

  get stored(): StoredReader {
    return this.live.stored;
  }

  kept<T extends Sized>(list: string, make: () => Promise<T>): Promise<T> {
    return this.live.kept(`${list} as of ${this.past.moment}`, make);
  }

  get opened(): SyncState {
    return this.past.sync;
  }

  syncState(): Promise<SyncState> {
    return Promise.resolve(this.past.sync);
  }

  async views(day: string) {
    if (day === this.past.day) return this.past.views;
    return day < this.past.day
      ? await this.live.views(day)
      : { leads: null, pipeline: null, kpis: null };
  }

  answerTag(): Promise<null> {
    return Promise.resolve(null);
  }

  keepAnswerTag(): void {
    // An earlier day is shown on pages alone.
  }

  /** What changed lately is of now. */
  shown() {
    return Promise.resolve({ ...this.past.views, recent: null });
  }

  recent(): Promise<null> {
    return Promise.resolve(null);
  }

  listRecent(): Promise<Page<RecentChange>> {
    const none = { rows: [], total: 0, hasMore: false, cursor: null };
    return Promise.resolve(none);
  }

  recentIds(): Promise<Set<string>> {
    return Promise.resolve(new Set());
  }

  firstViewDay(): Promise<string | null> {
    return this.live.firstViewDay();
  }

  async kpiHistory(limit: number): Promise<Kpis[]> {
    const all = await this.live.kpiHistory(Infinity);
    return all.filter(({ day }) => day <= this.past.day).slice(0, limit);
  }

  kpisBefore(day: string): Promise<Kpis | null> {
    const after = addDays(this.past.day, 1);
    return this.live.kpisBefore(day < after ? day : after);
  }

  kpisUntil(day: string, limit: number): Promise<readonly Kpis[]> {
    const last = this.past.day;
    return this.live.kpisUntil(day < last ? day : last, limit);
  }

  listStageChanges(from: string, to: string): Promise<StageChange[]> {
    const after = isoOf(this.past.moment + 1);
    return this.live.listStageChanges(from, to < after ? to : after);
  }

  listChanges(
    stream: FollowedStream,
    from: string,
    to: string,
  ): Promise<StandingChange[]> {
    const after = isoOf(this.past.moment + 1);
    return this.live.listChanges(stream, from, to < after ? to : after);
  }

  /** As they were known then. */
  async trailsOf(stream: FollowedStream, ids: Iterable<string>) {
    const trails = await this.live.trailsOf(stream, ids);
    const then = isoOf(this.past.moment);
    return new Map(
      [...trails].flatMap(([id, trail]): [string, Trail][] => {
        const known = trailAt(trail, then);
        return known ? [[id, known]] : [];
      }),
    );
  }

  async listReports(): Promise<PublishedReport[]> {
    const { moment } = this.past;
    return (await this.live.listReports()).filter(({ publishedAt }) =>
      Date.parse(publishedAt) <= moment
    );
  }

  listRuns(limit: number): Promise<SyncRun[]> {
    return this.live.runsBefore(this.past.moment, limit);
  }

  runsBefore(instant: number, limit: number): Promise<SyncRun[]> {
    return this.live.runsBefore(Math.min(instant, this.past.moment), limit);
  }

  getRun(id: string): Promise<SyncRun | null> {
    return this.live.getRun(id);
  }

  async listLeads({ limit, after, created }: LeadsQuery): Promise<LeadsPage> {
    const { rows, total, end } = (await this.leadTable())
      .select({ ...newestFirst(created), after, limit });
    return { rows, total, end };
  }

  async *eachLead(
    { created }: Pick<LeadsQuery, "created"> = {},
  ): AsyncGenerator<LeadRow> {
    yield* (await this.leadTable()).all(newestFirst(created));
  }

  async leadTable(): Promise<ColumnTable<LeadRow>> {
    const { leads } = await this.#told("leads");
    return await this.#kept(
      "leads",
      [leads],
      () => ColumnTable.from(LEAD_LIST.kinds, prospects(leads), idPart),
    );
  }

  async hotTable(): Promise<ColumnTable<HotItem>> {
    const { cycles, opportunities, leads } = await this.#told(
      "cycles",
      "opportunities",
      "leads",
    );
    return await this.#kept(
      "hot table",
      [cycles, opportunities, leads],
      async () =>
        ColumnTable.from(HOT_LIST.kinds, await this.#hotList(), idPart),
    );
  }

  async listHotList({ limit, offset }: { limit: number; offset: number }) {
    const rows = await this.#hotList();
    return {
      rows: rows.slice(offset, offset + limit),
      total: rows.length,
      hasMore: offset + limit < rows.length,
      cursor: null,
    };
  }

  async #hotList(): Promise<readonly HotItem[]> {
    const streams = await this.#told("cycles", "opportunities", "leads");
    return await this.#rows("hot list", [
      streams.cycles,
      streams.opportunities,
      streams.leads,
    ], async () => {
      const stages = buildStageModel(
        await Array.fromAsync(streams.cycles.records()),
        this.past.settings,
      );
      const hot = (await this.#opportunities()).filter((one) =>
        stages.isHot(one.contactType, one.stage)
      );
      const ids = hot.flatMap(({ clientId }) => clientId ?? []);
      const clients = await byId(streams.leads.some(ids));
      const trails = await this.trailsOf(
        "opportunities",
        hot.map(({ id }) => id),
      );
      const places = hot.flatMap((one) => {
        const client = clients.get(one.clientId ?? "") ?? null;
        const trail = trails.get(one.id);
        const followed = trail ? { ...one, trail } : one;
        return hotItemOf(followed, client, stages) ?? [];
      });
      return places.sort(byRank).map(({ item }) => item);
    });
  }

  async #opportunities(): Promise<readonly Opportunity[]> {
    const { opportunities } = await this.#told("opportunities");
    return await this.#rows(
      "opportunities",
      [opportunities],
      () => Array.fromAsync(opportunities.records()),
    );
  }

  async person(id: string, query: PersonQuery): Promise<PersonRecords | null> {
    const { moment } = this.past;
    const now = await this.live.person(id, { ...query, knownAt: moment });
    const left = now?.removedAt ?? null;
    const windowFrom = dayStart(
      addDays(this.past.day, -1),
      this.past.settings.timezone,
    );
    // What was over by then has been stored by then too; raw of the day does not hold it.
    const told = await this.#toldOf(id);
    const known = new Set(told.activities?.map((row) => row.id));
    const over = (now?.activities ?? []).filter((row) =>
      row.scheduledAt !== null && !known.has(row.id) &&
      Date.parse(row.scheduledAt) < windowFrom
    );
    const person: PersonRecords = {
      id,
      lead: null,
      removedAt: left !== null && Date.parse(left) <= moment ? left : null,
      stays: trailAt({ stays: now?.stays ?? [], at: "" }, isoOf(moment))
        ?.stays ?? [],
      opportunities: [],
      notes: now?.notes ?? [],
      noteCount: now?.noteCount ?? 0,
      cycles: [],
      ...told,
      activities: [...over, ...told.activities ?? []],
    };
    if (await this.untold(...OF_A_PERSON)) return now && person;
    const isKnown = person.lead || person.removedAt || person.noteCount > 0 ||
      person.opportunities.length > 0 || person.activities.length > 0;
    return isKnown ? person : null;
  }

  /** What raw tells of a person; nothing where it does not. */
  async #toldOf(id: string): Promise<Partial<PersonRecords>> {
    if (await this.untold(...OF_A_PERSON)) return {};
    const { cycles, leads } = await this.#told(...OF_A_PERSON);
    const [lead = null] = await Array.fromAsync(leads.some([id]));
    const opportunities = (await this.#opportunities())
      .filter(({ clientId }) => clientId === id).sort(byIdPart);
    const trails = await this.trailsOf(
      "opportunities",
      opportunities.map((one) => one.id),
    );
    return {
      lead,
      opportunities: opportunities.map((one) => ({
        ...one,
        stays: trails.get(one.id)?.stays ?? [],
      })),
      activities: (await this.#activities())
        .filter(({ contactId }) => contactId === id),
      cycles: await Array.fromAsync(cycles.records()),
    };
  }

  /** Where raw does not tell them, as they are now: what names them, a note, is as it is now too. */
  async leadsOf(ids: Iterable<string>): Promise<Map<string, Lead>> {
    if (await this.untold("leads")) return await this.live.leadsOf(ids);
    return await byId((await this.#told("leads")).leads.some(ids));
  }

  async opportunitiesOf(ids: Iterable<string>) {
    const wanted = new Set(ids);
    const found = (await this.#opportunities()).filter(({ id }) =>
      wanted.has(id)
    );
    return new Map(found.map((one) => [one.id, one]));
  }

  async *opportunities(): AsyncGenerator<Opportunity> {
    yield* await this.#opportunities();
  }

  async cycles(): Promise<SalesCycle[]> {
    return await Array.fromAsync((await this.#told("cycles")).cycles.records());
  }

  listNotes(query: NotesQuery): Promise<Page<NoteRow>> {
    return this.live.listNotes({ ...query, knownAt: this.past.moment });
  }

  eachNote(query: EachNoteQuery): AsyncGenerator<NoteRow> {
    return this.live.eachNote({ ...query, knownAt: this.past.moment });
  }

  async getNote(id: string): Promise<Note | null> {
    const note = await this.live.getNote(id);
    return note && Date.parse(note.createdAt) <= this.past.moment ? note : null;
  }

  listSchedule({ now, limit }: { now: number; limit: number }) {
    return this.#open(limit, (time) => time > now);
  }

  scheduleBetween(
    { from, to, limit }: { from: number; to: number; limit: number },
  ) {
    return this.#open(limit, (time) => from <= time && time < to);
  }

  async #open(
    limit: number,
    isInTime: (time: number) => boolean,
  ): Promise<Page<ActivityRow>> {
    const rows = (await this.#activities()).filter((row) =>
      row.scheduledAt !== null && isOpenActivity(row.status) &&
      isInTime(Date.parse(row.scheduledAt))
    );
    return {
      rows: rows.slice(0, limit),
      total: rows.length,
      hasMore: rows.length > limit,
      cursor: null,
    };
  }

  /** Soonest first; those without a date before all others. */
  async #activities(): Promise<readonly ActivityRow[]> {
    const { activities } = await this.#told("activities");
    return await this.#rows("activities", [activities], async () => {
      const rows: ActivityRow[] = [];
      for await (const activity of activities.records()) {
        rows.push(toActivityRow(activity));
      }
      return rows.sort((a, b) =>
        compareTexts(a.scheduledAt ?? "", b.scheduledAt ?? "") ||
        byIdPart(a, b)
      );
    });
  }

  async untold(...names: StreamName[]): Promise<Untold | null> {
    await this.#find(names);
    for (const name of names) {
      const stream = this.#found[name];
      if (typeof stream === "string") return stream;
    }
    return null;
  }

  /** @throws {NotFoundError} where raw does not tell them: who asks for records asks `untold()` before */
  async #told<S extends StreamName>(
    ...names: S[]
  ): Promise<{ [N in S]: DayStream<N> }> {
    const why = await this.untold(...names);
    if (why === null) return this.#found as { [N in S]: DayStream<N> };
    throw new NotFoundError(
      `Cannot read ${names.join(", ")} of ${this.past.day}: raw is ${why}`,
    );
  }

  /** Looks streams up that were not looked up before. */
  async #find(names: readonly StreamName[]): Promise<void> {
    const { activities } = this.past.sync.streams;
    if (activities?.status === "not_connected") this.#found.activities = NONE;
    const unknown = names.filter((name) => !(name in this.#found));
    if (unknown.length === 0) return;
    Object.assign(
      this.#found,
      await dayStreams(this.live, unknown, this.#at),
    );
  }

  async #rows<T>(
    list: string,
    of: readonly Versioned[],
    make: () => Promise<T[]>,
  ): Promise<readonly T[]> {
    const { rows } = await this.#kept(list, of, async () => {
      const rows = await make();
      return { rows, bytes: rows.length * BYTES_A_ROW };
    });
    return rows;
  }

  /** A past day never changes: what was made of its raw is used again as long as raw is the same. */
  #kept<T extends Sized>(
    list: string,
    of: readonly Versioned[],
    make: () => Promise<T>,
  ): Promise<T> {
    const hash = createHash("sha256");
    for (const { version } of of) hash.update(version);
    return this.live.kept(`past ${list} ${hash.digest("base64")}`, make);
  }
}

/** Of an account that serves no activities nothing is known. */
const NONE: DayStream<"activities"> = {
  version: "none",
  async *records() {},
  async *some() {},
};

type Versioned = Pick<DayStream<StreamName>, "version">;

/** What is told of a person. */
const OF_A_PERSON = [
  "cycles",
  "leads",
  "opportunities",
  "activities",
] as const;

/** About what a record takes in memory. */
const BYTES_A_ROW = 1024;

async function* prospects(
  leads: DayStream<"leads">,
): AsyncGenerator<LeadRow> {
  for await (const lead of leads.records()) {
    const row = toLeadRow(lead);
    if (row.contactType === PROSPECT) yield row;
  }
}

/** As the list of leads runs unless told: the newest first, those without a date last. */
function newestFirst(created: LeadsQuery["created"]) {
  return {
    order: { field: "createdAt", down: true } as const,
    where: created ? [createdIn<LeadRow>("createdAt", created)] : [],
  };
}

async function byId<T extends { id: string }>(
  records: AsyncIterable<T>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for await (const record of records) found.set(record.id, record);
  return found;
}

/** As the rows of the hot list are stored: by rank, then by id. */
function byRank(a: RankedHotItem, b: RankedHotItem): number {
  return a.rank === b.rank ? byIdPart(a.item, b.item) : a.rank - b.rank;
}

function byIdPart(a: { id: string }, b: { id: string }): number {
  return compareTexts(idPart(a.id), idPart(b.id));
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
