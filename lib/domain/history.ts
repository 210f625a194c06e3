import type { StreamName } from "./records.ts";
import { isProspect } from "./stages.ts";

/** The streams whose records have a history: where they stood, since when, and of what size they were. */
export const FOLLOWED_STREAMS = ["leads", "opportunities"] as const;
export type FollowedStream = typeof FOLLOWED_STREAMS[number];

/** What the history of a record follows. */
export interface Standing {
  stage: string;
  contactType: string;
  /** Integer cents; null when there is no size. Absent in changes that were kept before amounts were. */
  dealSizeCents?: number | null;
}

/** When a stay in a stage began. */
export interface StageStart {
  /** Start of the sync that saw it first, ISO 8601 UTC. */
  at: string;
  /** It may have begun earlier: the record stood there before the first snapshot that could tell. */
  atLeast: boolean;
}

/** A stay in a stage, the pair (contactType, stage). It lasts until the next one begins. */
export interface StageStay extends StageStart {
  stage: string;
  contactType: string;
}

/** What is kept with a stored record of its history. */
export interface Trail {
  /** Oldest first; the last is the current one. Of a long history the newest. */
  stays: StageStay[];
  /** When the newest change of it was seen, or when the record was stored first. ISO 8601 UTC; grows with every change. */
  at: string;
}

/**
 * A change of where a record stands, of its size, or of whether it is there. One row each:
 * of an opportunity in `stage_changes`, of a lead in `lead_stage_changes`, by time and id.
 */
export interface StandingChange {
  id: string;
  /** Null: the record arrived, or came back. */
  from: Standing | null;
  /** Null: the record left ClientTether. */
  to: Standing | null;
  /** It had left before, and came back. */
  returned?: true;
  /** When the stay in the stage that it was in began; null where there was none, or it is not known. */
  since: StageStart | null;
  /** Start of the sync that saw it, ISO 8601 UTC. */
  at: string;
  run: string;
}

/** An opportunity that went from one stage to another. */
export interface StageChange {
  opportunityId: string;
  from: string;
  to: string;
  /** Start of the sync that saw it, ISO 8601 UTC. */
  at: string;
  run: string;
}

/** A record that ClientTether no longer lists: a row of `tombstones`, by stream and id. */
export interface Tombstone {
  id: string;
  stream: StreamName;
  /** Start of the sync that found it gone, ISO 8601 UTC. */
  removedAt: string;
  run: string;
  /** Its history until then; of leads and opportunities. */
  trail?: Trail;
}

/** Whether a record of a prospect went to another stage; those of other contact types are in no figure. */
export function isStageMove(
  { from, to }: Pick<StandingChange, "from" | "to">,
): boolean {
  return from !== null && to !== null && from.stage !== to.stage &&
    (isProspect(from) || isProspect(to));
}

/** The moves from one stage to another among changes, in their order. */
export function stageChangesOf(
  changes: readonly StandingChange[],
): StageChange[] {
  return changes.filter(isStageMove).map(({ id, from, to, at, run }) => ({
    opportunityId: id,
    from: from!.stage,
    to: to!.stage,
    at,
    run,
  }));
}
