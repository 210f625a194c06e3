import { RECENT_DAYS } from "./recent.ts";
import type { SyncState } from "./sync_status.ts";

/** A visit is over when nothing was opened for so long. */
const VISIT_GAP_MS = 30 * 60_000;
/** How exactly it is kept when something was last opened: one write in so long, not one for each page. */
const SEEN_EVERY_MS = 5 * 60_000;

/** What somebody had seen of a workspace, and when. */
export interface SeenUntil {
  /** ISO 8601 UTC. */
  at: string;
  /** Start of the newest sync whose figures were shown, ISO 8601 UTC: what a later one brought is new. */
  seen: string;
}

/**
 * A row of `visits`, by user: where a person's visits to a workspace stand. What is new is told from the end of
 * the visit before, and stays so until this one is over.
 */
export interface VisitMark {
  /** When this visit was last gone on with, exact to five minutes, and what had been seen by then. */
  last: SeenUntil;
  /** The end of the visit before; null in the first of all. */
  before: SeenUntil | null;
  /** Signed out: whatever is opened next begins another visit. */
  ended?: true;
  /** In this visit it was said that all is known: `before` is when. */
  marked?: true;
}

/** Where a visit stands when a page is opened now; `isNew` says whether that is to be kept. */
export function goOn(
  mark: VisitMark | null,
  now: SeenUntil,
): { mark: VisitMark; isNew: boolean } {
  if (!mark) return { mark: { last: now, before: null }, isNew: true };
  const { last, before, ended, marked } = mark;
  const pause = Date.parse(now.at) - Date.parse(last.at);
  const isOver = ended || pause > VISIT_GAP_MS;
  return {
    mark: isOver
      ? { last: now, before: last }
      : { last: now, before, ...marked ? { marked } : {} },
    isNew: isOver || pause >= SEEN_EVERY_MS || now.seen > last.seen,
  };
}

/** The mark of somebody who says that all shown until `seen` is known; `seen` is never later than `now.seen`. */
export function allSeen(now: SeenUntil, seen: string): VisitMark {
  const known = seen < now.seen ? seen : now.seen;
  return { last: now, before: { at: now.at, seen: known }, marked: true };
}

/** In the first visit of all, what came in the days before it is told. */
const FIRST_VISIT_DAYS = 7;
const DAY_MS = 86_400_000;

/** What a person is told of as new, and since when. */
export interface SinceVisit {
  /** Changes of syncs that began later, ISO 8601 UTC. */
  after: string;
  /** And not later than this one: the newest whose figures are shown. */
  until: string;
  /** End of the visit before, or when all was marked as known; null in the first visit. */
  at: string | null;
  marked: boolean;
  /** The visit before was longer ago than changes are told. */
  isCut: boolean;
}

/** What is new to somebody whose visits stand like this. */
export function sinceVisit(
  mark: VisitMark | null,
  now: SeenUntil,
): SinceVisit {
  const before = mark?.before ?? null;
  const daysAgo = (days: number) =>
    new Date(Date.parse(now.at) - days * DAY_MS).toISOString();
  const earliest = daysAgo(RECENT_DAYS);
  const after = before?.seen ?? daysAgo(FIRST_VISIT_DAYS);
  const isCut = after < earliest;
  return {
    after: isCut ? earliest : after,
    until: now.seen,
    at: before?.at ?? null,
    marked: mark?.marked ?? false,
    isCut,
  };
}

/**
 * Start of the newest sync whose figures are shown by now. One that is under way shows its figures when it ends.
 * The beginning of time where there was none.
 */
export function seenBy(
  { status, startedAt }: Pick<SyncState, "status" | "startedAt">,
): string {
  const started = startedAt === null ? 0 : Date.parse(startedAt);
  return new Date(status === "running" ? started - 1 : started).toISOString();
}
