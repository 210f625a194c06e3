import type { Recent, RecentChange, RecentKind } from "../../domain/mod.ts";
import { decodeCursor } from "../_cursor.ts";
import { changeRows, named } from "../_recent.ts";
import type { Key } from "../keys.ts";
import { cursorAt, FOREVER, isBefore } from "./_dated.ts";
import type { Opened } from "./opened.ts";
import { readDocs } from "../_read.ts";
import type { Page } from "./page.ts";

/** Rows of one kind that a page marks as new. */
const MOST_IDS = 1000;

/** Changes that syncs found which began after `after` and not after `until`, ISO 8601 UTC. */
export interface RecentQuery {
  kind: RecentKind;
  after: string;
  until: string;
  limit: number;
  cursor?: string;
}

/** What syncs of the last days found to be new of a tenant. */
export interface RecentReader {
  /** What syncs of the last days found to be new, summed up; null before the first. One read. */
  recent(): Promise<Recent | null>;
  /** Changes of one kind, newest first. Two reads at most. */
  listRecent(query: RecentQuery): Promise<Page<RecentChange>>;
  /** Ids of what of one kind is new since (ISO 8601 UTC), the newest thousand. One read. */
  recentIds(kind: RecentKind, after: string): Promise<Set<string>>;
}

/** Reads them under the keys of an opened tenant. */
export function recentReader(at: Opened): RecentReader {
  return {
    recent: async () => {
      const [recent] = await readDocs(at.port, [at.k.recent()]);
      return recent as Recent | null;
    },
    listRecent: (query) => listRecent(at, query),
    recentIds: (kind, after) => recentIds(at, kind, after),
  };
}

async function listRecent(
  { port, k }: Opened,
  { kind, limit, cursor, ...range }: RecentQuery,
): Promise<Page<RecentChange>> {
  const after = cursor === undefined ? null : decodeCursor(cursor);
  const rows: RecentChange[] = [];
  let total = 0;
  let last: Key | null = null;
  let hasMore = false;
  for await (const { key, change } of changeRows(port, k, kind, range)) {
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
    rows: await named(port, k, rows),
    total,
    hasMore,
    cursor: hasMore && last ? cursorAt(last) : null,
  };
}

async function recentIds(
  { port, k }: Opened,
  kind: RecentKind,
  after: string,
): Promise<Set<string>> {
  const ids = new Set<string>();
  const rows = changeRows(port, k, kind, { after, until: FOREVER });
  for await (const { change } of rows) {
    ids.add(change.id);
    if (ids.size === MOST_IDS) break;
  }
  return ids;
}
