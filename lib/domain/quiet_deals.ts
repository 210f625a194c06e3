import { compareText } from "./_compare.ts";
import type { Deal } from "./deals.ts";
import { daysInStage } from "./days_in_stage.ts";
import type { StageStart } from "./history.ts";
import { isCancelledActivity, isOpenActivity } from "./schedule.ts";
import type { ActivityRow } from "./views.ts";

/** A deal of the pipeline is without activity after more days than these, unless something is scheduled. */
export const QUIET_DAYS = 14;

/**
 * What counts as activity on a deal: that it was created, that it moved to the stage in which it stands, a note about
 * its person, an activity with that person which was not called off.
 */
export type ActivitySign = "created" | "moved" | "note" | "scheduled";

/** The newest sign of activity on a deal. */
export interface LastActivity {
  sign: ActivitySign;
  /** ISO 8601 UTC. */
  at: string;
}

/** What is known of a deal and of its person. */
export interface DealSigns {
  createdAt: string | null;
  /** When it entered its stage; a stay that may have begun earlier says nothing of when. */
  since: StageStart | null;
  /** When the last note about its person is dated, ISO 8601 UTC. */
  lastNoteAt: string | null;
  /** Of its person, in no order. */
  activities: readonly Pick<ActivityRow, "scheduledAt" | "status">[];
}

/** When something was done about a deal last; null where nothing is known. */
export function lastActivityOf(
  { createdAt, since, lastNoteAt, activities }: DealSigns,
  now: number,
): LastActivity | null {
  const held = activities.filter(({ scheduledAt, status }) =>
    scheduledAt !== null && Date.parse(scheduledAt) <= now &&
    !isCancelledActivity(status)
  );
  const signs: [ActivitySign, string | null][] = [
    ["created", createdAt],
    ["moved", since && !since.atLeast ? since.at : null],
    ["note", lastNoteAt],
    ...held.map(({ scheduledAt }): [ActivitySign, string | null] => [
      "scheduled",
      scheduledAt,
    ]),
  ];
  let last: LastActivity | null = null;
  for (const [sign, at] of signs) {
    if (at !== null && (last === null || at >= last.at)) last = { sign, at };
  }
  return last;
}

/** Whether an activity with the deal's person is still to come, by the rule of the schedule. */
export function hasActivityAhead(
  { activities }: Pick<DealSigns, "activities">,
  now: number,
): boolean {
  return activities.some(({ scheduledAt, status }) =>
    scheduledAt !== null && Date.parse(scheduledAt) > now &&
    isOpenActivity(status)
  );
}

/** A deal of the pipeline without activity. */
export interface QuietDeal extends Deal {
  last: LastActivity | null;
  /** Midnights of the tenant's zone since then; null where nothing is known. */
  days: number | null;
}

/** By when activity is judged. */
export interface JudgedBy {
  /** Epoch milliseconds: what is scheduled later is still to come. */
  now: number;
  /** YYYY-MM-DD of the last update in the tenant's zone: days are counted to it. */
  day: string;
  timezone: string;
}

/** The deal where it is in the pipeline and without activity, else null. */
export function quietDealOf(
  deal: Deal,
  signs: DealSigns,
  { now, day, timezone }: JudgedBy,
): QuietDeal | null {
  if (deal.standing !== "pipeline" || hasActivityAhead(signs, now)) return null;
  const last = lastActivityOf(signs, now);
  const days = last &&
    daysInStage({ at: last.at, atLeast: false }, day, timezone).days;
  return days !== null && days <= QUIET_DAYS ? null : { ...deal, last, days };
}

/** What places a deal among those without activity. */
export interface QuietPlace {
  id: string;
  last: Pick<LastActivity, "at"> | null;
}

/** The longest without activity first, before them those of which nothing is known; then by id. */
export function compareQuiet(a: QuietPlace, b: QuietPlace): number {
  return compareText(a.last?.at ?? "", b.last?.at ?? "") ||
    compareText(a.id, b.id);
}
