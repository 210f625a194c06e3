import {
  type Activity,
  candidateName,
  createRecent,
  type FollowedStream,
  isCancelledActivity,
  isOpenActivity,
  isStageMove,
  type Lead,
  nameOf,
  type Note,
  type Opportunity,
  previewUtf8,
  PROSPECT,
  type Recent,
  RECENT_DAYS,
  RECENT_KINDS,
  type RecentChange,
  recentFrom,
  type RecentKind,
  type StageChange,
  type StandingChange,
  type StreamName,
  UNNAMED,
} from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import type { Row } from "./_records.ts";
import { standingChange } from "./_standing_change.ts";
import { kvOf, type Store } from "./_store.ts";
import { idPart, type Key, type TenantKeys, tenantKeys } from "./keys.ts";

/** How much of a note a change shows. */
const WORDS_BYTES = 160;
const DAY_MS = 86_400_000;

/** What the sync knows that sees a change. */
export interface NewsOptions {
  /** When the sync sees it, ISO 8601 UTC. */
  at: string;
  /** When the stream was last read whole before; null or missing: what comes is not news. */
  lastSnapshotAt?: string | null;
  /** Activities from this time on (ISO 8601 UTC) lay too far ahead to be read so far. */
  readUntil?: string | null;
}

/** Rows of changes that a note or an activity brings; those of leads and opportunities stand in their history. */
export function newsOf(
  k: TenantKeys,
  stream: StreamName,
  { before, after, returned }: {
    before: object | null;
    after: object | null;
    /** It had left before. */
    returned: boolean;
  },
  options: NewsOptions,
): Row[] {
  if (!options.lastSnapshotAt || returned) return [];
  const change = MAKERS[stream]?.(before, after, options);
  if (!change) return [];
  return [{ key: k.arrival(change.kind, change.at, change.id), value: change }];
}

type Maker = (
  before: object | null,
  after: object | null,
  options: NewsOptions,
) => RecentChange | null;

const MAKERS: Partial<Record<StreamName, Maker>> = {
  notes: (before, after, { at }) =>
    before || !after ? null : noteChange(after as Note, at),
  activities: (before, after, options) =>
    activityChange(
      before as Activity | null,
      after as Activity | null,
      options,
    ),
};

/** An old note that is read for the first time, since its contact is, is no news. */
function noteChange(
  { id, contactId, author, noteDate, content }: Note,
  at: string,
): RecentChange | null {
  const age = Date.parse(at) - Date.parse(noteDate ?? at);
  if (age > RECENT_DAYS * DAY_MS) return null;
  const what = content === null
    ? null
    : previewUtf8(content.replaceAll(/\s+/g, " ").trim(), WORDS_BYTES).text;
  return {
    kind: "notes",
    id,
    at,
    leadId: contactId,
    who: author,
    what,
    when: noteDate,
  };
}

function activityChange(
  before: Activity | null,
  after: Activity | null,
  { at, readUntil }: NewsOptions,
): RecentChange | null {
  const { id, contactId, contactName, activityType, scheduledAt } =
    (after ?? before)!;
  const wasOpen = before !== null && isOpenActivity(before.status);
  const isToCome = scheduledAt === null || scheduledAt > at;
  const wasTooFar = readUntil && scheduledAt && scheduledAt >= readUntil;
  const isPlanned = !before && after && isOpenActivity(after.status) &&
    isToCome && !wasTooFar;
  const isCancelled = wasOpen &&
    (after ? isCancelledActivity(after.status) : isToCome);
  const kind = isPlanned ? "planned" : isCancelled ? "cancelled" : null;
  return kind && {
    kind,
    id,
    at,
    leadId: contactId,
    who: contactName,
    what: activityType,
    when: scheduledAt,
  };
}

/** A row of changes. */
export interface ChangeRow {
  key: Key;
  change: RecentChange;
}

/**
 * Changes of one kind that syncs found which began after `after` and not after `until` (ISO 8601 UTC), newest first.
 * Those of leads and opportunities are without a name: {@linkcode named} looks it up.
 */
export async function* changeRows(
  port: KvPort,
  k: TenantKeys,
  kind: RecentKind,
  { after, until }: { after: string; until: string },
): AsyncGenerator<ChangeRow> {
  // Where no sync has come since, the database would refuse a range that ends before it starts.
  if (until <= after) return;
  const stream = FOLLOWED[kind];
  const prefix = stream ? k.standingChanges(stream) : k.arrivals(kind);
  const next = (iso: string) => new Date(Date.parse(iso) + 1).toISOString();
  const range = {
    start: [...prefix, next(after)],
    end: [...prefix, next(until)],
  };
  const rows = port.list<RecentChange | StandingChange | StageChange>(range, {
    reverse: true,
  });
  for await (const { key, value } of rows) {
    const change = "kind" in value
      ? value
      : ofHistory(kind, standingChange(value));
    if (change) yield { key, change };
  }
}

