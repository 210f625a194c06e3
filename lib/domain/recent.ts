/** What can have changed between two visits. */
export const RECENT_KINDS = [
  "leads",
  "moves",
  "notes",
  "planned",
  "cancelled",
] as const;
export type RecentKind = typeof RECENT_KINDS[number];

/** How far back changes are told. */
export const RECENT_DAYS = 30;
/** The newest of each kind that the view document names. */
const NAMED = 10;
const DAY_MS = 86_400_000;

/**
 * One thing that a sync found to be new: a prospect that was not there before (`leads`), an opportunity in another
 * stage (`moves`), a note (`notes`), an activity to come (`planned`), one that was called off (`cancelled`).
 */
export interface RecentChange {
  kind: RecentKind;
  /** Of the lead, opportunity, note or activity. */
  id: string;
  /** Start of the sync that found it, ISO 8601 UTC. */
  at: string;
  /** The lead whose page tells more. */
  leadId: string | null;
  /** Whom it is about, of a note its author. */
  who: string | null;
  /** A lead's source, "from → to" of a move, how a note begins, the type of an activity. */
  what: string | null;
  /** When the lead was created, the note is dated, the activity takes place. ISO 8601 UTC. */
  when: string | null;
}

/** What one sync found to be new, in the order of {@linkcode RECENT_KINDS}. */
export interface RecentRun {
  at: string;
  counts: number[];
}

/** Row `recent` of a tenant: what syncs of the last {@linkcode RECENT_DAYS} days found to be new. */
export interface Recent {
  /** ISO 8601 UTC. */
  computedAt: string;
  /** Oldest first. */
  runs: RecentRun[];
  /** Newest first, the first ten. */
  newest: Record<RecentKind, RecentChange[]>;
}

/** The earliest sync that is told of, ISO 8601 UTC. */
export function recentFrom(computedAt: string): string {
  return new Date(Date.parse(computedAt) - RECENT_DAYS * DAY_MS).toISOString();
}

/** Sums up changes, each kind's newest first. */
export function createRecent(
  computedAt: string,
): { add(kind: RecentKind, change: RecentChange): void; result(): Recent } {
  const runs = new Map<string, number[]>();
  const newest = Object.fromEntries(
    RECENT_KINDS.map((kind) => [kind, []]),
  ) as unknown as Recent["newest"];
  return {
    add(kind, change) {
      const counts = runs.get(change.at) ?? RECENT_KINDS.map(() => 0);
      counts[RECENT_KINDS.indexOf(kind)]! += 1;
      runs.set(change.at, counts);
      if (newest[kind].length < NAMED) newest[kind].push(change);
    },
    result: () => ({
      computedAt,
      runs: [...runs].map(([at, counts]) => ({ at, counts }))
        .sort((one, other) => one.at < other.at ? -1 : 1),
      newest,
    }),
  };
}

/** What is new of one kind. */
export interface RecentGroup {
  kind: RecentKind;
  count: number;
  /** The newest of them, newest first. */
  newest: RecentChange[];
}

/**
 * What syncs found to be new that began after `since` (ISO 8601 UTC), by kind. The counts are exact; of the changes
 * the newest are named.
 */
export function recentSince(
  recent: Recent | null,
  since: string,
): RecentGroup[] {
  const runs = recent?.runs.filter(({ at }) => at > since) ?? [];
  return RECENT_KINDS.map((kind, place) => ({
    kind,
    count: runs.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0),
    newest: recent?.newest[kind].filter(({ at }) => at > since) ?? [],
  }));
}
