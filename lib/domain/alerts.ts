import { freshness } from "./freshness.ts";
import type { SyncState } from "./sync_status.ts";

/** What can be wrong with a tenant's data, the worst first. */
export const TROUBLES = ["key_refused", "failing", "stale"] as const;
export type Trouble = typeof TROUBLES[number];

/** Failed runs in a row from which on a tenant is failing. */
export const FAILING_RUNS = 3;

/** What is to be told of a tenant and has not been taken by the webhook. Times are ISO 8601 UTC. */
export interface AlertMessage {
  event: "trouble" | "recovered";
  troubles: Trouble[];
  /** How often it was sent; a try that has begun counts. */
  tries: number;
  /** Not before this. */
  nextAt: string;
  /** Why the latest try failed, in words without an address; null before the first. */
  error: string | null;
  /** It is not tried any more; null while it is. */
  gaveUpAt: string | null;
}

/** Row `alert` of a tenant: stands while a tenant is in trouble, or somebody is still to be told that it is no longer. */
export interface AlertState {
  /** When the trouble was found, ISO 8601 UTC. */
  since: string;
  /** What the webhook has taken: it is not told again before the tenant has recovered. */
  told: Trouble[];
  message: AlertMessage | null;
}

/**
 * What is wrong with a tenant that is to be synced.
 *
 * @param since of one that never had a complete sync: when the waiting for it began, ISO 8601 UTC
 * @param now epoch milliseconds
 */
export function troublesOf(
  sync: SyncState,
  since: string,
  now: number,
): Trouble[] {
  const holds: Record<Trouble, boolean> = {
    key_refused: Object.values(sync.streams).some(({ status }) =>
      status === "refused"
    ),
    failing: (sync.lastRun?.failuresInRow ?? 0) >= FAILING_RUNS,
    stale: freshness(sync.lastSyncAt ?? since, now).isStale,
  };
  return TROUBLES.filter((trouble) => holds[trouble]);
}

/**
 * What is to be told after a look at a tenant. In one spell of trouble each of its kinds is told once, and its end is.
 * What was never told and is over is told as over.
 *
 * @param at the time of the look, ISO 8601 UTC
 * @returns `before` itself where nothing changes; null: nothing is wrong and nothing is to be told
 */
export function judgeAlert(
  before: AlertState | null,
  troubles: readonly Trouble[],
  at: string,
): AlertState | null {
  if (troubles.length === 0) return before && recovering(before, at);
  const { since, told, message } = before ?? nothingTold(at);
  const pending = message?.event === "trouble" ? message.troubles : [];
  const known = union(told, pending);
  const fresh = troubles.filter((trouble) => !known.includes(trouble));
  if (fresh.length > 0) {
    const all = union(pending, fresh);
    return { since, told, message: newMessage("trouble", all, at) };
  }
  // The end of the trouble was not told, and is no longer true.
  return message?.event === "recovered"
    ? { since, told, message: null }
    : before;
}

function nothingTold(since: string): AlertState {
  return { since, told: [], message: null };
}

function recovering(before: AlertState, at: string): AlertState | null {
  const { told, message } = before;
  if (message?.event === "recovered") return before;
  const troubles = union(told, message?.troubles ?? []);
  if (troubles.length === 0) return null;
  return { ...before, message: newMessage("recovered", troubles, at) };
}

function newMessage(
  event: AlertMessage["event"],
  troubles: Trouble[],
  nextAt: string,
): AlertMessage {
  return { event, troubles, tries: 0, nextAt, error: null, gaveUpAt: null };
}

function union(a: readonly Trouble[], b: readonly Trouble[]): Trouble[] {
  return TROUBLES.filter((one) => a.includes(one) || b.includes(one));
}

const MINUTE_MS = 60_000;
/** Tries of a message: the last one some six hours after the first. */
export const ALERT_TRIES = 10;

/** Whether a message is to be sent now; `now` in epoch milliseconds. */
export function isAlertDue(
  { message }: AlertState,
  now: number,
): boolean {
  return message !== null && message.gaveUpAt === null &&
    Date.parse(message.nextAt) <= now;
}

/**
 * The state while a message is on its way: whoever has put it in place sends it, and nobody else until the time of the
 * next try has come. The time doubles up to an hour, and is a minute less than so many ticks of five minutes.
 */
export function claimAlert(state: AlertState, now: number): AlertState {
  if (!state.message) return state;
  const tries = state.message.tries + 1;
  const minutes = Math.min(5 * 2 ** (tries - 1), 60) - 1;
  const nextAt = new Date(now + minutes * MINUTE_MS).toISOString();
  return { ...state, message: { ...state.message, tries, nextAt } };
}

/** The state after the webhook has taken the message; null after the end of the trouble was told. */
export function alertTaken({ since, told, message }: AlertState) {
  if (message?.event === "recovered") return null;
  return {
    since,
    told: union(told, message?.troubles ?? []),
    message: null,
  } satisfies AlertState;
}

/** The state after a try failed; after the last one the message stays, and is not tried again. */
export function alertFailed(
  state: AlertState,
  error: string,
  at: string,
): AlertState {
  if (!state.message) return state;
  const gaveUpAt = state.message.tries >= ALERT_TRIES ? at : null;
  return { ...state, message: { ...state.message, error, gaveUpAt } };
}
