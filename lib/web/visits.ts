import type { Context } from "fresh";
import {
  type Clock,
  goOn,
  isoNow,
  type RecentKind,
  seenBy,
  type SeenUntil,
  type SinceVisit,
  sinceVisit,
  type VisitMark,
} from "../domain/mod.ts";
import { keepVisit, type Store } from "../store/mod.ts";
import { later } from "./later.ts";
import type {
  ReadingState,
  Services,
  State,
  Workspace,
  WorkspaceState,
} from "./state.ts";

/** This moment, and what a page that is made now shows. */
export function seenNow(
  { sync }: Pick<Workspace, "sync">,
  clock: Clock,
): SeenUntil {
  return { at: isoNow(clock), seen: seenBy(sync) };
}

/** What is new to the user of this workspace since their last visit. */
export function newSince(workspace: Workspace, clock: Clock): SinceVisit {
  return sinceVisit(workspace.visit, seenNow(workspace, clock));
}

/**
 * Whether something that a sync found which began at this time (ISO 8601 UTC) came since the user's last visit, for
 * marks in a list that holds these times. Nothing did in the first visit, where everything would be marked, nor on an
 * earlier day. No read.
 */
export function newToReader(
  { workspace, services, travel }: Pick<
    WorkspaceState,
    "workspace" | "services" | "travel"
  >,
): (at: string) => boolean {
  const { at, after } = newSince(workspace, services.clock);
  const tells = at !== null && !travel?.past;
  return (found) => tells && found > after;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Ids of what of one kind came since the user's last visit, for marks in a list; none in the first visit, where
 * everything would be marked. One read at most.
 */
export async function newIds(
  workspace: Workspace,
  clock: Clock,
  kind: RecentKind,
): Promise<ReadonlySet<string>> {
  const { at, after } = newSince(workspace, clock);
  return at === null ? NOTHING : await workspace.store.recentIds(kind, after);
}

/**
 * Goes on with the user's visit to the workspace, or begins one. Only what a person opens counts: not what a page
 * fetches by itself, what a browser fetches in advance, or a program asks for. It is kept after the answer, once in
 * some minutes.
 */
export function countVisit(
  { req, state: { services } }: Context<State>,
  userId: string,
  workspace: Workspace,
): void {
  if (isOpenedByPerson(req)) goOnWithVisit(services, userId, workspace);
}

/**
 * The same for a page that the browser had fetched in advance: the page says itself that it is open, with its first
 * question about the syncs. No other site can have a browser send this header.
 */
export function countOpenedAhead(
  { req, state: { services, user, workspace } }: Context<ReadingState>,
): void {
  if (user && req.headers.get("x-opened") === "ahead") {
    goOnWithVisit(services, user.id, workspace);
  }
}

function goOnWithVisit(
  services: Services,
  userId: string,
  workspace: Workspace,
): void {
  const now = seenNow(workspace, services.clock);
  const { mark, isNew } = goOn(workspace.visit, now);
  workspace.visit = mark;
  if (!isNew) return;
  const { store } = services;
  const { id } = workspace.tenant;
  const marks = marksOf(store);
  forgetOld(marks, services.clock.now());
  const known: KnownMark = { mark, keptAt: null };
  marks.set(nameOf(id, userId), known);
  later(services, "keep a visit", async () => {
    try {
      await keepVisit(store, id, userId, mark);
    } finally {
      known.keptAt = services.clock.now();
    }
  });
}

/** A mark that this process has made, and when the database had it (epoch milliseconds); null before. */
interface KnownMark {
  mark: VisitMark;
  keptAt: number | null;
}

/** Longer than a request takes from its read to its visit. */
const KNOWN_MS = 5_000;

/**
 * Marks on their way to the database, and just arrived: who opens two pages at once would not find the first one's
 * there yet, or has read before it came.
 */
const knownMarks = new WeakMap<Store, Map<string, KnownMark>>();

function marksOf(store: Store): Map<string, KnownMark> {
  let marks = knownMarks.get(store);
  if (!marks) knownMarks.set(store, marks = new Map());
  return marks;
}

function forgetOld(marks: Map<string, KnownMark>, now: number): void {
  for (const [name, { keptAt }] of marks) {
    if (keptAt !== null && now - keptAt > KNOWN_MS) marks.delete(name);
  }
}

/** Where the visits of a user stand: as the database has it, or as it is about to. */
export function visitNow(
  { store, clock }: Pick<Services, "store" | "clock">,
  { tenant, visit }: Pick<Workspace, "tenant" | "visit">,
  userId: string,
): VisitMark | null {
  const known = marksOf(store).get(nameOf(tenant.id, userId));
  if (!known) return visit;
  const { mark, keptAt } = known;
  if (keptAt === null) return mark;
  const isOld = clock.now() - keptAt > KNOWN_MS;
  return isOld || (visit && visit.last.at >= mark.last.at) ? visit : mark;
}

function nameOf(tenantId: string, userId: string): string {
  return `${tenantId} ${userId}`;
}

function isOpenedByPerson({ method, headers }: Request): boolean {
  return method === "GET" && headers.get("sec-fetch-dest") === "document" &&
    !headers.has("sec-purpose");
}