/** The kinds that stand in the history of a stream. */
const FOLLOWED: Partial<Record<RecentKind, FollowedStream>> = {
  leads: "leads",
  moves: "opportunities",
};

function ofHistory(
  kind: RecentKind,
  change: StandingChange,
): RecentChange | null {
  const { id, from, to, returned, at } = change;
  const unnamed = { kind, id, at, leadId: null, who: null, when: null };
  if (kind === "leads") {
    const arrived = !from && !returned && to?.contactType === PROSPECT;
    return arrived ? { ...unnamed, leadId: id, what: null } : null;
  }
  return isStageMove(change)
    ? { ...unnamed, what: `${from!.stage} → ${to!.stage}` }
    : null;
}

/**
 * The changes of leads and opportunities with their names, as they are now. One read, and a second one where an
 * opportunity has no name of its own and goes by its client's.
 */
export async function named(
  port: KvPort,
  k: TenantKeys,
  changes: readonly RecentChange[],
): Promise<RecentChange[]> {
  const ids = (kind: RecentKind) =>
    changes.flatMap((change) => change.kind === kind ? [change.id] : []);
  const leads = await byId<Lead>(port, ids("leads"), k.lead);
  const deals = await byId<Opportunity>(port, ids("moves"), k.opportunity);
  const clients = await byId<Lead>(
    port,
    [...deals.values()].flatMap((deal) =>
      nameOf(deal) === UNNAMED ? deal.clientId ?? [] : []
    ),
    k.lead,
  );
  return changes.map((change) => {
    const lead = change.kind === "leads" ? leads.get(change.id) : undefined;
    if (lead) {
      const { source, createdAt } = lead;
      return { ...change, who: nameOf(lead), what: source, when: createdAt };
    }
    const deal = change.kind === "moves" ? deals.get(change.id) : undefined;
    if (!deal) return change;
    const client = clients.get(deal.clientId ?? "") ?? null;
    return {
      ...change,
      who: candidateName(deal, client),
      leadId: deal.clientId,
    };
  });
}

/** The records that there are of these ids. */
async function byId<T>(
  port: KvPort,
  ids: readonly string[],
  keyOf: (id: string) => Key,
): Promise<Map<string, T>> {
  if (ids.length === 0) return new Map();
  const found = await port.getMany<T>(ids.map((id) => keyOf(id)));
  return new Map(
    found.flatMap(({ value }, at): [string, T][] =>
      value === null ? [] : [[ids[at]!, value]]
    ),
  );
}

/** What syncs of the last days found to be new, as it stands in the rows. */
export async function readRecent(
  port: KvPort,
  k: TenantKeys,
  computedAt: string,
): Promise<Recent> {
  const recent = createRecent(computedAt);
  const range = { after: recentFrom(computedAt), until: computedAt };
  for (const kind of RECENT_KINDS) {
    for await (const { change } of changeRows(port, k, kind, range)) {
      recent.add(kind, change);
    }
  }
  const { newest, ...result } = recent.result();
  const [leads, moves] = await Promise.all([
    named(port, k, newest.leads),
    named(port, k, newest.moves),
  ]);
  return { ...result, newest: { ...newest, leads, moves } };
}

/** The keys of all changes that are kept of these records. */
export async function arrivalKeys(
  port: KvPort,
  k: TenantKeys,
  ids: Partial<Record<StreamName, string[]>>,
): Promise<Key[]> {
  const wanted = new Set(
    [...ids.notes ?? [], ...ids.activities ?? []],
  );
  const keys: Key[] = [];
  for await (
    const { key, value } of port.list<RecentChange>({
      prefix: k.arrivals(),
    })
  ) {
    const { leadId } = value;
    const isOwn = leadId !== null && ids.leads?.includes(idPart(leadId));
    if (isOwn || wanted.has(String(key.at(-1)))) keys.push(key);
  }
  return keys;
}

/** The same of a tenant, whatever its status. */
export function recomputeRecent(
  store: Store,
  tenantId: string,
  computedAt: string,
): Promise<Recent> {
  return readRecent(kvOf(store), tenantKeys(tenantId), computedAt);
}
